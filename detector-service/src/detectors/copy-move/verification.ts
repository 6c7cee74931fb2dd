import { moved, type Movement, type Movers } from './movement.js';
import { sample, type Plane } from './plane.js';
import { connectedTo, majority, windowSums, type Box } from './regions.js';

/** A region that repeats elsewhere in the picture. */
export interface Repetition {
  readonly movement: Movement;
  /** Over the whole plane: 1 in the region, 2 in its copy. Which of the two is the original cannot be told. */
  readonly mask: Uint8Array;
  /** Corners that follow the movement. */
  readonly corners: number;
  /** Pixels of the region alone. */
  readonly area: number;
  /** Mean correlation of fine detail within the region, 0..1. */
  readonly likeness: number;
}

/** Pixels around the matches in which the region may lie. */
const MARGIN = 64;
/** Half the side of the window over which fine detail is compared. */
const RADIUS = 5;
/** Mean square of fine detail below which a place is flat and says nothing. */
const LEAST_ENERGY = 1;
/** Share of the region that may run into its own copy; more means a pattern that repeats itself. */
const MOST_OVERLAP = 0.2;
/** Share of the picture above which a region is the ground, not a thing on it. */
const MOST_SHARE = 0.3;
const SPECK = 3;
const REGION = 1;
const COPY = 2;

/**
 * Compares fine detail, which carries grain and the marks of compression, pixel by pixel along a movement. Things that merely look alike agree in shape
 * but not in grain.
 *
 * @param detail high-pass plane of the whole picture
 * @param least correlation from which a place counts as the same
 * @returns null where no region remains
 */
export function verify(detail: Plane, movers: Movers, least: number): Repetition | null {
  const points = movers.matches.map(({ from }) => from);
  const box = boxAround(detail, points);
  const movement = sharpened(detail, movers.movement, points);
  const correlation = correlate(detail, movement, box);
  const alike = Uint8Array.from(correlation, (value) => (value >= least ? 1 : 0));
  const seeds = points.map(({ x, y }) => indexIn(box, Math.round(x), Math.round(y)));
  const region = connectedTo(majority(alike, box.width, SPECK), box.width, seeds);

  let area = 0;
  let overlap = 0;
  let likeness = 0;
  const mask = new Uint8Array(detail.data.length);
  forEachSet(region, box, (x, y, at) => {
    const [toX, toY] = moved(movement, x, y).map(Math.round) as [number, number];
    area += 1;
    likeness += correlation[at] as number;
    if (region[indexIn(box, toX, toY)] === 1) overlap += 1;
    if (isInside(detail, toX, toY)) mask[toY * detail.width + toX] = COPY;
  });
  forEachSet(region, box, (x, y) => {
    mask[y * detail.width + x] = REGION;
  });
  const isPattern = overlap > MOST_OVERLAP * area || area > MOST_SHARE * mask.length;
  if (area === 0 || isPattern) return null;
  return { movement, mask, corners: points.length, area, likeness: likeness / area };
}

function boxAround(
  { width, height }: Plane,
  points: readonly { readonly x: number; readonly y: number }[],
): Box {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const left = Math.max(0, Math.floor(Math.min(...xs)) - MARGIN);
  const top = Math.max(0, Math.floor(Math.min(...ys)) - MARGIN);
  return {
    left,
    top,
    width: Math.min(width, Math.ceil(Math.max(...xs)) + MARGIN) - left,
    height: Math.min(height, Math.ceil(Math.max(...ys)) + MARGIN) - top,
  };
}

/** -1 outside. */
function indexIn({ left, top, width, height }: Box, x: number, y: number): number {
  const column = x - left;
  const row = y - top;
  const isWithin = column >= 0 && row >= 0 && column < width && row < height;
  return isWithin ? row * width + column : -1;
}

function isInside({ width, height }: Plane, x: number, y: number): boolean {
  return x >= 0 && y >= 0 && x < width && y < height;
}

