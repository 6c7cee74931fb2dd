/** Hashes made of the signs of low frequencies, and what turning and mirroring a picture does to them. */

/** One of the eight ways to lay a square picture: transposed first or not, then mirrored sideways, upside down or both. */
export interface Pose {
  readonly isTransposed: boolean;
  readonly isMirrored: boolean;
  readonly isFlipped: boolean;
}

export const POSES: readonly Pose[] = [false, true].flatMap((isTransposed) =>
  [false, true].flatMap((isFlipped) =>
    [false, true].map((isMirrored) => ({ isTransposed, isFlipped, isMirrored })),
  ),
);

/** Makes hashes of square grey pictures of one size. */
export interface SignHasher {
  /** Bits a hash has: `kept` squared. */
  readonly bits: number;
  /**
   * Bit `v * kept + u` says whether the frequency (u + 1, v + 1) is positive. The zero frequencies along either axis are left out: they tell brightness and
   * slow gradients, which copies change first.
   *
   * @param grey `side` x `side` values
   */
  hash(grey: ArrayLike<number>): Uint8Array;
  /** The hash that the picture would have in another pose, without its pixels: mirroring changes the sign of every odd frequency, no more. */
  pose(hash: Uint8Array, pose: Pose): Uint8Array;
}

export function createSignHasher(side: number, kept: number): SignHasher {
  const cosines = Array.from({ length: kept }, (_, u) =>
    Float64Array.from({ length: side }, (_, x) =>
      Math.cos(((2 * x + 1) * (u + 1) * Math.PI) / (2 * side)),
    ),
  );
  const bits = kept * kept;
  return {
    bits,
    hash(grey) {
      const hash = new Uint8Array(bits / 8);
      // Rows first, then columns: the two-dimensional transform separates.
      const rows = cosines.map((cosine) => {
        const sums = new Float64Array(side);
        for (let y = 0; y < side; y += 1) {
          let sum = 0;
          for (let x = 0; x < side; x += 1) {
            sum += (grey[y * side + x] as number) * (cosine[x] as number);
          }
          sums[y] = sum;
        }
        return sums;
      });
      for (let v = 0; v < kept; v += 1) {
        const cosine = cosines[v] as Float64Array;
        for (let u = 0; u < kept; u += 1) {
          const column = rows[u] as Float64Array;
          let sum = 0;
          for (let y = 0; y < side; y += 1) sum += (column[y] as number) * (cosine[y] as number);
          if (sum > 0) setBit(hash, v * kept + u);
        }
      }
      return hash;
    },
    pose(hash, { isTransposed, isMirrored, isFlipped }) {
      const posed = new Uint8Array(hash.length);
      for (let v = 0; v < kept; v += 1) {
        for (let u = 0; u < kept; u += 1) {
          const bit = getBit(hash, isTransposed ? u * kept + v : v * kept + u);
          // Frequency u + 1 is odd where u is even.
          const isTurned = (isMirrored && u % 2 === 0) !== (isFlipped && v % 2 === 0);
          if (bit !== isTurned) setBit(posed, v * kept + u);
        }
      }
      return posed;
    },
  };
}

function getBit(bytes: Uint8Array, bit: number): boolean {
  return (((bytes[bit >> 3] as number) >> (bit & 7)) & 1) === 1;
}

function setBit(bytes: Uint8Array, bit: number): void {
  bytes[bit >> 3] = (bytes[bit >> 3] as number) | (1 << (bit & 7));
}

/** Bits set in each byte value. */
const ONES = Uint8Array.from({ length: 256 }, (_, value) => {
  let ones = 0;
  for (let rest = value; rest > 0; rest >>= 1) ones += rest & 1;
  return ones;
});

/** Differing bits of two hashes of one length. */
export function signDistance(a: Uint8Array, b: Uint8Array): number {
  let distance = 0;
  for (let i = 0; i < a.length; i += 1) {
    distance += ONES[(a[i] as number) ^ (b[i] as number)] as number;
  }
  return distance;
}
