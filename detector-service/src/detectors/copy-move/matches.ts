import type { MatrixProduct } from '../../inference/matrix-product.js';
import { LENGTH, WORDS, type Description, type Feature } from './descriptors.js';

/** Two places of one picture that look the same. */
export interface Match {
  readonly from: Feature;
  readonly to: Feature;
}

/** Bits of the sketches that may differ. */
const SKETCH_DISTANCE = 14;
/** Squared distance of descriptors up to which two places look the same: a correlation of 0.9. */
const LIKE = 0.2;
/** A third place that looks nearly as similar means texture that repeats by nature, such as tiles, windows or letters. */
const REPETITION = 0.55;
/** The same in absolute terms, since compression can leave the repeats of a drawn pattern exactly alike. */
const LEAST_THIRD = 0.08;
/** Distances beyond this change no answer. */
const FAR = LIKE / REPETITION;
/** What single precision may take from a correlation. */
const ROUNDING = 1e-4;
/** Places closer than this are neighbours, not copies. */
const LEAST_DISTANCE = 20;

/** Features whose counterparts are sought at once: bounds the memory of their products. */
const AT_ONCE = 256;

/**
 * For each feature of the first description its most similar counterpart in the second, where there is exactly one such place, or two, that stands out.
 */
export async function findMatches(
  first: Description,
  second: Description,
  product: MatrixProduct,
): Promise<Match[]> {
  const matches: Match[] = [];
  const others = second.features.length;
  for (let start = 0; start < first.features.length && others > 0; start += AT_ONCE) {
    const some = first.values.subarray(start * LENGTH, (start + AT_ONCE) * LENGTH);
    const correlations = await product.multiply(some, second.values, LENGTH);
    for (let row = 0; row < some.length / LENGTH; row += 1) {
      const from = first.features[start + row] as Feature;
      const of = correlations.subarray(row * others, (row + 1) * others);
      const to = counterpart(first, start + row, second, of);
      if (to) matches.push({ from, to });
    }
  }
  return matches;
}

/** @param correlations of feature `i` with each of the second description */
function counterpart(
  first: Description,
  i: number,
  second: Description,
  correlations: Float32Array,
): Feature | null {
  const from = first.features[i] as Feature;
  const low = first.sketch[i * WORDS] as number;
  const high = first.sketch[i * WORDS + 1] as number;
  let nearest = FAR;
  let next = FAR;
  let third = FAR;
  let least = leastCorrelation(third);
  let found: Feature | null = null;
  for (let j = 0; j < correlations.length; j += 1) {
    if ((correlations[j] as number) < least) continue;
    const apart = bitCount(
      low ^ (second.sketch[j * WORDS] as number),
      high ^ (second.sketch[j * WORDS + 1] as number),
    );
    if (apart > SKETCH_DISTANCE) continue;
    const to = second.features[j] as Feature;
    if ((to.x - from.x) ** 2 + (to.y - from.y) ** 2 < LEAST_DISTANCE ** 2) continue;
    const distance = squaredDistance(first.values, i, second.values, j);
    if (distance >= third) continue;
    const isSamePlace = found !== null && near(found, to);
    if (distance < nearest) {
      // The same place found at two scales counts once.
      if (!isSamePlace) [third, next] = [next, nearest];
      nearest = distance;
      found = to;
    } else if (isSamePlace) continue;
    else if (distance < next) [third, next] = [next, distance];
    else third = distance;
    if (third < LEAST_THIRD) return null;
    least = leastCorrelation(third);
  }
  return nearest <= LIKE && nearest <= REPETITION * third ? found : null;
}

/** Of descriptors up to some squared distance apart. */
function leastCorrelation(distance: number): number {
  return 1 - distance / 2 - ROUNDING;
}

function near(a: Feature, b: Feature): boolean {
  return Math.abs(a.x - b.x) < 6 && Math.abs(a.y - b.y) < 6;
}

function squaredDistance(a: Float32Array, i: number, b: Float32Array, j: number): number {
  let sum = 0;
  const end = (i + 1) * LENGTH;
  for (let p = i * LENGTH, q = j * LENGTH; p < end; p += 1, q += 1) {
    const apart = (a[p] as number) - (b[q] as number);
    sum += apart * apart;
  }
  return sum;
}

/** Bits set in two words. */
function bitCount(low: number, high: number): number {
  let a = low - ((low >>> 1) & 0x55555555);
  let b = high - ((high >>> 1) & 0x55555555);
  a = (a & 0x33333333) + ((a >>> 2) & 0x33333333);
  b = (b & 0x33333333) + ((b >>> 2) & 0x33333333);
  // Up to eight in each half byte.
  const both = a + b;
  return Math.imul((both & 0x0f0f0f0f) + ((both >>> 4) & 0x0f0f0f0f), 0x01010101) >>> 24;
}
