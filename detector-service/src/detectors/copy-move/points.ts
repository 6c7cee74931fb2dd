import type { Memory } from '../../kernels/memory.js';
import type { Plane } from './plane.js';

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
export function findPoints(plane: Plane, budget: number, memory: Memory): Point[] {
  return memory.borrow(() => {
    const { width } = plane;
    const strength = cornerStrength(plane, memory);
    const peaks = peaksOf(strength, plane, memory);
    return strongestInTurn(peaks, strength, plane, budget).map((at) =>
      refined(strength, width, at),
    );
  });
}

/** Bytes that a search for points takes. */
export function pointsRoom({ width, height }: Pick<Plane, 'width' | 'height'>): number {
  return 4 * width * height + strengthRoom(width) + 4 * mostPeaks(width, height) + 256;
}

/** Determinant over trace of the gradients' covariance: the square of the contrast across the weaker direction. */
function cornerStrength({ data, width, height }: Plane, memory: Memory): Float32Array {
  const strength = memory.floats(data.length);
  memory.borrow(() => {
    const room = memory.bytes(strengthRoom(width));
    memory.kernels.cornerStrength(
      data.byteOffset,
      strength.byteOffset,
      width,
      height,
      WINDOW,
      room.byteOffset,
    );
  });
  return strength;
}

/** Products and sums of three kinds, and a ring of the sums' rows. */
function strengthRoom(width: number): number {
  return 4 * (width + 4) * (3 + 3 * (2 * WINDOW + 2) + 6);
}

/** Of the neighbours within two pixels only one is a peak. */
function mostPeaks(width: number, height: number): number {
  return Math.ceil(width / 3) * Math.ceil(height / 3);
}

function peaksOf(strength: Float32Array, { width, height }: Plane, memory: Memory): Uint32Array {
  const found = memory.indices(mostPeaks(width, height));
  const count = memory.kernels.peaks(
    strength.byteOffset,
    width,
    height,
    EDGE,
    LEAST_STRENGTH,
    found.byteOffset,
  );
  return found.subarray(0, count);
}

/** The strongest of each cell, then the second of each, and so on, those of one turn by strength, at most `budget`. */
function strongestInTurn(
  peaks: Uint32Array,
  strength: Float32Array,
  { width, height }: Plane,
  budget: number,
): number[] {
  const columns = Math.ceil(width / CELL);
  const cells = Array.from({ length: columns * Math.ceil(height / CELL) }, (): number[] => []);
  for (const at of peaks) {
    const cell = Math.floor(at / width / CELL) * columns + Math.floor((at % width) / CELL);
    cells[cell]?.push(at);
  }
  const byStrength = (one: number, other: number): number =>
    (strength[other] as number) - (strength[one] as number);
  const turns: number[][] = [];
  for (const cell of cells) {
    cell.sort(byStrength).forEach((at, turn) => (turns[turn] ??= []).push(at));
  }
  const chosen: number[] = [];
  for (const turn of turns) {
    if (chosen.length >= budget) break;
    chosen.push(...turn.sort(byStrength));
  }
  return chosen.slice(0, budget);
}

/** The peak of the parabolas through a maximum and its neighbours. */
function refined(strength: Float32Array, width: number, at: number): Point {
  const shift = (step: number): number => {
    const before = strength[at - step] as number;
    const after = strength[at + step] as number;
    const bend = before - 2 * (strength[at] as number) + after;
    return bend < 0 ? Math.max(-0.5, Math.min(0.5, (before - after) / (2 * bend))) : 0;
  };
  return { x: (at % width) + shift(1), y: Math.floor(at / width) + shift(width) };
}
