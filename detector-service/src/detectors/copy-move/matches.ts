import type { Memory } from '../../kernels/memory.js';
import type { Description, Feature } from './descriptors.js';

/** Two places of one picture that look the same. */
export interface Match {
  readonly from: Feature;
  readonly to: Feature;
}

/** Bytes of a descriptor in fixed point, of what is known of a feature, and of the lists of a chunk of them. */
const FIXED_BYTES = 128;
const STATE_BYTES = 64;
const CHUNK_BYTES = 3072;

/**
 * For each feature of the first description its most similar counterpart in the second, which may be the same, where there is exactly one such place, or two,
 * that stands out.
 */
export function findMatches(first: Description, second: Description, memory: Memory): Match[] {
  return memory.borrow(() => {
    const count = first.features.length;
    const others = second.features.length;
    const room = memory.bytes(
      (count + others) * FIXED_BYTES + CHUNK_BYTES + (count + 1) * STATE_BYTES,
    );
    const counterparts = memory.integers(count);
    const places = placesOf(first, memory);
    if (first === second) {
      memory.kernels.findOwnMatches(
        first.values.byteOffset,
        first.sketches.byteOffset,
        places.byteOffset,
        count,
        room.byteOffset,
        counterparts.byteOffset,
      );
    } else {
      memory.kernels.findMatches(
        first.values.byteOffset,
        first.sketches.byteOffset,
        places.byteOffset,
        count,
        second.values.byteOffset,
        second.sketches.byteOffset,
        placesOf(second, memory).byteOffset,
        others,
        room.byteOffset,
        counterparts.byteOffset,
      );
    }
    const matches: Match[] = [];
    first.features.forEach((from, i) => {
      const to = second.features[counterparts[i] as number];
      if (to) matches.push({ from, to });
    });
    return matches;
  });
}

/** Bytes that matching two descriptions of so many points takes. */
export function matchesRoom(points: number): number {
  return points * (4 + 2 * 16 + 2 * FIXED_BYTES + STATE_BYTES) + CHUNK_BYTES + 512;
}

function placesOf({ features }: Description, memory: Memory): Float64Array {
  const places = memory.doubles(2 * features.length);
  features.forEach(({ x, y }, i) => {
    places[2 * i] = x;
    places[2 * i + 1] = y;
  });
  return places;
}
