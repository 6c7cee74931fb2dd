import { decode, greySquare, quarterTurn, readHeader, type Pixels } from '../intake/image.js';
import type { MediaLimits } from '../intake/limits.js';
import { HASH_SQUARE, hashDistance, perceptualHash } from '../intake/perceptual-hash.js';

/**
 * How far the embedded thumbnail is from the picture, in differing bits of 64. Cameras embed thumbnails unturned, and often with bars above and below, so the nearest of
 * all turns and croppings counts.
 *
 * @returns null where the thumbnail cannot be decoded
 */
export async function thumbnailDistance(
  thumbnail: Buffer,
  picture: Pixels,
  limits: MediaLimits,
): Promise<number | null> {
  const small = await decoded(thumbnail, limits);
  if (!small) return null;
  const whole = await hashOf(picture);
  let nearest = Number.POSITIVE_INFINITY;
  for (let turned = small, turns = 0; turns < 4; turns += 1) {
    for (const candidate of [turned, cropped(turned, picture.width / picture.height)]) {
      nearest = Math.min(nearest, hashDistance(whole, await hashOf(candidate)));
    }
    turned = await quarterTurn(turned);
  }
  return nearest;
}

/** Distances beyond which two pictures do not show the same: unrelated ones differ in about 32 bits, and in 26 at the nearest of eight tries. */
export const DIFFERENT_PICTURE = 21;

async function decoded(thumbnail: Buffer, limits: MediaLimits): Promise<Pixels | null> {
  try {
    const header = await readHeader(thumbnail, 'image/jpeg', limits);
    return header && (await decode(thumbnail, header, limits));
  } catch {
    return null;
  }
}

async function hashOf(pixels: Pixels): Promise<string> {
  return perceptualHash(await greySquare(pixels, HASH_SQUARE));
}

/** The middle of the picture in another aspect ratio: what is left without bars. */
function cropped({ data, width, height }: Pixels, aspect: number): Pixels {
  const wide = Math.max(1, Math.min(width, Math.round(height * aspect)));
  const high = Math.max(1, Math.min(height, Math.round(width / aspect)));
  const left = Math.floor((width - wide) / 2);
  const top = Math.floor((height - high) / 2);
  const rows = Array.from({ length: high }, (_, y) => {
    const start = ((top + y) * width + left) * 3;
    return data.subarray(start, start + wide * 3);
  });
  return { data: Buffer.concat(rows), width: wide, height: high };
}
