import fc from 'fast-check';

import {
  brierScore,
  calibrationBins,
  expectedCalibrationError,
} from '../../../src/evaluation/figures/calibration.js';
import type { Sample } from '../../../src/evaluation/figures/sample.js';

function sample(score: number, isFake: boolean): Sample {
  return { score, isFake, source: 's' };
}

function alike(samples: readonly Sample[]) {
  const sorted = [...samples].sort((left, right) => right.score - left.score);
  return { samples: sorted, weights: sorted.map(() => 1) };
}

describe('calibration bins', () => {
  it('hold equal mass', () => {
    const samples = Array.from({ length: 100 }, (_, i) => sample(i / 100, i % 2 === 0));
    const bins = calibrationBins(alike(samples), 10);
    expect(bins.map(({ count }) => count)).toEqual(Array.from({ length: 10 }, () => 10));
  });

  it('never part equal scores', () => {
    const samples = [
      ...Array.from({ length: 50 }, (_, i) => sample(0.5, i < 25)),
      ...Array.from({ length: 50 }, (_, i) => sample(0.6 + i / 1000, i < 30)),
    ];
    const bins = calibrationBins(alike(samples), 10);
    expect(bins.at(-1)).toMatchObject({ count: 50, meanScore: 0.5, fakeShare: 0.5 });
  });

  it('hold all the mass, whatever the scores', () => {
    const one = fc.record({
      score: fc.double({ min: 0, max: 1, noNaN: true }),
      isFake: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 60 }), (drawn) => {
        const bins = calibrationBins(
          alike(drawn.map(({ score, isFake }) => sample(score, isFake))),
        );
        expect(bins.reduce((sum, { mass }) => sum + mass, 0)).toBeCloseTo(1, 9);
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(drawn.length);
      }),
    );
  });
});

describe('the expected calibration error', () => {
  it('is 0 where each score is the share of fakes', () => {
    const samples = [0.2, 0.8].flatMap((score) =>
      Array.from({ length: 10 }, (_, i) => sample(score, i < score * 10)),
    );
    expect(expectedCalibrationError(calibrationBins(alike(samples)))).toBeCloseTo(0, 12);
  });

  it('is the distance of a constant wrong score', () => {
    const samples = Array.from({ length: 10 }, (_, i) => sample(0.9, i < 4));
    expect(expectedCalibrationError(calibrationBins(alike(samples)))).toBeCloseTo(0.5, 12);
  });
});

describe('the Brier score', () => {
  it('is 0 for certain right answers, 1 for certain wrong ones, 1/4 for no answer', () => {
    expect(brierScore(alike([sample(1, true), sample(0, false)]))).toBe(0);
    expect(brierScore(alike([sample(0, true), sample(1, false)]))).toBe(1);
    expect(brierScore(alike([sample(0.5, true), sample(0.5, false)]))).toBe(0.25);
  });
});
