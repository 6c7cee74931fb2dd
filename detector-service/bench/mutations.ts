import { seededRandom } from '../src/evaluation/figures/random.js';

/** Values that lengths, counts and offsets are most often mishandled at. */
const EXTREMES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

type Change = (bytes: Buffer, random: () => number, other: Buffer) => Buffer;

const below = (random: () => number, most: number): number => Math.floor(random() * most);

/** What transmission, bad tools and fuzzers do to a file. */
const CHANGES: readonly Change[] = [
  (bytes, random) => bytes.subarray(0, 1 + below(random, bytes.length)),
  (bytes, random) => {
    for (let i = 0; i < 1 + below(random, 24); i += 1) {
      const at = below(random, bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << below(random, 8));
    }
    return bytes;
  },
  (bytes, random) => {
    for (let i = 0; i < 1 + below(random, 12); i += 1) {
      bytes[below(random, bytes.length)] = below(random, 256);
    }
    return bytes;
  },
  // Near the start, where headers lie.
  (bytes, random) => {
    if (bytes.length < 8) return bytes;
    const at = below(random, Math.min(bytes.length - 4, 512));
    const value = EXTREMES[below(random, EXTREMES.length)] ?? 0;
    if (random() < 0.5) bytes.writeUInt32BE(value, at);
    else bytes.writeUInt32LE(value, at);
    return bytes;
  },
  (bytes, random) => {
    const from = below(random, bytes.length);
    const part = bytes.subarray(from, from + 1 + below(random, 4096));
    const at = below(random, bytes.length);
    return Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)]);
  },
  (bytes, random) => {
    const from = below(random, bytes.length);
    const to = from + 1 + below(random, 1024);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  (bytes, random, other) => {
    const cut = below(random, bytes.length);
    return Buffer.concat([bytes.subarray(0, cut), other.subarray(below(random, other.length))]);
  },
  (bytes, random) => {
    const from = below(random, bytes.length);
    const to = Math.min(bytes.length, from + 1 + below(random, 256));
    return bytes.fill(below(random, 256), from, to);
  },
];

/** The largest file that is made; longer ones teach nothing more. */
const MOST_BYTES = 1_000_000;

/**
 * The file with one to three changes, the same ones for the same seed.
 *
 * @param other a second file, a part of which may be spliced in
 */
export function mutated(file: Buffer, other: Buffer, seed: number): Buffer {
  const random = seededRandom(seed);
  let bytes: Buffer = Buffer.from(file);
  for (let i = 0; i < 1 + below(random, 3) && bytes.length > 0; i += 1) {
    const change = CHANGES[below(random, CHANGES.length)];
    if (change) bytes = Buffer.from(change(bytes, random, other)).subarray(0, MOST_BYTES);
  }
  return bytes.length > 0 ? bytes : Buffer.from([below(random, 256)]);
}
