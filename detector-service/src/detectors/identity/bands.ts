import { withMemory } from '../../kernels/memory.js';
import { blobsOf, type Blob } from './blobs.js';
import type { Grey } from './grey.js';

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
  return withMemory(4 * (3 * values.length + width) + 256, (memory) => {
    const grey = memory.floats(values.length);
    grey.set(values);
    const density = memory.floats(values.length);
    const room = memory.floats(values.length + width);
    memory.kernels.stripes(
      grey.byteOffset,
      density.byteOffset,
      width,
      height,
      radius,
      room.byteOffset,
    );
    return density.slice();
  });
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

/** A turned rectangle that is cut out, in pixels of the picture that it is cut from. */
interface Cut {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  /** Pixels of the picture to one of the strip. */
  readonly step: number;
  /** Pixels of the strip. */
  readonly height: number;
}

function cutOf(band: Band, scale: number): Cut {
  const length = band.length * scale * STRIP_MARGIN;
  // Where only one line of a zone was found, the others lie next to it.
  const lines = band.length / band.thickness > 16 ? 5 : 1.9;
  const breadth = band.thickness * scale * lines + length * 0.02;
  const step = length / STRIP_WIDTH;
  const height = Math.min(600, Math.max(24, Math.round(breadth / step)));
  return { x: band.x * scale, y: band.y * scale, angle: band.angle, step, height };
}

/**
 * The upright rectangle that {@link cutBand} reads, as it lies in a picture of this size; it may be empty where the band hardly touches the picture.
 *
 * @param scale pixels of the picture per pixel of the one in which the band was found
 */
export function readBy(
  band: Band,
  scale: number,
  { width, height }: { readonly width: number; readonly height: number },
): {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
} {
  const cut = cutOf(band, scale);
  const cos = Math.abs(Math.cos(cut.angle));
  const sin = Math.abs(Math.sin(cut.angle));
  const across = ((STRIP_WIDTH * cos + cut.height * sin) * cut.step) / 2 + NEIGHBOURS;
  const down = ((STRIP_WIDTH * sin + cut.height * cos) * cut.step) / 2 + NEIGHBOURS;
  const left = Math.max(0, Math.min(width - NEIGHBOURS, Math.floor(cut.x - across)));
  const top = Math.max(0, Math.min(height - NEIGHBOURS, Math.floor(cut.y - down)));
  return {
    left,
    top,
    width: Math.min(width, Math.ceil(cut.x + across)) - left,
    height: Math.min(height, Math.ceil(cut.y + down)) - top,
  };
}

/** Pixels around a strip that its samples reach for. */
const NEIGHBOURS = 3;

/**
 * A band cut out upright.
 *
 * @param grey the picture, or what of it {@link readBy} names
 * @param scale pixels of `grey` per pixel of the picture in which the band was found
 * @param origin of `grey` in the picture
 */
export function cutBand(
  { values, width, height }: Grey,
  band: Band,
  scale: number,
  origin: { readonly left: number; readonly top: number },
): Grey {
  const cut = cutOf(band, scale);
  const length = STRIP_WIDTH * cut.height;
  return withMemory(4 * (values.length + length) + 256, (memory) => {
    const grey = memory.floats(values.length);
    grey.set(values);
    const strip = memory.floats(length);
    memory.kernels.cut(
      grey.byteOffset,
      width,
      height,
      cut.x - origin.left,
      cut.y - origin.top,
      Math.cos(cut.angle) * cut.step,
      Math.sin(cut.angle) * cut.step,
      strip.byteOffset,
      STRIP_WIDTH,
      cut.height,
    );
    return { values: strip.slice(), width: STRIP_WIDTH, height: cut.height };
  });
}
