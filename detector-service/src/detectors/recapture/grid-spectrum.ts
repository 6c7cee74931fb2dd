import type { Pixels } from '../../intake/image.js';
import { TileTransform } from './fourier.js';

/** Pixels of a tile's side. */
export const TILE = 128;
const HALF = TILE / 2;
/** Columns of a spectrum: the other half mirrors these. */
export const COLUMNS = HALF + 1;
/** Tiles along each side of the picture that are looked at. */
const PER_SIDE = 3;
/** Half the side of the square that a frequency is compared with, and half the length along its row and column, in bins. */
const REACH = 5;
const LINE_REACH = 10;
/** Keeps the logarithm of pictures without any noise finite; a 20th of what noise of one grey level has. */
const FLOOR = 100;

/**
 * By how much each frequency stands out of its surroundings, as a mean over tiles in nats: {@link TILE} rows from minus half a cycle a pixel, by
 * {@link COLUMNS} columns from 0.
 */
export interface GridSpectrum {
  readonly luma: Float32Array;
  /** Red against blue: screens shine in stripes of red, green and blue, which a camera's grid turns into coloured bands. */
  readonly chroma: Float32Array;
}

const transform = new TileTransform(TILE);
const real = new Float64Array(TILE * TILE);
const imaginary = new Float64Array(TILE * TILE);
const WINDOW = Float64Array.from(
  { length: TILE },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / TILE),
);

/** @returns null where the picture is too small */
export function gridSpectrum(pixels: Pixels): GridSpectrum | null {
  const { width, height } = pixels;
  if (Math.min(width, height) < PER_SIDE * TILE) return null;
  const luma = new Mean();
  const chroma = new Mean();
  for (let row = 0; row < PER_SIDE; row += 1) {
    for (let column = 0; column < PER_SIDE; column += 1) {
      const left = Math.round(((column + 0.5) * width) / PER_SIDE - HALF);
      const top = Math.round(((row + 0.5) * height) / PER_SIDE - HALF);
      transformTile(pixels, left, top);
      readSpectra(luma.next, chroma.next);
      luma.add();
      chroma.add();
    }
  }
  return { luma: luma.excess(), chroma: chroma.excess() };
}

/** Two real planes in one complex transform: their spectra are its even and odd parts. */
function transformTile({ data, width }: Pixels, left: number, top: number): void {
  for (let y = 0; y < TILE; y += 1) {
    let at = ((top + y) * width + left) * 3;
    for (let x = 0; x < TILE; x += 1, at += 3) {
      const r = data[at] as number;
      const g = data[at + 1] as number;
      const b = data[at + 2] as number;
      const weight = (WINDOW[x] as number) * (WINDOW[y] as number);
      real[y * TILE + x] = (0.299 * r + 0.587 * g + 0.114 * b - 128) * weight;
      imaginary[y * TILE + x] = (r - b) * weight;
    }
  }
  transform.transform(real, imaginary);
}

/** The logarithms of the power of both planes. */
function readSpectra(luma: Float32Array, chroma: Float32Array): void {
  for (let row = 0; row < TILE; row += 1) {
    const ky = row - HALF;
    for (let kx = 0; kx <= HALF; kx += 1) {
      const i = ((ky + TILE) % TILE) * TILE + kx;
      const j = ((TILE - ky) % TILE) * TILE + ((TILE - kx) % TILE);
      const re = real[i] as number;
      const im = imaginary[i] as number;
      const re2 = real[j] as number;
      const im2 = imaginary[j] as number;
      const to = row * COLUMNS + kx;
      luma[to] = Math.log(0.25 * ((re + re2) ** 2 + (im - im2) ** 2) + FLOOR);
      chroma[to] = Math.log(0.25 * ((im + im2) ** 2 + (re - re2) ** 2) + FLOOR);
    }
  }
}

/** Means over tiles of a spectrum, and of the strongest around each frequency: a slanted screen's grid is a little finer at one edge. */
class Mean {
  readonly next = new Float32Array(TILE * COLUMNS);
  private readonly sum = new Float32Array(TILE * COLUMNS);
  private readonly peaks = new Float32Array(TILE * COLUMNS);
  private readonly across = new Float32Array(TILE * COLUMNS);
  private tiles = 0;

  /** Adds what stands in `next`. */
  add(): void {
    const { next, sum, peaks, across } = this;
    this.tiles += 1;
    for (let i = 0; i < next.length; i += 1) {
      const column = i % COLUMNS;
      const own = next[i] as number;
      const left = column > 0 ? (next[i - 1] as number) : own;
      const right = column < COLUMNS - 1 ? (next[i + 1] as number) : own;
      across[i] = Math.max(own, left, right);
      sum[i] = (sum[i] as number) + own;
    }
    for (let i = 0; i < next.length; i += 1) {
      const own = across[i] as number;
      const above = i >= COLUMNS ? (across[i - COLUMNS] as number) : own;
      const below = i < next.length - COLUMNS ? (across[i + COLUMNS] as number) : own;
      peaks[i] = (peaks[i] as number) + Math.max(own, above, below);
    }
  }

  /**
   * What stands out of the square around it and of the row and column through it, whichever is stronger: edges of pictures and of things fill whole rows and
   * columns.
   */
  excess(): Float32Array {
    const { peaks, tiles } = this;
    const sums = integral(this.sum);
    const excess = new Float32Array(TILE * COLUMNS);
    for (let row = 0; row < TILE; row += 1) {
      for (let column = 0; column < COLUMNS; column += 1) {
        const around = Math.max(
          boxMean(sums, row, column, REACH, REACH),
          boxMean(sums, row, column, LINE_REACH, 0),
          boxMean(sums, row, column, 0, LINE_REACH),
        );
        const at = row * COLUMNS + column;
        excess[at] = ((peaks[at] as number) - around) / tiles;
      }
    }
    return excess;
  }
}

const WIDE = COLUMNS + 1;

function integral(values: Float32Array): Float64Array {
  const sums = new Float64Array(WIDE * (TILE + 1));
  for (let y = 0; y < TILE; y += 1) {
    let row = 0;
    for (let x = 0; x < COLUMNS; x += 1) {
      row += values[y * COLUMNS + x] as number;
      sums[(y + 1) * WIDE + x + 1] = (sums[y * WIDE + x + 1] as number) + row;
    }
  }
  return sums;
}

function boxMean(
  sums: Float64Array,
  row: number,
  column: number,
  down: number,
  across: number,
): number {
  const top = Math.max(0, row - down);
  const bottom = Math.min(TILE, row + down + 1);
  const left = Math.max(0, column - across);
  const right = Math.min(COLUMNS, column + across + 1);
  const sum =
    (sums[bottom * WIDE + right] as number) -
    (sums[top * WIDE + right] as number) -
    (sums[bottom * WIDE + left] as number) +
    (sums[top * WIDE + left] as number);
  return sum / ((bottom - top) * (right - left));
}