function forEachSet(
  region: Uint8Array,
  box: Box,
  visit: (x: number, y: number, at: number) => void,
): void {
  for (let at = 0; at < region.length; at += 1) {
    if (region[at] !== 1) continue;
    visit(box.left + (at % box.width), box.top + Math.floor(at / box.width), at);
  }
}

/** Correlation of fine detail around each pixel of the box with that around the place it moves to; 0 where either is flat or outside. */
function correlate(detail: Plane, movement: Movement, box: Box): Float32Array {
  const size = box.width * box.height;
  const here = new Float32Array(size);
  const there = new Float32Array(size);
  const both = new Float32Array(size);
  for (let at = 0; at < size; at += 1) {
    const x = box.left + (at % box.width);
    const y = box.top + Math.floor(at / box.width);
    const [toX, toY] = moved(movement, x, y);
    const a = detail.data[y * detail.width + x] as number;
    const b = isInside(detail, toX, toY) ? sample(detail, toX, toY) : 0;
    here[at] = a * a;
    there[at] = b * b;
    both[at] = a * b;
  }
  const [a, b, ab] = [here, there, both].map((values) => windowSums(values, box.width, RADIUS));
  const least = LEAST_ENERGY * (2 * RADIUS + 1) ** 2;
  return both.map((_, at) => {
    const p = a?.[at] ?? 0;
    const q = b?.[at] ?? 0;
    return p < least || q < least ? 0 : (ab?.[at] ?? 0) / Math.sqrt(p * q);
  });
}

/**
 * Moves the end point by fractions of a pixel to where fine detail agrees best: corners are found to a third of a pixel, grain needs better. What is
 * nearly a plain shift is also tried as one.
 */
function sharpened(
  detail: Plane,
  fitted: Movement,
  points: readonly { readonly x: number; readonly y: number }[],
): Movement {
  const step = Math.max(1, Math.floor(points.length / 24));
  const probes = points.filter((_, i) => i % step === 0);
  const isShift = !fitted.isMirrored && Math.hypot(fitted.a[0] - 1, fitted.a[1]) < 0.03;
  let best = fitted;
  let bestAgreement = agreement(detail, fitted, probes);
  const consider = (candidate: Movement): void => {
    const value = agreement(detail, candidate, probes);
    if (value > bestAgreement) [best, bestAgreement] = [candidate, value];
  };
  if (isShift) consider(asShift(fitted, probes));
  for (const reach of [1, 0.5, 0.25]) {
    const { a, b, isMirrored } = best;
    for (const dy of [-reach, 0, reach]) {
      for (const dx of [-reach, 0, reach]) consider({ a, b: [b[0] + dx, b[1] + dy], isMirrored });
    }
  }
  return best;
}

function asShift(
  fitted: Movement,
  points: readonly { readonly x: number; readonly y: number }[],
): Movement {
  let dx = 0;
  let dy = 0;
  for (const { x, y } of points) {
    const [toX, toY] = moved(fitted, x, y);
    dx += (toX - x) / points.length;
    dy += (toY - y) / points.length;
  }
  return { a: [1, 0], b: [Math.round(dx), Math.round(dy)], isMirrored: false };
}

/** Correlation of fine detail over the windows of some points. */
function agreement(
  detail: Plane,
  movement: Movement,
  points: readonly { readonly x: number; readonly y: number }[],
): number {
  let here = 1e-6;
  let there = 1e-6;
  let both = 0;
  for (const point of points) {
    for (let v = -RADIUS; v <= RADIUS; v += 2) {
      for (let u = -RADIUS; u <= RADIUS; u += 1) {
        const x = Math.round(point.x) + u;
        const y = Math.round(point.y) + v;
        const [toX, toY] = moved(movement, x, y);
        if (!isInside(detail, x, y) || !isInside(detail, toX, toY)) continue;
        const a = detail.data[y * detail.width + x] as number;
        const b = sample(detail, toX, toY);
        here += a * a;
        there += b * b;
        both += a * b;
      }
    }
  }
  return both / Math.sqrt(here * there);
}
