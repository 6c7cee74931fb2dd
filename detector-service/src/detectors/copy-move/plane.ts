import { gaussianBlur } from '../../intake/gaussian.js';
import type { Pixels } from '../../intake/image.js';

/** One channel of floating-point values, row by row. */
export interface Plane {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Luma 0..255 (ITU-R BT.601). */
export function lumaOf({ data, width, height }: Pixels): Plane {
  const luma = new Float32Array(width * height);
  for (let i = 0, at = 0; i < luma.length; i += 1, at += 3) {
    luma[i] =
      0.299 * (data[at] as number) +
      0.587 * (data[at + 1] as number) +
      0.114 * (data[at + 2] as number);
  }
  return { data: luma, width, height };
}

/** Gaussian blur; the edge repeats outwards. */
export function blur({ data, width, height }: Plane, sigma: number): Plane {
  return { data: gaussianBlur(data, width, height, sigma), width, height };
}

/** What the second plane leaves of the first. */
export function difference(a: Plane, b: Plane): Plane {
  const data = new Float32Array(a.data.length);
  for (let i = 0; i < data.length; i += 1) data[i] = (a.data[i] as number) - (b.data[i] as number);
  return { ...a, data };
}

/** Half the sides less, by `factor` of 1 or more, with bilinear samples of an already blurred plane. */
export function reduced(plane: Plane, factor: number): Plane {
  const width = Math.max(1, Math.floor(plane.width / factor));
  const height = Math.max(1, Math.floor(plane.height / factor));
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) data[y * width + x] = sample(plane, x * factor, y * factor);
  }
  return { data, width, height };
}

/** Bilinear value at a place; places outside take the nearest edge. */
export function sample({ data, width, height }: Plane, x: number, y: number): number {
  const column = Math.min(width - 1.001, Math.max(0, x));
  const row = Math.min(height - 1.001, Math.max(0, y));
  const left = Math.floor(column);
  const top = Math.floor(row);
  const across = column - left;
  const down = row - top;
  const at = top * width + left;
  const upper = (data[at] as number) * (1 - across) + (data[at + 1] as number) * across;
  const below = at + (top + 1 < height ? width : 0);
  const lower = (data[below] as number) * (1 - across) + (data[below + 1] as number) * across;
  return upper * (1 - down) + lower * down;
}
