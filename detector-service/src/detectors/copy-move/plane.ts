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
export function blur(plane: Plane, sigma: number): Plane {
  const radius = Math.ceil(2.5 * sigma);
  const kernel = Float32Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((sum, value) => sum + value, 0);
  const weights = kernel.map((value) => value / total);
  return transposed(alongRows(transposed(alongRows(plane, weights, radius)), weights, radius));
}

function alongRows({ data, width, height }: Plane, weights: Float32Array, radius: number): Plane {
  const out = new Float32Array(data.length);
  const row = new Float32Array(width + 2 * radius);
  for (let y = 0; y < height; y += 1) {
    const start = y * width;
    row.fill(data[start] as number, 0, radius);
    row.set(data.subarray(start, start + width), radius);
    row.fill(data[start + width - 1] as number, radius + width);
    for (let x = 0; x < width; x += 1) {
      let sum = 0;
      for (let k = 0; k < weights.length; k += 1) {
        sum += (row[x + k] as number) * (weights[k] as number);
      }
      out[start + x] = sum;
    }
  }
  return { data: out, width, height };
}

function transposed({ data, width, height }: Plane): Plane {
  const out = new Float32Array(data.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) out[x * height + y] = data[y * width + x] as number;
  }
  return { data: out, width: height, height: width };
}

/** What the second plane leaves of the first. */
export function difference(a: Plane, b: Plane): Plane {
  return { ...a, data: a.data.map((value, i) => value - (b.data[i] as number)) };
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
