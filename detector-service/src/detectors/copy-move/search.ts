import { blurRoom } from '../../intake/gaussian.js';
import type { Memory } from '../../kernels/memory.js';
import { describe, descriptionRoom, type Level, type Pose } from './descriptors.js';
import { likelihood } from './likelihood.js';
import { findMatches, matchesRoom } from './matches.js';
import { sharedMovements } from './movement.js';
import { blur, difference, reduced, type Plane } from './plane.js';
import { findPoints, pointsRoom } from './points.js';
import { verify, type Repetition } from './verification.js';

/** Corners found in the whole picture and in its reductions. */
const BUDGETS = [2400, 900, 600] as const;
/** Corners of the whole picture that are compared across scales and directions. */
const TURNED_BUDGET = 1400;
/** One reduction to the next; the descriptors bear with half of it. */
const REDUCTION = 1.26;
const MOVEMENTS = 5;
/** Sigmas of the blurs in pixels: that corners are found on, and those between which fine detail lies. */
const SMOOTH = 1.2;
const FINE = 0.6;
const COARSE = 2.5;
/** Likelihood from which no rarer kind of copy is looked for. */
const TELLING = 0.5;

export interface Judged {
  readonly repetition: Repetition;
  /** Probability 0..1 that the repetition was made and did not come about by nature. */
  readonly score: number;
}

interface Pass {
  readonly first: Pose;
  readonly second: Pose;
  readonly isAcrossScales: boolean;
  /** Correlation from which fine detail counts as the same; interpolation costs some. */
  readonly least: number;
}

const UPRIGHT: Pose = { isSteered: false, isMirrored: false };
const STEERED: Pose = { isSteered: true, isMirrored: false };

/** From the most common kind of copy to the rarest: shifted; mirrored left to right; turned and scaled. */
const PASSES: readonly Pass[] = [
  { first: UPRIGHT, second: UPRIGHT, isAcrossScales: false, least: 0.75 },
  { first: { ...UPRIGHT, isMirrored: true }, second: UPRIGHT, isAcrossScales: false, least: 0.75 },
  { first: STEERED, second: STEERED, isAcrossScales: true, least: 0.7 },
];

/**
 * Regions of a picture that occur in it twice, of one kind of copy, the most telling first: corners whose surroundings look the same (after Amerini et al. 2011), movements that several pairs of them
 * share, and then the fine detail along each movement. Work grows with the number of corners, which is bounded.
 *
 * @param luma of at most about a megapixel
 * @param memory with {@link searchRoom} to spare
 */
export function findRepetitions(luma: Plane, memory: Memory): readonly Judged[] {
  const smooth = blur(luma, SMOOTH, memory);
  const detail = difference(blur(luma, FINE, memory), blur(luma, COARSE, memory), memory);
  const whole: Level = { plane: smooth, points: findPoints(smooth, BUDGETS[0], memory), scale: 1 };
  let best: readonly Judged[] = [];
  for (const pass of PASSES) {
    const found = memory
      .borrow(() => {
        const levels = pass.isAcrossScales ? pyramid(whole, memory) : [whole];
        return repetitions(levels, detail, pass, memory);
      })
      .map((repetition) => ({ repetition, score: likelihood(repetition) }))
      .sort((a, b) => b.score - a.score);
    if ((found[0]?.score ?? 0) > (best[0]?.score ?? 0)) best = found;
    if ((best[0]?.score ?? 0) >= TELLING) break;
  }
  return best;
}

/** Bytes that a search takes: four planes, two levels of two planes, the room of the largest step and two descriptions. */
export function searchRoom({ width, height }: Pick<Plane, 'width' | 'height'>): number {
  const points = BUDGETS.reduce((sum, budget) => sum + budget, 0);
  const planes = 8 * 4 * width * height + 8 * 64;
  const steps = blurRoom(width, COARSE) + pointsRoom({ width, height });
  return planes + steps + 2 * descriptionRoom(points) + matchesRoom(points);
}

function pyramid(whole: Level, memory: Memory): Level[] {
  const [, ...budgets] = BUDGETS;
  const reductions = budgets.map((budget, i): Level => {
    const scale = REDUCTION ** (i + 1);
    const plane = blur(reduced(whole.plane, scale, memory), FINE, memory);
    return { plane, points: findPoints(plane, budget, memory), scale };
  });
  return [{ ...whole, points: whole.points.slice(0, TURNED_BUDGET) }, ...reductions];
}

function repetitions(
  levels: readonly Level[],
  detail: Plane,
  pass: Pass,
  memory: Memory,
): Repetition[] {
  const first = describe(levels, pass.first, memory);
  const second = pass.first === pass.second ? first : describe(levels, pass.second, memory);
  const found: Repetition[] = [];
  const matches = findMatches(first, second, memory);
  for (const movers of sharedMovements(matches, pass.first.isMirrored, MOVEMENTS)) {
    const known = movers.matches.filter(({ from }) =>
      found.some(({ mask }) => mask[Math.round(from.y) * detail.width + Math.round(from.x)]),
    );
    if (known.length * 2 > movers.matches.length) continue;
    const repetition = verify(detail, movers, pass.least);
    if (repetition) found.push(repetition);
  }
  return found;
}
