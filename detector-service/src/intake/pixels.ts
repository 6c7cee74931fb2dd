/** Works on decoded pixels without a library; nothing is resampled. */
import type { Pixels } from './image.js';

/** The rectangle must lie inside the picture. */
export function cutOut(
  { data, width: stride }: Pixels,
  left: number,
  top: number,
  width: number,
  height: number,
): Pixels {
  const cut = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    const from = ((top + y) * stride + left) * 3;
    data.copy(cut, y * width * 3, from, from + width * 3);
  }
  return { data: cut, width, height };
}

/**
 * A translucent layer over a picture of the same size.
 *
 * @param rgb three bytes a pixel
 * @param rgba four bytes a pixel, not premultiplied
 * @returns three bytes a pixel
 */
export function blend(rgb: Buffer, rgba: Buffer): Buffer {
  const blended = Buffer.allocUnsafe(rgb.length);
  for (let to = 0, at = 0; to < rgb.length; to += 3, at += 4) {
    const above = rgba[at + 3] as number;
    const below = 255 - above;
    blended[to] = by255((rgb[to] as number) * below + (rgba[at] as number) * above);
    blended[to + 1] = by255((rgb[to + 1] as number) * below + (rgba[at + 1] as number) * above);
    blended[to + 2] = by255((rgb[to + 2] as number) * below + (rgba[at + 2] as number) * above);
  }
  return blended;
}

/** A product of two bytes through 255, rounded; whole numbers throughout, since a division takes many times as long. */
function by255(product: number): number {
  return ((product + 127) * 32_897) >>> 23;
}
