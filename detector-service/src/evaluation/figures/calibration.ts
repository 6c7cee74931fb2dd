/** Whether a score of 0.7 means seven in ten. All pure. */
import type { WeightedSamples } from './sample.js';

export const CALIBRATION_BINS = 10;

/** Neighbouring scores taken together. */
export interface CalibrationBin {
  /** Items in it. */
  readonly count: number;
  /** Share of the weight of all items. */
  readonly mass: number;
  readonly meanScore: number;
  /** Share of fakes, by weight. */
  readonly fakeShare: number;
}

/**
 * Bins of about equal weight. Equal scores never part, so a score that many items share makes one larger bin.
 *
 * @param weighted in order of score, either way
 */
export function calibrationBins(
  { samples, weights }: WeightedSamples,
  bins = CALIBRATION_BINS,
): readonly CalibrationBin[] {
  let total = 0;
  for (let i = 0; i < samples.length; i += 1) total += weights[i] ?? 0;
  if (total <= 0) return [];
  const made: CalibrationBin[] = [];
  let open = { count: 0, mass: 0, scores: 0, fakes: 0 };
  let passed = 0;
  for (const [i, { score, isFake }] of samples.entries()) {
    const weight = weights[i] ?? 0;
    passed += weight;
    open.count += 1;
    open.mass += weight;
    open.scores += weight * score;
    if (isFake) open.fakes += weight;
    const isLast = i === samples.length - 1;
    const isFull = passed >= ((made.length + 1) / bins) * total * (1 - 1e-12);
    if (!isLast && (!isFull || samples[i + 1]?.score === score)) continue;
    if (open.mass > 0) {
      made.push({
        count: open.count,
        mass: open.mass / total,
        meanScore: open.scores / open.mass,
        fakeShare: open.fakes / open.mass,
      });
    }
    open = { count: 0, mass: 0, scores: 0, fakes: 0 };
  }
  return made;
}

/**
 * Expected calibration error (Naeini et al. 2015) over bins of equal mass (Nguyen and O'Connor 2015): how far, on average, the share of fakes is from
 * the score.
 */
export function expectedCalibrationError(bins: readonly CalibrationBin[]): number {
  return bins.reduce(
    (sum, { mass, meanScore, fakeShare }) => sum + mass * Math.abs(meanScore - fakeShare),
    0,
  );
}

/** Mean squared distance of the score from 1 for fakes and 0 for genuine items (Brier 1950). */
export function brierScore({ samples, weights }: WeightedSamples): number {
  let sum = 0;
  let total = 0;
  for (const [i, { score, isFake }] of samples.entries()) {
    const weight = weights[i] ?? 0;
    total += weight;
    sum += weight * (score - (isFake ? 1 : 0)) ** 2;
  }
  return sum / total;
}
