import { WORDS, type Description, type Feature } from './descriptors.js';
import { leadingDistance } from './leading.js';
import { LENGTH } from './patch.js';

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
/** What rounding may add to a distance of leading values. */
const ROUNDING = 1e-4;
/** Places closer than this are neighbours, not copies. */
const LEAST_DISTANCE = 20;

/**
 * For each feature of the first description its most similar counterpart in the second, where there is exactly one such place, or two, that stands out.
 */
export function findMatches(first: Description, second: Description): Match[] {
  const matches: Match[] = [];
  const room = new Int32Array(second.features.length);
  first.features.forEach((from, i) => {
    const to = counterpart(first, i, second, collectAlike(first.sketch, i, second.sketch, room));
    if (to) matches.push({ from, to });
  });
  return matches;
}

/** Numbers of all descriptors whose sketches differ in few bits from that of descriptor `i`, in ascending order; a view of `room`, which has a place for each. */
function collectAlike(
  own: Int32Array,
  i: number,
  others: Int32Array,
  room: Int32Array,
): Int32Array {
  const low = own[i * WORDS] as number;
  const high = own[i * WORDS + 1] as number;
  let count = 0;
  for (let j = 0; j < room.length; j += 1) {
    // Written either way and kept by counting on: a branch that is taken at random costs more than all the rest.
    room[count] = j;
    const apart = bitCount(
      low ^ (others[j * WORDS] as number),
      high ^ (others[j * WORDS + 1] as number),
    );
    count += (apart - SKETCH_DISTANCE - 1) >>> 31;
  }
  return room.subarray(0, count);
}

function counterpart(
  first: Description,
  i: number,
  second: Description,
  candidates: Int32Array,
): Feature | null {
  const from = first.features[i] as Feature;
  let nearest = FAR;
  let next = FAR;
  let third = FAR;
  let found: Feature | null = null;
  for (let c = 0; c < candidates.length; c += 1) {
    const j = candidates[c] as number;
    if (leadingDistance(first.leading, i, second.leading, j) > third + ROUNDING) continue;
    const to = second.features[j] as Feature;
    if ((to.x - from.x) ** 2 + (to.y - from.y) ** 2 < LEAST_DISTANCE ** 2) continue;
    const distance = squaredDistance(first.values, i, second.values, j, third);
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
  }
  return nearest <= LIKE && nearest <= REPETITION * third ? found : null;
}

function near(a: Feature, b: Feature): boolean {
  return Math.abs(a.x - b.x) < 6 && Math.abs(a.y - b.y) < 6;
}

/** Squared distance of two descriptors, or some number above `most` where it is greater than that. */
function squaredDistance(
  a: Float32Array,
  i: number,
  b: Float32Array,
  j: number,
  most: number,
): number {
  let sum = 0;
  const end = (i + 1) * LENGTH;
  for (let p = i * LENGTH, q = j * LENGTH; p < end && sum <= most; p += 8, q += 8) {
    for (let k = 0; k < 8; k += 1) {
      const apart = (a[p + k] as number) - (b[q + k] as number);
      sum += apart * apart;
    }
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
