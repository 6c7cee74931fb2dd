import { blurWithin } from '../../intake/gaussian.js';
import type { Pixels } from '../../intake/image.js';
import type { Memory } from '../../kernels/memory.js';

/** One channel of floating-point values, row by row, in the kernels' memory. */
export interface Plane {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Luma 0..255 (ITU-R BT.601). */
export function lumaOf({ data, width, height }: Pixels, memory: Memory): Plane {
  const luma = memory.floats(width * height);
  memory.borrow(() => {
    const rgb = memory.bytes(data.length);
    rgb.set(data);
    memory.kernels.luma(rgb.byteOffset, luma.byteOffset, luma.length);
  });
  return { data: luma, width, height };
}

/** Bytes that the luma of a picture takes, and the picture beside it. */
export function lumaRoom({ data, width, height }: Pixels): number {
  return 4 * width * height + data.length + 128;
}

/** Gaussian blur; the edge repeats outwards. */
export function blur({ data, width, height }: Plane, sigma: number, memory: Memory): Plane {
  return { data: blurWithin(memory, data, width, height, sigma), width, height };
}

/** What the second plane leaves of the first. */
export function difference(a: Plane, b: Plane, memory: Memory): Plane {
  const data = memory.floats(a.data.length);
  memory.kernels.difference(a.data.byteOffset, b.data.byteOffset, data.byteOffset, data.length);
  return { ...a, data };
}

/** Half the sides less, by `factor` of 1 or more, with bilinear samples of an already blurred plane. */
export function reduced(plane: Plane, factor: number, memory: Memory): Plane {
  const width = Math.max(1, Math.floor(plane.width / factor));
  const height = Math.max(1, Math.floor(plane.height / factor));
  const data = memory.floats(width * height);
  memory.kernels.reduce(
    plane.data.byteOffset,
    plane.width,
    plane.height,
    factor,
    data.byteOffset,
    width,
    height,
  );
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
