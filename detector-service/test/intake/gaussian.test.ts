import { gaussianBlur } from '../../src/intake/gaussian.js';

/** Straight from the definition. */
function blurOf(
  values: Float32Array,
  width: number,
  height: number,
  sigma: number,
  x: number,
  y: number,
): number {
  const radius = Math.ceil(2.5 * sigma);
  let sum = 0;
  let total = 0;
  for (let v = -radius; v <= radius; v += 1) {
    for (let u = -radius; u <= radius; u += 1) {
      const weight = Math.exp(-(u * u + v * v) / (2 * sigma * sigma));
      const column = Math.max(0, Math.min(width - 1, x + u));
      const row = Math.max(0, Math.min(height - 1, y + v));
      sum += weight * (values[row * width + column] as number);
      total += weight;
    }
  }
  return sum / total;
}

describe('gaussianBlur', () => {
  // Widths that leave every remainder of the groups of four that it works in, then a picture larger than its memory from before.
  it.each([
    [5, 4, 0.6],
    [6, 3, 1.2],
    [7, 9, 2.5],
    [1, 1, 1],
    [40, 33, 1.2],
    [3, 2, 4],
  ])('weighs the neighbourhood of %i x %i values by the bell curve', (width, height, sigma) => {
    const values = Float32Array.from({ length: width * height }, (_, i) => (i * 37) % 251);
    const blurred = gaussianBlur(values, width, height, sigma);
    expect(blurred).toHaveLength(values.length);
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const expected = blurOf(values, width, height, sigma, x, y);
        expect(blurred[y * width + x]).toBeCloseTo(expected, 3);
      }
    }
  });
});
