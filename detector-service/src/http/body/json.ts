/** Body form (c): JSON that names a record to pull the bytes from, or carries them in base64. */
import { Readable } from 'node:stream';
import type { Request } from 'express';

import type { SalesforceOrgs } from '../../salesforce/orgs.js';
import { holdMedia } from '../../store/hold.js';
import type { Vault } from '../../store/vault.js';
import { callerOf } from '../auth.js';
import { sourceRequestSchema, toContext } from '../schemas/verification.js';
import { parseInput } from '../validation.js';
import type { Received } from './received.js';

/** The body has been parsed already, within the limit for inline media. */
export async function receiveJson(
  request: Request,
  vault: Vault,
  maxBytes: number,
  orgs: SalesforceOrgs,
): Promise<Received> {
  const input = parseInput(sourceRequestSchema, request.body, 'body');
  const { source } = input;
  const context = toContext(input.context ?? {});
  if (source.type === 'salesforce') {
    const org = orgs.choose(callerOf(request).tenantId, source.orgId);
    const { contentVersionId } = source;
    return {
      context: { externalId: contentVersionId, ...context },
      source: { type: 'salesforce', orgId: org.orgId, contentVersionId },
    };
  }
  const bytes = Buffer.from(source.base64, 'base64');
  const media = await holdMedia(vault, Readable.from([bytes]), maxBytes);
  return { context, source: { type: 'upload' }, media };
}
