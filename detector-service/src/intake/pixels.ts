/** Rearranges decoded pixels without a library: nothing is resampled, so every value stays what the decoder gave. */
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
