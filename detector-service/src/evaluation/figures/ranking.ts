/** How well scores put fakes above genuine items: figures of the ROC curve. All pure. */
import type { WeightedSamples } from './sample.js';

/** A point of the ROC curve: what a threshold just below one score would flag. */
export interface RocPoint {
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

/**
 * The ROC curve from (0, 0) to (1, 1), one point a distinct score: equal scores are flagged together, so their order cannot matter.
 *
 * @param weighted from the highest score to the lowest
 * @returns null where a class is missing
 */
export function rocCurve({ samples, weights }: WeightedSamples): readonly RocPoint[] | null {
  let fakes = 0;
  let reals = 0;
  for (const [i, { isFake }] of samples.entries()) {
    if (isFake) fakes += weights[i] ?? 0;
    else reals += weights[i] ?? 0;
  }
  if (fakes <= 0 || reals <= 0) return null;
  const points: RocPoint[] = [{ falsePositiveRate: 0, truePositiveRate: 0 }];
  let flaggedFakes = 0;
  let flaggedReals = 0;
  for (const [i, { score, isFake }] of samples.entries()) {
    if (isFake) flaggedFakes += weights[i] ?? 0;
    else flaggedReals += weights[i] ?? 0;
    if (samples[i + 1]?.score === score) continue;
    points.push({
      falsePositiveRate: flaggedReals / reals,
      truePositiveRate: flaggedFakes / fakes,
    });
  }
  return points;
}

/** Probability that a fake scores above a genuine item, ties counted half: the area under the curve by trapezoids. */
export function areaUnder(curve: readonly RocPoint[]): number {
  let area = 0;
  let before: RocPoint | undefined;
  for (const point of curve) {
    if (before) {
      const width = point.falsePositiveRate - before.falsePositiveRate;
      area += (width * (point.truePositiveRate + before.truePositiveRate)) / 2;
    }
    before = point;
  }
  return area;
}

/** Share of fakes found by the best threshold that flags at most `most` of the genuine items. Not interpolated: a threshold must exist that does it. */
export function truePositiveRateAt(curve: readonly RocPoint[], most: number): number {
  let best = 0;
  for (const { falsePositiveRate, truePositiveRate } of curve) {
    if (falsePositiveRate <= most) best = Math.max(best, truePositiveRate);
  }
  return best;
}

/** The rate at which as many fakes are missed as genuine items are flagged, interpolated between the two nearest thresholds. */
export function equalErrorRate(curve: readonly RocPoint[]): number {
  const gap = (point: RocPoint): number => point.falsePositiveRate - (1 - point.truePositiveRate);
  let before = curve[0];
  for (const point of curve) {
    if (gap(point) >= 0) {
      if (!before || before === point) return point.falsePositiveRate;
      const share = -gap(before) / (gap(point) - gap(before));
      return (
        before.falsePositiveRate + share * (point.falsePositiveRate - before.falsePositiveRate)
      );
    }
    before = point;
  }
  return 1;
}
