import { ALPHABET, edgesOf, GLYPH, glyphSets, unit, type GlyphSet } from './glyphs.js';
import { sample, type Grey } from './grey.js';
import type { Row } from './rows.js';

/** How well each glyph of the alphabet fits at one place, by two measures: -1 to 1, 1 for identical. */
export interface Cell {
  readonly byInk: Float32Array;
  readonly byEdges: Float32Array;
}

/** Height of a glyph in ems: that of the filler, of letters, of digits. A line's median may be any of them. */
const SIZES = [0.63, 0.7, 0.78] as const;
/** Width against height as printed; perspective and other cuts of the type stretch it. */
const STRETCHES = [0.9, 1, 1.1] as const;
/** Pixels of the glyph's picture by which a glyph may stand off its place. */
const SLACK = 2;
/** Glyphs by which size, stretch and sharpness of a line are judged. */
const PROBED = 12;

interface Geometry {
  readonly em: number;
  readonly stretch: number;
}

/**
 * Compares each place of a line with all glyphs.
 *
 * @param first number of the first glyph in the row's own counting
 */
export async function readCells(
  grey: Grey,
  row: Row,
  first: number,
  count: number,
): Promise<readonly Cell[]> {
  const sets = await glyphSets();
  const probed = Array.from({ length: PROBED }, (_, i) =>
    Math.round(first + ((count - 1) * i) / (PROBED - 1)),
  );
  let best = { score: -Infinity, geometry: { em: 1, stretch: 1 } };
  const middling = sets[Math.floor(sets.length / 2)] as GlyphSet;
  for (const size of SIZES) {
    for (const stretch of STRETCHES) {
      const geometry = { em: row.height / size, stretch };
      const score = meanFit(grey, row, probed, geometry, middling);
      if (score > best.score) best = { score, geometry };
    }
  }
  const { geometry } = best;
  const fits = sets.map((set) => meanFit(grey, row, probed, geometry, set));
  const set = sets[fits.indexOf(Math.max(...fits))] as GlyphSet;
  return Array.from({ length: count }, (_, i) =>
    compare(patchAt(grey, row, first + i, geometry), set),
  );
}

function meanFit(
  grey: Grey,
  row: Row,
  probed: readonly number[],
  geometry: Geometry,
  set: GlyphSet,
): number {
  return (
    probed.reduce((sum, k) => sum + fitOf(patchAt(grey, row, k, geometry), set), 0) / probed.length
  );
}

const WIDE = GLYPH.width + 2 * SLACK;
const HIGH = GLYPH.height + 2 * SLACK;

/** The surroundings of a place at the scale of the glyphs' pictures. */
function patchAt(grey: Grey, row: Row, k: number, { em, stretch }: Geometry): Float32Array {
  const [x, y] = row.at(k);
  const [ahead, aheadY] = row.at(k + 1);
  const slope = (aheadY - y) / (ahead - x || 1);
  const step = em / GLYPH.em;
  const patch = new Float32Array(WIDE * HIGH);
  for (let row = 0; row < HIGH; row += 1) {
    for (let column = 0; column < WIDE; column += 1) {
      const along = (column - (WIDE - 1) / 2) * step * stretch;
      const across = (row - (HIGH - 1) / 2) * step;
      patch[row * WIDE + column] = sample(grey, x + along, y + along * slope + across);
    }
  }
  return patch;
}

/** The best likeness of any glyph, by ink, at few shifts: enough to choose a geometry by. */
function fitOf(patch: Float32Array, { ink }: GlyphSet): number {
  let best = -1;
  for (const [dx, dy] of around(SLACK, SLACK, 2)) {
    const window = unit(inkOf(patch, dx, dy));
    for (const glyph of ink) best = Math.max(best, product(window, glyph));
  }
  return best;
}

/** Looks for the shift at which ink fits best, in steps of two and then of one, and for edges around it. */
function compare(patch: Float32Array, set: GlyphSet): Cell {
  const byInk = new Float32Array(ALPHABET.length).fill(-1);
  const byEdges = new Float32Array(ALPHABET.length).fill(-1);
  let best = { likeness: -Infinity, dx: SLACK, dy: SLACK };
  for (const [dx, dy] of around(SLACK, SLACK, 2)) {
    const likeness = raise(byInk, unit(inkOf(patch, dx, dy)), set.ink);
    if (likeness > best.likeness) best = { likeness, dx, dy };
  }
  const edges = edgesOf(patch, WIDE, HIGH);
  for (const [dx, dy] of around(best.dx, best.dy, 1)) {
    raise(byInk, unit(inkOf(patch, dx, dy)), set.ink);
    raise(byEdges, unit(edgeWindow(edges, dx, dy)), set.edges);
  }
  return { byInk, byEdges };
}

/** The nine places around one, as far as a patch has them. */
function around(x: number, y: number, step: number): readonly (readonly [number, number])[] {
  return [-step, 0, step]
    .flatMap((dy) => [-step, 0, step].map((dx) => [x + dx, y + dy] as const))
    .filter(([dx, dy]) => dx >= 0 && dy >= 0 && dx <= 2 * SLACK && dy <= 2 * SLACK);
}

/** Raises the likeness of each glyph to that of this window, and returns the highest of them. */
function raise(
  likeness: Float32Array,
  window: Float32Array,
  glyphs: readonly Float32Array[],
): number {
  let highest = -1;
  for (let i = 0; i < glyphs.length; i += 1) {
    const value = product(window, glyphs[i] as Float32Array);
    if (value > (likeness[i] as number)) likeness[i] = value;
    if (value > highest) highest = value;
  }
  return highest;
}

function inkOf(patch: Float32Array, dx: number, dy: number): Float32Array {
  const window = new Float32Array(GLYPH.width * GLYPH.height);
  for (let y = 0; y < GLYPH.height; y += 1) {
    const from = (y + dy) * WIDE + dx;
    for (let x = 0; x < GLYPH.width; x += 1) {
      window[y * GLYPH.width + x] = -(patch[from + x] as number);
    }
  }
  return window;
}

function edgeWindow(edges: Float32Array, dx: number, dy: number): Float32Array {
  const window = new Float32Array(GLYPH.width * GLYPH.height * 2);
  for (let y = 0; y < GLYPH.height; y += 1) {
    const from = ((y + dy) * WIDE + dx) * 2;
    window.set(edges.subarray(from, from + GLYPH.width * 2), y * GLYPH.width * 2);
  }
  return window;
}

function product(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i += 1) sum += (one[i] as number) * (other[i] as number);
  return sum;
}
