import type { MatrixProduct } from '../../inference/matrix-product.js';
import { describe, type Description, type Pose } from './descriptors.js';
import { likelihood } from './likelihood.js';
import { findMatches } from './matches.js';
import { sharedMovements } from './movement.js';
import { blur, difference, reduced, type Plane } from './plane.js';
import { findPoints, type Point } from './points.js';
import { verify, type Repetition } from './verification.js';

/** Corners found in the whole picture and in its reductions. */
const BUDGETS = [2400, 900, 600] as const;
/** Corners of the whole picture that are compared across scales and directions. */
const TURNED_BUDGET = 1400;
/** One reduction to the next; the descriptors bear with half of it. */
const REDUCTION = 1.26;
const MOVEMENTS = 5;
/** Likelihood from which no rarer kind of copy is looked for. */
const TELLING = 0.5;

export interface Judged {
  readonly repetition: Repetition;
  /** Probability 0..1 that the repetition was made and did not come about by nature. */
  readonly score: number;
}

interface Level {
  readonly plane: Plane;
  readonly points: readonly Point[];
  /** Pixels of the whole picture to one of this plane. */
  readonly scale: number;
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
 */
export async function findRepetitions(
  luma: Plane,
  product: MatrixProduct,
): Promise<readonly Judged[]> {
  const smooth = blur(luma, 1.2);
  const detail = difference(blur(luma, 0.6), blur(luma, 2.5));
  const whole: Level = { plane: smooth, points: findPoints(smooth, BUDGETS[0]), scale: 1 };
  let best: readonly Judged[] = [];
  for (const pass of PASSES) {
    const levels = pass.isAcrossScales ? pyramid(whole) : [whole];
    const found = (await repetitions(levels, detail, pass, product))
      .map((repetition) => ({ repetition, score: likelihood(repetition) }))
      .sort((a, b) => b.score - a.score);
    if ((found[0]?.score ?? 0) > (best[0]?.score ?? 0)) best = found;
    if ((best[0]?.score ?? 0) >= TELLING) break;
  }
  return best;
}

function pyramid(whole: Level): Level[] {
  const [, ...budgets] = BUDGETS;
  const reductions = budgets.map((budget, i): Level => {
    const scale = REDUCTION ** (i + 1);
    const plane = blur(reduced(whole.plane, scale), 0.6);
    return { plane, points: findPoints(plane, budget), scale };
  });
  return [{ ...whole, points: whole.points.slice(0, TURNED_BUDGET) }, ...reductions];
}

async function repetitions(
  levels: readonly Level[],
  detail: Plane,
  pass: Pass,
  product: MatrixProduct,
): Promise<Repetition[]> {
  const first = describeLevels(levels, pass.first);
  const second = pass.first === pass.second ? first : describeLevels(levels, pass.second);
  const found: Repetition[] = [];
  const matches = await findMatches(first, second, product);
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

function describeLevels(levels: readonly Level[], pose: Pose): Description {
  const parts = levels.map(({ plane, points, scale }) => describe(plane, points, pose, scale));
  return {
    features: parts.flatMap(({ features }) => features),
    values: joined(
      Float32Array,
      parts.map(({ values }) => values),
    ),
    sketch: joined(
      Int32Array,
      parts.map(({ sketch }) => sketch),
    ),
  };
}

function joined<T extends Float32Array | Int32Array>(
  Kind: new (length: number) => T,
  parts: readonly T[],
): T {
  const whole = new Kind(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
