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
/** Places closer than this are neighbours, not copies. */
const LEAST_DISTANCE = 20;

/**
 * For each feature of the first description its most similar counterpart in the second, where there is exactly one such place, or two, that stands out.
 */
export function findMatches(first: Description, second: Description): Match[] {
  const matches: Match[] = [];
  first.features.forEach((from, i) => {
    const to = counterpart(first, second, i);
    if (to) matches.push({ from, to });
  });
  return matches;
}

function counterpart(first: Description, second: Description, i: number): Feature | null {
  const from = first.features[i] as Feature;
  const low = first.sketch[i * WORDS] as number;
  const high = first.sketch[i * WORDS + 1] as number;
  const best = [FAR, FAR, FAR];
  let found: Feature | null = null;
  for (let j = 0; j < second.features.length; j += 1) {
    const apart =
      bitCount(low ^ (second.sketch[j * WORDS] as number)) +
      bitCount(high ^ (second.sketch[j * WORDS + 1] as number));
    if (apart > SKETCH_DISTANCE) continue;
    const to = second.features[j] as Feature;
    if (Math.hypot(to.x - from.x, to.y - from.y) < LEAST_DISTANCE) continue;
    const distance = squaredDistance(first.values, i, second.values, j, best[2] as number);
    if (distance >= (best[2] as number)) continue;
    // The same place found at two scales counts once.
    if (found && distance >= (best[0] as number) && near(found, to)) continue;
    if (distance < (best[0] as number)) {
      if (!found || !near(found, to))
        best.splice(0, 3, distance, best[0] as number, best[1] as number);
      else best[0] = distance;
      found = to;
    } else if (distance < (best[1] as number)) best.splice(1, 2, distance, best[1] as number);
    else best[2] = distance;
  }
  const [nearest = FAR, , third = FAR] = best;
  const stands = nearest <= REPETITION * third && third >= LEAST_THIRD;
  return nearest <= LIKE && stands ? found : null;
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

function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return (Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24) & 0xff;
}
