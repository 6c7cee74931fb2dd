/** Bytes into the vault, hashed and bounded on their way. */
import type { Readable } from 'node:stream';

import { measureMedia } from '../intake/measure.js';
import type { StoredMedia } from './records.js';
import type { Vault } from './vault.js';

/**
 * Resolves once the bytes are safe on disk. When it rejects nothing is kept and the source is destroyed.
 *
 * @throws MediaRefusedError `media.too_large` or `media.empty`
 */
export async function holdMedia(
  vault: Vault,
  source: Readable,
  maxBytes: number,
): Promise<StoredMedia> {
  const measure = measureMedia(maxBytes);
  const blobId = await vault.write(source, measure.stream);
  try {
    return { blobId, ...measure.result() };
  } catch (error) {
    await vault.remove(blobId);
    throw error;
  }
}
