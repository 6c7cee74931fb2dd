import { readFile } from 'node:fs/promises';

import { serveParent } from '../../inference/child-server.js';
import { decode, decodeDamaged, readHeader, type Pixels } from '../../intake/image.js';
import type { MediaLimits } from '../../intake/limits.js';
import { sniffFile } from '../../intake/sniff-file.js';
import type { SniffedType } from '../../intake/sniff.js';
import { lawOf } from './law.js';
import { PICTURE_RECIPES } from './picture-variants.js';
import { isSoundVariant, makeSoundVariant } from './sound-variants.js';
import type { VariantName } from './catalogue.js';

export interface VariantRequest {
  readonly path: string;
  readonly sizeBytes: number;
  /** Of the original bytes; decides quality and place. */
  readonly sha256: string;
  readonly seed: number;
  readonly variants: readonly VariantName[];
}

/** The bytes of one variant, or why it was not made. */
export type MadeVariant =
  | { readonly variant: VariantName; readonly bytes: Buffer }
  | { readonly variant: VariantName; readonly reason: string };

export interface VariantSetup {
  readonly limits: MediaLimits;
}

serveParent((setup) => {
  // Both sides of this channel are this program: the pool sends exactly what the maker built.
  const { limits } = setup as VariantSetup;
  return Promise.resolve((request) => makeAll(request as VariantRequest, limits));
});

async function makeAll(
  request: VariantRequest,
  limits: MediaLimits,
): Promise<readonly MadeVariant[]> {
  const type = await sniffFile(request.path, request.sizeBytes);
  const pixels = type.family === 'image' ? await decodeFile(request, type, limits) : null;
  const made: MadeVariant[] = [];
  for (const variant of request.variants) {
    made.push(await makeOne(variant, request, type, pixels));
  }
  return made;
}

async function makeOne(
  variant: VariantName,
  { path, sha256, seed }: VariantRequest,
  { family }: SniffedType,
  pixels: Pixels | null,
): Promise<MadeVariant> {
  if (isSoundVariant(variant)) {
    if (family !== 'audio') return { variant, reason: `made of sound, not of ${family}` };
    return { variant, ...(await makeSoundVariant(path, variant)) };
  }
  if (variant === 'original') return { variant, bytes: await readFile(path) };
  if (!pixels) {
    const reason = family === 'image' ? 'cannot be decoded' : `made of pictures, not of ${family}`;
    return { variant, reason };
  }
  const bytes = await PICTURE_RECIPES[variant](pixels, lawOf(sha256, seed));
  return bytes ? { variant, bytes } : { variant, reason: 'too small' };
}

async function decodeFile(
  { path, sizeBytes }: VariantRequest,
  { mediaType }: SniffedType,
  limits: MediaLimits,
): Promise<Pixels | null> {
  if (sizeBytes > limits.maxProvenanceBytes) return null;
  const bytes = await readFile(path);
  const header = await readHeader(bytes, mediaType, limits);
  if (!header) return null;
  return decode(bytes, header, limits).catch(() => decodeDamaged(bytes, header, limits));
}
