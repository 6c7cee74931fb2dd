import { withMemory } from '../../kernels/memory.js';
import { blobsOf, type Blob } from './blobs.js';
import type { Grey } from './grey.js';

/** A line of equally spaced glyphs. */
export interface Row {
  /** Centre of glyph `k`, which need not be whole. */
  at(k: number): readonly [x: number, y: number];
  /** The glyph that stands at `x`, not rounded. */
  indexAt(x: number): number;
  /** Whole glyph numbers at which ink was found. */
  readonly first: number;
  readonly last: number;
  readonly found: number;
  /** Pixels from one glyph to the next, at the middle. */
  readonly pitch: number;
  /** Median height of a glyph in pixels. */
  readonly height: number;
}

const MOST_BLOBS = 3_000;
/** Glyphs that must be found before a line counts. */
const LEAST_GLYPHS = 18;
/** Root mean square distance from even spacing, as a share of the pitch. Proportional print strays more. */
const MOST_STRAYING = 0.13;

interface Glyph {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Lines of evenly spaced glyphs in a strip, from top to bottom. */
export function findRows(grey: Grey): readonly Row[] {
  const glyphs = inkBlobs(grey)
    .map(glyphOf)
    .filter(({ width, height }) => height >= 9 && height <= 64 && width <= 64 && width >= 2);
  const rows = chains(glyphs).flatMap((chain) => rowOf(chain) ?? []);
  return rows.sort((one, other) => one.at(one.first)[1] - other.at(other.first)[1]);
}

/** Connected ink, noise smoothed away; empty where there is far more of it than print would make. */
export function inkBlobs(grey: Grey): readonly Blob[] {
  return blobsOf(inkOf(grey), grey.width, grey.height, MOST_BLOBS);
}

/** 1 for pixels clearly darker than their surroundings, smoothed twice before: noise must not join or break glyphs. */
function inkOf({ values, width, height }: Grey): Uint8Array {
  const sums = (width + 1) * (height + 1);
  return withMemory(9 * values.length + 8 * (sums + width) + 512, (memory) => {
    const grey = memory.floats(values.length);
    const other = memory.floats(values.length);
    const mask = memory.bytes(values.length);
    const room = memory.doubles(Math.max(width, sums));
    grey.set(values);
    const { kernels } = memory;
    kernels.smooth(grey.byteOffset, other.byteOffset, width, height, room.byteOffset);
    kernels.smooth(other.byteOffset, grey.byteOffset, width, height, room.byteOffset);
    kernels.markInk(grey.byteOffset, mask.byteOffset, width, height, room.byteOffset);
    return mask.slice();
  });
}

function glyphOf({ left, right, top, bottom }: Blob): Glyph {
  return {
    x: (left + right) / 2,
    y: (top + bottom) / 2,
    width: right - left + 1,
    height: bottom - top + 1,
  };
}

/** Links each glyph with its right neighbour of about its height and level. */
function chains(glyphs: readonly Glyph[]): readonly (readonly Glyph[])[] {
  const sorted = [...glyphs].sort((one, other) => one.x - other.x);
  const open: Glyph[][] = [];
  for (const glyph of sorted) {
    let best: Glyph[] | null = null;
    let bestGap = Infinity;
    for (const chain of open) {
      const last = chain[chain.length - 1] as Glyph;
      const tall = Math.max(last.height, glyph.height);
      const gap = glyph.x - last.x;
      const isNext =
        gap <= 3.2 * tall &&
        Math.abs(glyph.y - last.y) <= 0.35 * tall &&
        Math.min(last.height, glyph.height) >= 0.55 * tall;
      if (isNext && gap < bestGap) {
        best = chain;
        bestGap = gap;
      }
    }
    if (best) best.push(glyph);
    else open.push([glyph]);
  }
  return open.filter((chain) => chain.length >= LEAST_GLYPHS);
}

function rowOf(chain: readonly Glyph[]): Row | null {
  const steps = chain.slice(1).map(({ x }, i) => x - (chain[i]?.x ?? 0));
  const pitch = median(steps);
  if (!(pitch > 6)) return null;
  let numbers = numbered(chain, () => pitch);
  let curve = fit(
    numbers,
    chain.map(({ x }) => x),
    2,
  );
  numbers = numbered(chain, (k) => Math.max(4, (curve[1] ?? pitch) + 2 * (curve[2] ?? 0) * k));
  curve = fit(
    numbers,
    chain.map(({ x }) => x),
    2,
  );
  const [a = 0, b = pitch, c = 0] = curve;
  const x = (k: number): number => a + b * k + c * k * k;
  const straying = Math.sqrt(
    numbers.reduce((sum, k, i) => sum + ((chain[i]?.x ?? 0) - x(k)) ** 2, 0) / numbers.length,
  );
  const last = numbers[numbers.length - 1] ?? 0;
  const middle = b + c * last;
  if (straying > MOST_STRAYING * middle || Math.abs(c * last) > 0.15 * b) return null;
  const height = median(chain.map((glyph) => glyph.height));
  const level = fit(
    chain.map((glyph) => glyph.x),
    chain.map((glyph) => glyph.y),
    1,
  );
  return {
    at: (k) => [x(k), (level[0] ?? 0) + (level[1] ?? 0) * x(k)],
    indexAt: (place) => {
      let k = (place - a) / b;
      for (let i = 0; i < 4; i += 1) k -= (x(k) - place) / (b + 2 * c * k);
      return k;
    },
    first: numbers[0] ?? 0,
    last,
    found: chain.length,
    pitch: middle,
    height,
  };
}

/** Numbers glyphs by the distance to the one before; pieces of one glyph get the same number. */
function numbered(chain: readonly Glyph[], pitchAt: (k: number) => number): number[] {
  const numbers = [0];
  for (let i = 1; i < chain.length; i += 1) {
    const before = numbers[i - 1] ?? 0;
    const gap = (chain[i]?.x ?? 0) - (chain[i - 1]?.x ?? 0);
    numbers.push(before + Math.round(gap / pitchAt(before)));
  }
  return numbers;
}

/** Least squares polynomial; coefficients from the constant upwards. */
function fit(from: readonly number[], to: readonly number[], degree: 1 | 2): number[] {
  const size = degree + 1;
  const powers = Array.from({ length: 2 * degree + 1 }, (_, power) =>
    from.reduce((sum, value) => sum + value ** power, 0),
  );
  const rows = Array.from({ length: size }, (_, row) => [
    ...Array.from({ length: size }, (__, column) => powers[row + column] ?? 0),
    from.reduce((sum, value, i) => sum + value ** row * (to[i] ?? 0), 0),
  ]);
  for (let pivot = 0; pivot < size; pivot += 1) {
    const divisor = rows[pivot]?.[pivot] || 1e-9;
    for (let row = 0; row < size; row += 1) {
      if (row === pivot) continue;
      const factor = (rows[row]?.[pivot] ?? 0) / divisor;
      rows[row] = (rows[row] ?? []).map((value, i) => value - factor * (rows[pivot]?.[i] ?? 0));
    }
  }
  return rows.map((row, i) => (row[size] ?? 0) / (row[i] || 1e-9));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
