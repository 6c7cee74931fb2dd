import { blobsOf, type Blob } from './blobs.js';
import { sample, type Grey } from './grey.js';

/** A long, thin, densely striped place, as lines of print make it. In pixels of the picture it was found in. */
export interface Band {
  readonly x: number;
  readonly y: number;
  /** Radians, downwards to the right. */
  readonly angle: number;
  readonly length: number;
  readonly thickness: number;
}

/** Of the picture's longer side; a shorter zone has fewer than 10 pixels a glyph in a picture of 1280. */
const SHORTEST = 0.28;
/** A zone of three lines of 30 glyphs is about 6 times as long as high, a single line of 44 about 40 times. */
const LEAST_ASPECT = 4.5;
const LEAST_FILL = 0.55;
const STEEPEST = 0.35;
const MOST_BLOBS = 4_000;

/** Where lines of print may be, the longest first. Cheap, since every picture is searched: a few milliseconds at 512 pixels. */
export function findBands(grey: Grey, most: number): readonly Band[] {
  const { width, height } = grey;
  const density = stripes(grey);
  const shortest = SHORTEST * Math.max(width, height);
  const found: Band[] = [];
  for (const limit of thresholds(density)) {
    const mask = new Uint8Array(density.length);
    for (let i = 0; i < mask.length; i += 1) mask[i] = (density[i] as number) > limit ? 1 : 0;
    const bands = blobsOf(mask, width, height, MOST_BLOBS)
      .filter(({ left, right }) => right - left >= shortest)
      .flatMap((blob) => bandOf(blob, shortest) ?? []);
    found.push(...joined(bands).filter((band) => !found.some((other) => isSame(band, other))));
  }
  return found.sort((one, other) => other.length - one.length).slice(0, most);
}

function isSame(one: Band, other: Band): boolean {
  const distance = Math.hypot(one.x - other.x, one.y - other.y);
  return distance < one.thickness && Math.abs(one.length - other.length) < 0.1 * one.length;
}

/** Mean horizontal contrast over a window a few glyphs wide. */
function stripes({ values, width, height }: Grey): Float32Array {
  const radius = Math.max(6, Math.round(Math.max(width, height) * 0.018));
  const across = new Float32Array(values.length);
  const contrast = new Float32Array(width);
  for (let y = 0; y < height; y += 1) {
    const row = y * width;
    for (let x = 1; x < width - 1; x += 1) {
      contrast[x] = Math.abs((values[row + x + 1] as number) - (values[row + x - 1] as number));
    }
    let sum = 0;
    for (let x = 0; x < width + radius; x += 1) {
      if (x < width) sum += contrast[x] as number;
      if (x > 2 * radius) sum -= contrast[x - 2 * radius - 1] as number;
      if (x >= radius) across[row + x - radius] = sum / (2 * radius + 1);
    }
  }
  const out = new Float32Array(values.length);
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * width + x;
      out[at] =
        ((across[at - width] as number) + (across[at] as number) + (across[at + width] as number)) /
        3;
    }
  }
  return out;
}

/** A low one for faint print, a higher one where patterns around the zone would join it. */
function thresholds(density: Float32Array): readonly number[] {
  let sum = 0;
  let squares = 0;
  for (const value of density) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / density.length;
  const deviation = Math.sqrt(Math.max(0, squares / density.length - mean * mean));
  return [0.7, 1.6].map((steps) => Math.max(9, mean + steps * deviation));
}

function bandOf(blob: Blob, shortest: number): Band | null {
  const { pixels } = blob;
  const x = blob.sumX / pixels;
  const y = blob.sumY / pixels;
  const xx = blob.sumXX / pixels - x * x;
  const yy = blob.sumYY / pixels - y * y;
  const xy = blob.sumXY / pixels - x * y;
  const angle = 0.5 * Math.atan2(2 * xy, xx - yy);
  const spread = Math.hypot((xx - yy) / 2, xy);
  const length = Math.sqrt(12 * ((xx + yy) / 2 + spread));
  const thickness = Math.sqrt(12 * Math.max(0.1, (xx + yy) / 2 - spread));
  const isBand =
    length >= shortest &&
    length / thickness >= LEAST_ASPECT &&
    pixels >= LEAST_FILL * length * thickness &&
    Math.abs(angle) <= STEEPEST;
  return isBand ? { x, y, angle, length, thickness } : null;
}

