import type { Point } from './points.js';
import { sample, type Plane } from './plane.js';

const SIDE = 8;
/** Values of one descriptor. */
export const LENGTH = SIDE * SIDE;
const SPACING = 3;
/** Words of 32 bits of one sketch. */
export const WORDS = 2;

/** How a point is described: as it lies, or turned to the direction of its gradients; mirrored or not. */
export interface Pose {
  readonly isSteered: boolean;
  readonly isMirrored: boolean;
}

/** A described point in pixels of the whole picture. */
export interface Feature extends Point {
  /** Radians by which the patch was turned. */
  readonly angle: number;
  /** Pixels of the picture to one of the plane. */
  readonly scale: number;
}

export interface Description {
  readonly features: readonly Feature[];
  /** `LENGTH` values a feature, mean 0 and norm 1: the squared distance of two is 2 - 2 x correlation. */
  readonly values: Float32Array;
  /** `WORDS` words a feature: signs of differences. */
  readonly sketch: Int32Array;
}

/**
 * Patches of 24 x 24 pixels as 8 x 8 samples of a blurred plane, freed of brightness and contrast.
 *
 * @param scale pixels of the whole picture to one of the plane
 */
export function describe(
  plane: Plane,
  points: readonly Point[],
  pose: Pose,
  scale: number,
): Description {
  const values = new Float32Array(points.length * LENGTH);
  const sketch = new Int32Array(points.length * WORDS);
  const features = points.map(({ x, y }, i): Feature => {
    const angle = pose.isSteered ? direction(plane, x, y, pose.isMirrored) : 0;
    const patch = values.subarray(i * LENGTH, (i + 1) * LENGTH);
    fill(patch, plane, x, y, angle, pose.isMirrored);
    normalise(patch);
    sketch.set(sketchOf(patch), i * WORDS);
    return { x: x * scale, y: y * scale, angle, scale };
  });
  return { features, values, sketch };
}

function fill(
  patch: Float32Array,
  plane: Plane,
  x: number,
  y: number,
  angle: number,
  isMirrored: boolean,
): void {
  const cos = Math.cos(angle) * SPACING;
  const sin = Math.sin(angle) * SPACING;
  const flip = isMirrored ? -1 : 1;
  for (let row = 0; row < SIDE; row += 1) {
    for (let column = 0; column < SIDE; column += 1) {
      const u = column - (SIDE - 1) / 2;
      const v = row - (SIDE - 1) / 2;
      // A mirrored patch is turned in the mirror, then seen in it.
      const dx = flip * (cos * u - sin * v);
      patch[row * SIDE + column] = sample(plane, x + dx, y + sin * u + cos * v);
    }
  }
}

/** Direction of the mean gradient within 8 pixels, in the mirror where asked for. */
function direction(plane: Plane, x: number, y: number, isMirrored: boolean): number {
  const { data, width } = plane;
  const left = Math.round(x);
  const top = Math.round(y);
  let across = 0;
  let down = 0;
  for (let dy = -8; dy <= 8; dy += 1) {
    for (let dx = -8; dx <= 8; dx += 1) {
      const distance = dx * dx + dy * dy;
      if (distance > 64) continue;
      const weight = 1 - distance / 80;
      const at = (top + dy) * width + left + dx;
      across += weight * ((data[at + 1] as number) - (data[at - 1] as number));
      down += weight * ((data[at + width] as number) - (data[at - width] as number));
    }
  }
  return Math.atan2(down, isMirrored ? -across : across);
}

function normalise(patch: Float32Array): void {
  let sum = 0;
  for (const value of patch) sum += value;
  const mean = sum / LENGTH;
  let squares = 0;
  for (const value of patch) squares += (value - mean) ** 2;
  const norm = Math.sqrt(squares) + 1e-6;
  for (let i = 0; i < LENGTH; i += 1) patch[i] = ((patch[i] as number) - mean) / norm;
}

/** Each bit compares two samples that lie apart: sample `i` with the one 27 further on, in turn. */
function sketchOf(patch: Float32Array): Int32Array {
  const words = new Int32Array(WORDS);
  for (let i = 0; i < LENGTH; i += 1) {
    const other = patch[(i + 27) % LENGTH] as number;
    if ((patch[i] as number) > other) {
      words[i >> 5] = (words[i >> 5] as number) | (1 << (i & 31));
    }
  }
  return words;
}
