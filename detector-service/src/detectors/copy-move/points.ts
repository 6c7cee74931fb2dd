import type { Plane } from './plane.js';
import { windowSums } from './regions.js';

/** Distinctive places: centre in pixels of the plane they were found in. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** No closer to the edge than the descriptor reaches when it is turned. */
export const EDGE = 17;
/** Corner strength below which a place is noise on a flat ground. */
const LEAST_STRENGTH = 3;
const CELL = 32;
/** Half the side of the window over which gradients are gathered. */
const WINDOW = 2;

/**
 * Corners after Harris and Stephens (1988), the local maxima of the smaller-eigenvalue proxy, at most `budget`. Cells of 32 x 32 pixels take
 * turns, each with its strongest first, so that a lively part of the picture does not starve a quiet one, nor any beginning of the list.
 *
 * @param plane luma, slightly blurred
 */
export function findPoints(plane: Plane, budget: number): Point[] {
  const { width, height } = plane;
  const strength = cornerStrength(plane);
  const columns = Math.ceil(width / CELL);
  const cells: { x: number; y: number; strength: number }[][] = Array.from(
    { length: columns * Math.ceil(height / CELL) },
    () => [],
  );
  for (let y = EDGE; y < height - EDGE; y += 1) {
    for (let x = EDGE; x < width - EDGE; x += 1) {
      const value = strength[y * width + x] as number;
      if (value < LEAST_STRENGTH || !isPeak(strength, width, x, y)) continue;
      cells[Math.floor(y / CELL) * columns + Math.floor(x / CELL)]?.push({ x, y, strength: value });
    }
  }
  return cells
    .flatMap((cell) =>
      cell.sort((a, b) => b.strength - a.strength).map((place, turn) => ({ ...place, turn })),
    )
    .sort((a, b) => a.turn - b.turn || b.strength - a.strength)
    .slice(0, budget)
    .map(({ x, y }) => refined(strength, width, x, y));
}

/** Determinant over trace of the gradients' covariance: the square of the contrast across the weaker direction. */
function cornerStrength(plane: Plane): Float32Array {
  const { data, width, height } = plane;
  const size = data.length;
  const xx = new Float32Array(size);
  const yy = new Float32Array(size);
  const xy = new Float32Array(size);
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      const dx = ((data[at + 1] as number) - (data[at - 1] as number)) / 2;
      const dy = ((data[at + width] as number) - (data[at - width] as number)) / 2;
      xx[at] = dx * dx;
      yy[at] = dy * dy;
      xy[at] = dx * dy;
    }
  }
  const a = windowSums(xx, width, WINDOW);
  const b = windowSums(yy, width, WINDOW);
  const c = windowSums(xy, width, WINDOW);
  const scale = 1 / (2 * WINDOW + 1) ** 2;
  const strength = new Float32Array(size);
  for (let at = 0; at < size; at += 1) {
    const p = a[at] as number;
    const q = b[at] as number;
    const r = c[at] as number;
    strength[at] = (scale * (p * q - r * r)) / (p + q + 1e-6);
  }
  return strength;
}

/** Of equal neighbours the first counts. */
function isPeak(strength: Float32Array, width: number, x: number, y: number): boolean {
  const at = y * width + x;
  const value = strength[at] as number;
  for (let row = at - 2 * width; row <= at + 2 * width; row += width) {
    for (let i = row - 2; i <= row + 2; i += 1) {
      const other = strength[i] as number;
      if (other > value || (other === value && i < at)) return false;
    }
  }
  return true;
}

/** The peak of the parabolas through a maximum and its neighbours. */
function refined(strength: Float32Array, width: number, x: number, y: number): Point {
  const at = y * width + x;
  const shift = (step: number): number => {
    const before = strength[at - step] as number;
    const after = strength[at + step] as number;
    const bend = before - 2 * (strength[at] as number) + after;
    return bend < 0 ? Math.max(-0.5, Math.min(0.5, (before - after) / (2 * bend))) : 0;
  };
  return { x: x + shift(1), y: y + shift(width) };
}
