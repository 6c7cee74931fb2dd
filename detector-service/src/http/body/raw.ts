/** Body form (a): the media itself, with its context in a header. */
import type { Request } from 'express';

import { holdMedia } from '../../store/hold.js';
import type { Vault } from '../../store/vault.js';
import { contextFromHeader, withDeclaredType } from './context.js';
import type { Received } from './received.js';
import { bodyStream } from './stream.js';

export async function receiveRaw(
  request: Request,
  vault: Vault,
  maxBytes: number,
): Promise<Received> {
  const context = withDeclaredType(
    contextFromHeader(request.get('MediaGuard-Context')),
    request.get('Content-Type'),
  );
  const media = await holdMedia(vault, bodyStream(request), maxBytes);
  return { context, source: { type: 'upload' }, media };
}
