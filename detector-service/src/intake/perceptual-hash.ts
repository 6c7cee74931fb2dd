/** Side of the grey square the hash is computed from, and of the block of low frequencies that is kept. */
export const HASH_SQUARE = 32;
const KEPT = 8;

/** Cosine table of a 32-point DCT-II, rows 0..8: row `u` holds cos((2x + 1) u π / 64). */
const COSINES: readonly Float64Array[] = Array.from({ length: KEPT + 1 }, (_, u) =>
  Float64Array.from({ length: HASH_SQUARE }, (_, x) =>
    Math.cos(((2 * x + 1) * u * Math.PI) / (2 * HASH_SQUARE)),
  ),
);

/**
 * The 64-bit pHash of a picture as 16 hex digits: the signs, against their median, of its 64 lowest two-dimensional frequencies apart from the
 * zero ones. Re-encoding and resizing move few bits; compare by {@link hashDistance}.
 *
 * @param grey 32 x 32 grey values
 */
export function perceptualHash(grey: Uint8Array): string {
  if (grey.length !== HASH_SQUARE * HASH_SQUARE) {
    throw new RangeError(
      `Expected ${HASH_SQUARE * HASH_SQUARE} grey values but received ${grey.length}; scale the picture to ${HASH_SQUARE} x ${HASH_SQUARE} first.`,
    );
  }
  const values: number[] = [];
  for (let v = 1; v <= KEPT; v += 1) {
    for (let u = 1; u <= KEPT; u += 1) values.push(frequency(grey, u, v));
  }
  const sorted = [...values].sort((a, b) => a - b);
  const median = ((sorted[31] ?? 0) + (sorted[32] ?? 0)) / 2;
  let bits = 0n;
  for (const value of values) bits = (bits << 1n) | (value > median ? 1n : 0n);
  return bits.toString(16).padStart(16, '0');
}

function frequency(grey: Uint8Array, u: number, v: number): number {
  const across = COSINES[u] as Float64Array;
  const down = COSINES[v] as Float64Array;
  let sum = 0;
  for (let y = 0; y < HASH_SQUARE; y += 1) {
    let row = 0;
    for (let x = 0; x < HASH_SQUARE; x += 1) {
      row += (grey[y * HASH_SQUARE + x] as number) * (across[x] as number);
    }
    sum += row * (down[y] as number);
  }
  return sum;
}

/** Differing bits of two hashes, 0..64. Below 8 two pictures are near-duplicates in practice. */
export function hashDistance(a: string, b: string): number {
  let difference = BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
  let count = 0;
  for (; difference > 0n; difference >>= 1n) count += Number(difference & 1n);
  return count;
}
