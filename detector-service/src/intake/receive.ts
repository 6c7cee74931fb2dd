import { randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { HeldMedia } from '../verdict/types.js';
import { MEDIA_LIMITS, type MediaLimits } from './limits.js';
import { measureMedia } from './measure.js';

/**
 * Writes a stream to a new file of `folder` and hashes it on the way. The file belongs to the caller, who removes it; when this throws
 * (too long, empty, aborted, disk full) nothing is left behind. The name is random: nothing the sender says reaches the file system.
 *
 * @throws MediaRefusedError `media.too_large` or `media.empty`
 */
export async function receiveMedia(
  source: Readable,
  folder: string,
  options: { readonly limits?: Pick<MediaLimits, 'maxBytes'>; readonly signal?: AbortSignal } = {},
): Promise<HeldMedia> {
  const { maxBytes } = options.limits ?? MEDIA_LIMITS;
  const path = join(folder, `${randomUUID()}.held`);
  const measure = measureMedia(maxBytes);

  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Opened before the stream starts: a stream that fails while it opens its file could create it after the clean-up.
  const file = await open(path, 'wx', 0o600);
  try {
    await pipeline(source, measure.stream, file.createWriteStream(), {
      ...(options.signal && { signal: options.signal }),
    });
    return { path, ...measure.result() };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}
