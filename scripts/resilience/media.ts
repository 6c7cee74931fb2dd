import sharp from 'sharp';

import { makePixels } from '../media/picture.js';

export interface MediaFile {
  readonly name: string;
  readonly bytes: Buffer;
}

export interface PictureOptions {
  readonly width?: number;
  readonly height?: number;
  /** JPEG quality; the higher, the more bytes. */
  readonly quality?: number;
}

let scene: ReturnType<typeof makePixels> | undefined;

/**
 * A photo-like JPEG that differs from every other number's: one scene, its light and colour shifted. The scene is painted once, since painting
 * is what costs time.
 */
export async function makePicture(number: number, options: PictureOptions = {}): Promise<Buffer> {
  const { data, width, height } = await (scene ??= makePixels(320, 240, 11));
  const picture = sharp(data, { raw: { width, height, channels: 3 } });
  if (options.width) picture.resize(options.width, options.height ?? options.width);
  return picture
    .modulate({ brightness: 0.8 + (number % 21) / 50, hue: (number * 7) % 360 })
    .jpeg({ quality: options.quality ?? 85 })
    .withExif({ IFD0: { ImageDescription: `picture ${number}` } })
    .toBuffer();
}

/** `count` different pictures, numbered from `first`. */
export async function makePictures(
  prefix: string,
  first: number,
  count: number,
  options?: PictureOptions,
): Promise<MediaFile[]> {
  const files: MediaFile[] = [];
  for (let number = first; number < first + count; number += 1) {
    files.push({
      name: `${prefix}-${number}.jpg`,
      bytes: await makePicture(number, options),
    });
  }
  return files;
}

/** Mulberry32: the same sequence on every machine, so that a failing round can be repeated. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
