/** Patches of 8 x 8 samples and their comparison. */
import { sample } from './planes';

const SIDE = 8;
const LENGTH = SIDE * SIDE;
const SPACING: f64 = 3;

/**
 * Weighted sums of gradients within 8 pixels of each point.
 *
 * @param points pairs of x and y, f64, no closer to the edge than 9 pixels
 * @param to pairs of sums across and down, f64
 */
export function directions(plane: usize, width: i32, points: usize, count: i32, to: usize): void {
  const stride = (<usize>width) << 2;
  for (let i = 0; i < count; i += 1) {
    const left = <i32>Math.floor(load<f64>(points) + 0.5);
    const top = <i32>Math.floor(load<f64>(points + 8) + 0.5);
    let across: f64 = 0;
    let down: f64 = 0;
    for (let dy = -8; dy <= 8; dy += 1) {
      for (let dx = -8; dx <= 8; dx += 1) {
        const distance = dx * dx + dy * dy;
        if (distance > 64) continue;
        const weight = 1 - <f64>distance / 80;
        const at = plane + ((<usize>((top + dy) * width + left + dx)) << 2);
        across += weight * (<f64>load<f32>(at + 4) - <f64>load<f32>(at - 4));
        down += weight * (<f64>load<f32>(at + stride) - <f64>load<f32>(at - stride));
      }
    }
    store<f64>(to, across);
    store<f64>(to + 8, down);
    points += 16;
    to += 16;
  }
}

/**
 * Describes each point by 64 values of mean 0 and norm 1, and by the signs of their differences.
 *
 * @param points x, y, cosine and sine of the angle by which the patch is turned, f64
 * @param flip -1 to see the patch in a mirror, otherwise 1
 * @param values 64 a point, f32
 * @param sketches 64 bits a point
 */
export function describe(
  plane: usize,
  width: i32,
  height: i32,
  points: usize,
  count: i32,
  flip: f64,
  values: usize,
  sketches: usize,
): void {
  for (let i = 0; i < count; i += 1) {
    const x = load<f64>(points);
    const y = load<f64>(points + 8);
    const cos = load<f64>(points + 16) * SPACING;
    const sin = load<f64>(points + 24) * SPACING;
    let at = values;
    for (let row = 0; row < SIDE; row += 1) {
      const v = <f64>row - 3.5;
      for (let column = 0; column < SIDE; column += 1) {
        const u = <f64>column - 3.5;
        // A mirrored patch is turned in the mirror, then seen in it.
        const dx = flip * (cos * u - sin * v);
        store<f32>(at, <f32>sample(plane, width, height, x + dx, y + sin * u + cos * v));
        at += 4;
      }
    }
    normalise(values);
    store<u64>(sketches, sketchOf(values));
    points += 32;
    values += LENGTH << 2;
    sketches += 8;
  }
}

function normalise(patch: usize): void {
  const end = patch + (LENGTH << 2);
  let sum: f64 = 0;
  for (let at = patch; at < end; at += 4) sum += <f64>load<f32>(at);
  const mean = sum / <f64>LENGTH;
  let squares: f64 = 0;
  for (let at = patch; at < end; at += 4) {
    const apart = <f64>load<f32>(at) - mean;
    squares += apart * apart;
  }
  const norm = Math.sqrt(squares) + 1e-6;
  for (let at = patch; at < end; at += 4) {
    store<f32>(at, <f32>((<f64>load<f32>(at) - mean) / norm));
  }
}

/** Each bit compares two samples that lie apart: sample `i` with the one 27 further on, in turn. */
function sketchOf(patch: usize): u64 {
  let bits: u64 = 0;
  for (let i = 0; i < LENGTH; i += 1) {
    const other = load<f32>(patch + ((<usize>((i + 27) % LENGTH)) << 2));
    if (load<f32>(patch + ((<usize>i) << 2)) > other) bits |= (<u64>1) << (<u64>i);
  }
  return bits;
}