/** Lines of one zone stand close together and are equally long. */
function joined(bands: readonly Band[]): Band[] {
  const left = [...bands].sort((one, other) => other.length - one.length);
  const out: Band[] = [];
  while (left.length > 0) {
    let band = left.shift() as Band;
    for (let i = 0; i < left.length; i += 1) {
      const other = left[i] as Band;
      if (!areNeighbours(band, other)) continue;
      band = union(band, other);
      left.splice(i, 1);
      i = -1;
    }
    if (band.length / band.thickness >= LEAST_ASPECT) out.push(band);
  }
  return out;
}

function areNeighbours(one: Band, other: Band): boolean {
  if (other.length < 0.75 * one.length || Math.abs(one.angle - other.angle) > 0.06) return false;
  const along = Math.abs(
    (other.x - one.x) * Math.cos(one.angle) + (other.y - one.y) * Math.sin(one.angle),
  );
  const across = Math.abs(
    (other.y - one.y) * Math.cos(one.angle) - (other.x - one.x) * Math.sin(one.angle),
  );
  const gap = across - (one.thickness + other.thickness) / 2;
  return along < 0.15 * one.length && gap < 1.6 * Math.min(one.thickness, other.thickness);
}

function union(one: Band, other: Band): Band {
  const across = (other.y - one.y) * Math.cos(one.angle) - (other.x - one.x) * Math.sin(one.angle);
  const low = Math.min(-one.thickness / 2, across - other.thickness / 2);
  const high = Math.max(one.thickness / 2, across + other.thickness / 2);
  const shift = (low + high) / 2;
  return {
    x: one.x - shift * Math.sin(one.angle),
    y: one.y + shift * Math.cos(one.angle),
    angle: one.angle,
    length: Math.max(one.length, other.length),
    thickness: high - low,
  };
}

/** Width of {@link cutBand}'s pictures: some 27 pixels a glyph in lines of 44, 39 in lines of 30. */
const STRIP_WIDTH = 1320;
const STRIP_MARGIN = 1.1;

/** A band cut out upright, and where its pixels lie in the picture. */
export interface Strip {
  readonly grey: Grey;
  /** To a place in the picture that was cut from, from one in the strip. */
  place(x: number, y: number): readonly [x: number, y: number];
}

/**
 * @param scale pixels of `grey` per pixel of the picture in which the band was found
 */
export function cutBand(grey: Grey, band: Band, scale: number): Strip {
  const length = band.length * scale * STRIP_MARGIN;
  // Where only one line of a zone was found, the others lie next to it.
  const lines = band.length / band.thickness > 16 ? 5 : 1.9;
  const breadth = band.thickness * scale * lines + length * 0.02;
  const step = length / STRIP_WIDTH;
  const height = Math.min(600, Math.max(24, Math.round(breadth / step)));
  const cos = Math.cos(band.angle) * step;
  const sin = Math.sin(band.angle) * step;
  const place = (x: number, y: number): readonly [number, number] => {
    const along = x - STRIP_WIDTH / 2;
    const across = y - height / 2;
    return [
      band.x * scale + along * cos - across * sin,
      band.y * scale + along * sin + across * cos,
    ];
  };
  const values = new Float32Array(STRIP_WIDTH * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < STRIP_WIDTH; x += 1) {
      const [fromX, fromY] = place(x, y);
      values[y * STRIP_WIDTH + x] = sample(grey, fromX, fromY);
    }
  }
  return { grey: { values, width: STRIP_WIDTH, height }, place };
}
