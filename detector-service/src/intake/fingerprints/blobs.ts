/** Finds the places that a picture shows again after it was cropped, resized, mirrored or compressed: blobs in scale space. */

import { gaussianBlur } from '../gaussian.js';

/** Grey values 0..255, row by row. */
export interface GreyPicture {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** A blob: its centre and size in pixels of the picture. */
export interface Blob {
  readonly x: number;
  readonly y: number;
  /** Standard deviation of the Gaussian that fits it. */
  readonly sigma: number;
  readonly contrast: number;
}

const FIRST_SIGMA = 2;
const STEP = 2 ** (1 / 3);
const LEVELS = 9;
/** Difference of Gaussians in grey levels below which a blob is noise. */
const LEAST_CONTRAST = 2;

/**
 * Extrema of the difference of Gaussians over place and scale, refined to parts of a pixel (Lowe 2004, sections 3 and 4, without orientation: copies are
 * seldom turned by odd angles, and turned by right angles a blob stays a blob).
 *
 * @returns the strongest first
 */
export function findBlobs(picture: GreyPicture): readonly Blob[] {
  const { width, height } = picture;
  const smooth = [gaussianBlur(picture.values, width, height, FIRST_SIGMA)];
  for (let level = 1; level <= LEVELS; level += 1) {
    // Blurs add up by their squares, so each level needs only what it has more than the one before.
    const before = FIRST_SIGMA * STEP ** (level - 1);
    const values = smooth[level - 1] as Float32Array;
    smooth.push(gaussianBlur(values, width, height, before * Math.sqrt(STEP ** 2 - 1)));
  }
  const differences = smooth
    .slice(1)
    .map((above, level) => subtract(above, smooth[level] as Float32Array));
  const blobs: Blob[] = [];
  for (let level = 1; level < differences.length - 1; level += 1) {
    const layers: Layers = [
      differences[level - 1] as Float32Array,
      differences[level] as Float32Array,
      differences[level + 1] as Float32Array,
    ];
    const here = layers[1];
    for (let y = 1; y < height - 1; y += 1) {
      for (let x = 1; x < width - 1; x += 1) {
        const at = y * width + x;
        const value = here[at] as number;
        if (Math.abs(value) < LEAST_CONTRAST || !isExtremum(layers, at, width, value)) continue;
        blobs.push(refine(layers, at, width, level, value));
      }
    }
  }
  return blobs.sort((left, right) => right.contrast - left.contrast);
}

/** Differences of one scale and of the scales beside it. */
type Layers = readonly [below: Float32Array, here: Float32Array, above: Float32Array];

function isExtremum(
  [below, here, above]: Layers,
  at: number,
  width: number,
  value: number,
): boolean {
  const sign = Math.sign(value);
  const size = sign * value;
  // Its own plane first: there most places fail.
  for (let row = at - width; row <= at + width; row += width) {
    for (let i = row - 1; i <= row + 1; i += 1) {
      if (i !== at && sign * (here[i] as number) >= size) return false;
    }
  }
  for (let row = at - width; row <= at + width; row += width) {
    for (let i = row - 1; i <= row + 1; i += 1) {
      if (sign * (below[i] as number) >= size || sign * (above[i] as number) >= size) return false;
    }
  }
  return true;
}

/** A parabola along each axis puts the extremum between the samples. */
function refine(
  [below, here, above]: Layers,
  at: number,
  width: number,
  level: number,
  value: number,
): Blob {
  const x = peak(here[at - 1] as number, value, here[at + 1] as number);
  const y = peak(here[at - width] as number, value, here[at + width] as number);
  const scale = peak(below[at] as number, value, above[at] as number);
  return {
    x: (at % width) + x,
    y: Math.floor(at / width) + y,
    sigma: FIRST_SIGMA * STEP ** (level + scale),
    contrast: Math.abs(value),
  };
}

function peak(before: number, here: number, after: number): number {
  const bend = before - 2 * here + after;
  if (bend === 0) return 0;
  return Math.max(-0.5, Math.min(0.5, (before - after) / (2 * bend)));
}

function subtract(a: Float32Array, b: Float32Array): Float32Array {
  const result = new Float32Array(a.length);
  for (let i = 0; i < a.length; i += 1) result[i] = (a[i] as number) - (b[i] as number);
  return result;
}
