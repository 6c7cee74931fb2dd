import { readFile } from 'node:fs/promises';

import { serveParent } from '../../inference/child-server.js';
import { decode, decodeDamaged, readHeader, type Pixels } from '../../intake/image.js';
import { findFfmpeg, type Ffmpeg } from '../../intake/ffmpeg.js';
import type { MediaLimits } from '../../intake/limits.js';
import { sniffFile } from '../../intake/sniff-file.js';
import type { SniffedType } from '../../intake/sniff.js';
import { lawOf } from './law.js';
import { isDocumentVariant, makeDocumentVariant } from './document-variants.js';
import { PICTURE_RECIPES } from './picture-variants.js';
import { isSoundVariant, makeSoundVariant } from './sound-variants.js';
import { VARIANTS, type VariantName } from './catalogue.js';
import { isVideoVariant, makeVideoVariant } from './video-variants.js';

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
  /** Name or path of ffmpeg, `off` for none. */
  readonly ffmpeg: string;
}

serveParent(async (setup) => {
  // Both sides of this channel are this program: the pool sends exactly what the maker built.
  const { limits, ffmpeg: program } = setup as VariantSetup;
  const ffmpeg = await findFfmpeg(program);
  return (request) => makeAll(request as VariantRequest, limits, ffmpeg);
});

async function makeAll(
  request: VariantRequest,
  limits: MediaLimits,
  ffmpeg: Ffmpeg | null,
): Promise<readonly MadeVariant[]> {
  const type = await sniffFile(request.path, request.sizeBytes);
  const pixels = type.family === 'image' ? await decodeFile(request, type, limits) : null;
  const made: MadeVariant[] = [];
  for (const variant of request.variants) {
    made.push(await makeOne(variant, request, { type, pixels, ffmpeg }));
  }
  return made;
}

async function makeOne(
  variant: VariantName,
  { path, sizeBytes, sha256, seed }: VariantRequest,
  { type, pixels, ffmpeg }: Opened,
): Promise<MadeVariant> {
  const { family, mediaType } = type;
  if (variant === 'original') return { variant, bytes: await readFile(path) };
  const families: readonly string[] = VARIANTS[variant].families;
  if (!families.includes(family)) {
    return { variant, reason: `made of ${families.join(' or ')}, not of ${family}` };
  }
  const law = lawOf(sha256, seed);
  const source = { path, sizeBytes, mediaType };
  if (isSoundVariant(variant)) {
    return { variant, ...(await makeSoundVariant(source, variant, ffmpeg)) };
  }
  if (family === 'video' && isVideoVariant(variant)) {
    return { variant, ...(await makeVideoVariant(source, variant, law, ffmpeg)) };
  }
  if (family === 'document' && isDocumentVariant(variant)) {
    return { variant, ...(await makeDocumentVariant(source, variant)) };
  }
  if (!isPictureVariant(variant) || !pixels) return { variant, reason: 'cannot be decoded' };
  const bytes = await PICTURE_RECIPES[variant](pixels, law);
  return bytes ? { variant, bytes } : { variant, reason: 'too small' };
}

/** What is known of a file before its variants are made. */
interface Opened {
  readonly type: SniffedType;
  readonly pixels: Pixels | null;
  readonly ffmpeg: Ffmpeg | null;
}

function isPictureVariant(name: VariantName): name is keyof typeof PICTURE_RECIPES {
  return Object.hasOwn(PICTURE_RECIPES, name);
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
