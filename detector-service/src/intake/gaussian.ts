/** Gaussian blur of one channel of floating-point values: the inner loop of every search for corners and blobs. */
import { withMemory, type Memory } from '../kernels/memory.js';

/**
 * Blurs by a kernel that reaches 2.5 sigma; edges repeat outwards. Rows first, then columns.
 *
 * @param values `width` x `height` values, row by row
 * @param sigma in pixels
 */
export function gaussianBlur(
  values: Float32Array,
  width: number,
  height: number,
  sigma: number,
): Float32Array {
  return withMemory(8 * values.length + blurRoom(width, sigma), (memory) => {
    const plane = memory.floats(values.length);
    plane.set(values);
    return blurWithin(memory, plane, width, height, sigma).slice();
  });
}

/** The same on a plane that lies in the kernels' memory; so does the result. */
export function blurWithin(
  memory: Memory,
  plane: Float32Array,
  width: number,
  height: number,
  sigma: number,
): Float32Array {
  const result = memory.floats(plane.length);
  memory.borrow(() => {
    const kernel = gaussianKernel(sigma);
    const radius = (kernel.length - 1) / 2;
    const weights = memory.doubles(kernel.length);
    weights.set(kernel);
    const room = memory.doubles(roomLength(width, radius));
    memory.kernels.blur(
      plane.byteOffset,
      result.byteOffset,
      width,
      height,
      weights.byteOffset,
      radius,
      room.byteOffset,
    );
  });
  return result;
}

/** Bytes that a blur takes besides the plane and the result. */
export function blurRoom(width: number, sigma: number): number {
  const radius = radiusOf(sigma);
  return 8 * (2 * radius + 1 + roomLength(width, radius)) + 256;
}

function roomLength(width: number, radius: number): number {
  return width + 2 * radius + 8 + (2 * radius + 1) * (width + 8);
}

function radiusOf(sigma: number): number {
  return Math.ceil(2.5 * sigma);
}

function gaussianKernel(sigma: number): Float32Array {
  const radius = radiusOf(sigma);
  const kernel = Float32Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  return kernel.map((weight) => weight / total);
}
