import { LENGTH, SIDE } from './patch.js';

/** Values of a patch's cosine transform that are compared first: those of the lowest frequencies, in which blurred patches differ most. */
const LEADING = 8;

/** Frequencies across and down from the lowest on; the mean is left out, since it is 0. */
const FREQUENCIES: readonly (readonly [number, number])[] = [
  [0, 1],
  [1, 0],
  [1, 1],
  [0, 2],
  [2, 0],
  [1, 2],
  [2, 1],
  [0, 3],
];

const WAVES: readonly Float64Array[] = FREQUENCIES.map(([u, v]) =>
  Float64Array.from(
    { length: LENGTH },
    (_, p) => wave(u, p % SIDE) * wave(v, Math.floor(p / SIDE)),
  ),
);

/** An orthonormal cosine. */
function wave(frequency: number, place: number): number {
  const scale = Math.sqrt((frequency === 0 ? 1 : 2) / SIDE);
  return scale * Math.cos(((2 * place + 1) * frequency * Math.PI) / (2 * SIDE));
}

/**
 * The leading values of each descriptor's cosine transform. The transform keeps distances, so those between leading values never exceed those between
 * descriptors: what they rule out is ruled out exactly, but for the rounding of single precision.
 *
 * @param values `LENGTH` a descriptor, mean 0 and norm 1
 * @returns `LEADING` a descriptor
 */
export function leadingOf(values: Float32Array): Float32Array {
  const count = values.length / LENGTH;
  const leading = new Float32Array(count * LEADING);
  for (let i = 0; i < count; i += 1) {
    for (let k = 0; k < LEADING; k += 1) {
      const weights = WAVES[k] as Float64Array;
      let sum = 0;
      for (let p = 0; p < LENGTH; p += 1) {
        sum += (weights[p] as number) * (values[i * LENGTH + p] as number);
      }
      leading[i * LEADING + k] = sum;
    }
  }
  return leading;
}

/** Squared distance of the leading values of two descriptors. Written out: this runs for millions of pairs. */
export function leadingDistance(a: Float32Array, i: number, b: Float32Array, j: number): number {
  const p = i * LEADING;
  const q = j * LEADING;
  const d0 = (a[p] as number) - (b[q] as number);
  const d1 = (a[p + 1] as number) - (b[q + 1] as number);
  const d2 = (a[p + 2] as number) - (b[q + 2] as number);
  const d3 = (a[p + 3] as number) - (b[q + 3] as number);
  const d4 = (a[p + 4] as number) - (b[q + 4] as number);
  const d5 = (a[p + 5] as number) - (b[q + 5] as number);
  const d6 = (a[p + 6] as number) - (b[q + 6] as number);
  const d7 = (a[p + 7] as number) - (b[q + 7] as number);
  return d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3 + d4 * d4 + d5 * d5 + d6 * d6 + d7 * d7;
}
