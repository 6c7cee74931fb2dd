import { greyRegion, greyWithin, type Pixels } from '../../intake/image.js';
import { cutBand, findBands, readBy, type Band } from './bands.js';
import { regionOf, transposed, upsideDown, type Grey } from './grey.js';
import { readCells, type Cell } from './reader.js';
import { findRows, type Row } from './rows.js';
import { zoneOf, type Zone } from './zone.js';

/** Longest side of the picture in which bands are looked for. */
const SEARCHED_SIDE = 512;
/** Longest side of the picture in which they are read. */
const READ_SIDE = 2600;
const MOST_BANDS = 4;
/** Mean likeness below which what was found is no zone, or one too poor to be read. */
const LEAST_LIKENESS = 0.6;
/** Above it, a reading needs no second one of the strip turned around. */
const UPRIGHT_LIKENESS = 0.9;

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export type Sighting =
  | {
      readonly kind: 'read';
      readonly zone: Zone;
      /** Quarter turns clockwise after which the picture is upright. */
      readonly quarterTurns: number;
      /** The zone cut out and upright. */
      readonly strip: Grey;
      /** The corners of a glyph in the strip. */
      readonly boxOf: (line: number, column: number) => Box;
    }
  /** Lines built like a zone whose glyphs cannot be told. */
  | { readonly kind: 'unreadable' };

/** Looks for a machine-readable zone in any of the four directions; null where nothing is built like one. */
export async function findZone(pixels: Pixels, small: Pixels): Promise<Sighting | null> {
  const searched: Grey = await greyWithin(small, SEARCHED_SIDE);
  const upright = findBands(searched, MOST_BANDS);
  const sideways = findBands(transposed(searched), MOST_BANDS);
  if (upright.length + sideways.length === 0) return null;
  const read = await readerOf(pixels);
  let sighting: Sighting | null = null;
  for (const bands of [upright, sideways]) {
    for (const band of bands) {
      const isSideways = bands === sideways;
      const strip = await cutFrom(read, band, isSideways, searched);
      const found = await readStrip(strip, isSideways);
      if (found?.kind === 'read') return found;
      sighting ??= found;
    }
  }
  return sighting;
}

/** A picture of which parts are read as grey values. */
interface Readable {
  readonly width: number;
  readonly height: number;
  region(left: number, top: number, width: number, height: number): Promise<Grey>;
}

/** At the size at which zones are read. Colours are turned to grey where a band lies only, unless all of the picture must be shrunk. */
async function readerOf(pixels: Pixels): Promise<Readable> {
  if (Math.max(pixels.width, pixels.height) <= READ_SIDE) {
    const { width, height } = pixels;
    return { width, height, region: (...place) => greyRegion(pixels, ...place) };
  }
  const shrunk = await greyWithin(pixels, READ_SIDE);
  const { width, height } = shrunk;
  return { width, height, region: (...place) => Promise.resolve(regionOf(shrunk, ...place)) };
}

async function cutFrom(
  picture: Readable,
  band: Band,
  isSideways: boolean,
  searched: Grey,
): Promise<Grey> {
  const scale = Math.max(picture.width, picture.height) / Math.max(searched.width, searched.height);
  if (!isSideways) {
    const { left, top, width, height } = readBy(band, scale, picture);
    return cutBand(await picture.region(left, top, width, height), band, scale, { left, top });
  }
  // Exchanging rows and columns mirrors; mirroring once more leaves a turn by a quarter.
  const turned = { width: picture.height, height: picture.width };
  const { left, top, width, height } = readBy(band, scale, turned);
  const part = transposed(await picture.region(top, left, height, width));
  return mirrored(cutBand(part, band, scale, { left, top }));
}

async function readStrip(upright: Grey, isSideways: boolean): Promise<Sighting | null> {
  const blocks = blocksOf(findRows(upright));
  if (blocks.length === 0) return null;
  let best: Extract<Sighting, { kind: 'read' }> | null = null;
  for (const strip of [upright, upsideDown(upright)]) {
    for (const block of strip === upright ? blocks : blocksOf(findRows(strip))) {
      const cells: (readonly Cell[])[] = [];
      for (const { row, first, count } of block) {
        cells.push(await readCells(strip, row, first, count));
      }
      const zone = zoneOf(cells);
      if (!zone || zone.likeness <= (best?.zone.likeness ?? LEAST_LIKENESS)) continue;
      best = {
        kind: 'read',
        zone,
        quarterTurns: (isSideways ? 1 : 0) + (strip === upright ? 0 : 2),
        strip,
        boxOf: (line, column) => boxOf(block[line], column),
      };
    }
    // Many glyphs look like others when upside down, but never as much as upright ones look like themselves.
    if (best && best.zone.likeness > UPRIGHT_LIKENESS) break;
  }
  return best ?? { kind: 'unreadable' };
}

function boxOf(line: Line | undefined, column: number): Box {
  if (!line) return { left: 0, top: 0, right: 0, bottom: 0 };
  const [x, y] = line.row.at(line.first + column);
  const [wide, high] = [line.row.pitch / 2, line.row.height * 0.75];
  return { left: x - wide, top: y - high, right: x + wide, bottom: y + high };
}

function mirrored({ values, width, height }: Grey): Grey {
  const out = new Float32Array(values.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1)
      out[y * width + x] = values[(y + 1) * width - 1 - x] as number;
  }
  return { values: out, width, height };
}

interface Line {
  readonly row: Row;
  readonly first: number;
  readonly count: number;
}

const SHAPES = [
  { lines: 3, width: 30 },
  { lines: 2, width: 44 },
  { lines: 2, width: 36 },
] as const;

/** Neighbouring rows with the number of lines and glyphs of one of the formats. */
function blocksOf(rows: readonly Row[]): readonly (readonly Line[])[] {
  const blocks: (readonly Line[])[] = [];
  for (const { lines, width } of SHAPES) {
    for (let start = 0; start + lines <= rows.length; start += 1) {
      const block = blockOf(rows.slice(start, start + lines), width);
      if (block) blocks.push(block);
    }
  }
  return blocks;
}

function blockOf(rows: readonly Row[], width: number): readonly Line[] | null {
  const frame = rows.find((row) => row.last - row.first + 1 === width);
  if (!frame || !areStacked(rows)) return null;
  const [left] = frame.at(frame.first);
  const lines = rows.map((row) => {
    const first = Math.round(row.indexAt(left));
    return { row, first, count: width };
  });
  const isAligned = lines.every(
    ({ row, first }) => first >= row.first - 2 && first + width - 1 <= row.last + 2,
  );
  return isAligned ? lines : null;
}

/** Line spacing is a sixth of an inch where glyphs are a tenth apart; perspective and cards' printers vary it. */
function areStacked(rows: readonly Row[]): boolean {
  return rows.slice(1).every((row, i) => {
    const above = rows[i] as Row;
    const x = above.at((above.first + above.last) / 2)[0];
    const gap = row.at(row.indexAt(x))[1] - above.at(above.indexAt(x))[1];
    return (
      gap > 0.9 * row.pitch && gap < 2.6 * row.pitch && Math.abs(row.pitch / above.pitch - 1) < 0.08
    );
  });
}
