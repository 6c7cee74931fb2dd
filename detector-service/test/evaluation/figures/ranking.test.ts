import fc from 'fast-check';

import {
  areaUnder,
  equalErrorRate,
  rocCurve,
  truePositiveRateAt,
  type RocPoint,
} from '../../../src/evaluation/figures/ranking.js';
import type { Sample } from '../../../src/evaluation/figures/sample.js';

function curveOf(real: readonly number[], fake: readonly number[]): readonly RocPoint[] {
  const samples = [
    ...real.map((score): Sample => ({ score, isFake: false, source: 'r' })),
    ...fake.map((score): Sample => ({ score, isFake: true, source: 'f' })),
  ].sort((left, right) => right.score - left.score);
  const curve = rocCurve({ samples, weights: samples.map(() => 1) });
  if (!curve) throw new Error('Both classes are needed.');
  return curve;
}

/** The definition: the share of pairs in the right order, ties half. */
function pairsInOrder(real: readonly number[], fake: readonly number[]): number {
  let sum = 0;
  for (const f of fake) for (const r of real) sum += f > r ? 1 : f === r ? 0.5 : 0;
  return sum / (real.length * fake.length);
}

const scores = fc.array(
  fc.integer({ min: 0, max: 12 }).map((n) => n / 12),
  {
    minLength: 1,
    maxLength: 40,
  },
);

describe('the area under the ROC curve', () => {
  it('is 1 for perfect order, 0 for reversed order and one half for equal scores', () => {
    expect(areaUnder(curveOf([0.1, 0.2], [0.8, 0.9]))).toBe(1);
    expect(areaUnder(curveOf([0.8, 0.9], [0.1, 0.2]))).toBe(0);
    expect(areaUnder(curveOf([0.5, 0.5, 0.5], [0.5, 0.5]))).toBe(0.5);
  });

  it('counts ties half', () => {
    expect(areaUnder(curveOf([0.2, 0.5], [0.5, 0.9]))).toBeCloseTo(3.5 / 4, 12);
  });

  it('equals the share of pairs in the right order, whatever the scores', () => {
    fc.assert(
      fc.property(scores, scores, (real, fake) => {
        expect(areaUnder(curveOf(real, fake))).toBeCloseTo(pairsInOrder(real, fake), 10);
      }),
    );
  });

  it('does not change when every score goes through the same rising function', () => {
    fc.assert(
      fc.property(scores, scores, (real, fake) => {
        const bent = (score: number): number => score ** 3 / 2 + 0.1;
        expect(areaUnder(curveOf(real.map(bent), fake.map(bent)))).toBeCloseTo(
          areaUnder(curveOf(real, fake)),
          10,
        );
      }),
    );
  });

  it('counts an item of weight two like two items', () => {
    const samples: Sample[] = [
      { score: 0.9, isFake: false, source: 'a' },
      { score: 0.7, isFake: true, source: 'b' },
      { score: 0.3, isFake: false, source: 'a' },
    ];
    const curve = rocCurve({ samples, weights: [2, 1, 1] }) ?? [];
    expect(areaUnder(curve)).toBeCloseTo(areaUnder(curveOf([0.9, 0.9, 0.3], [0.7])), 12);
  });

  it('does not exist where a class is missing or weighs nothing', () => {
    const samples: Sample[] = [
      { score: 0.9, isFake: true, source: 'a' },
      { score: 0.1, isFake: false, source: 'b' },
    ];
    expect(rocCurve({ samples: samples.slice(0, 1), weights: [1] })).toBeNull();
    expect(rocCurve({ samples, weights: [1, 0] })).toBeNull();
  });
});

describe('the share of fakes found at a bounded false positive rate', () => {
  const real = Array.from({ length: 100 }, (_, i) => i / 100);

  it('is what the best threshold within the bound finds', () => {
    // Five genuine items score 0.95 and more; the fakes at 0.945 lie below them.
    const curve = curveOf(real, [0.945, 0.955, 0.985, 1]);
    expect(truePositiveRateAt(curve, 0.05)).toBe(1);
    expect(truePositiveRateAt(curve, 0.04)).toBe(0.75);
    expect(truePositiveRateAt(curve, 0)).toBe(0.25);
  });

  it('does not interpolate: no threshold flags a part of equal scores', () => {
    expect(truePositiveRateAt(curveOf([0.5, 0.5], [0.5, 0.5]), 0.5)).toBe(0);
  });
});

describe('the equal error rate', () => {
  it('is exact where a threshold makes both errors alike', () => {
    expect(equalErrorRate(curveOf([0.1, 0.2, 0.3, 0.8], [0.7, 0.9, 0.9, 0.9]))).toBeCloseTo(
      0.25,
      12,
    );
    expect(equalErrorRate(curveOf([0.1], [0.9]))).toBe(0);
    expect(equalErrorRate(curveOf([0.9], [0.1]))).toBe(1);
  });

  it('interpolates between thresholds where none does', () => {
    expect(equalErrorRate(curveOf([0.5], [0.5]))).toBeCloseTo(0.5, 12);
    // From (0, 0.5) to (1, 1): the line meets FPR = 1 - TPR at a third.
    expect(equalErrorRate(curveOf([0.5], [0.9, 0.5]))).toBeCloseTo(1 / 3, 12);
  });

  it('lies between the errors of the two thresholds around it', () => {
    fc.assert(
      fc.property(scores, scores, (real, fake) => {
        const rate = equalErrorRate(curveOf(real, fake));
        expect(rate).toBeGreaterThanOrEqual(0);
        expect(rate).toBeLessThanOrEqual(1);
        const mirrored = equalErrorRate(
          curveOf(
            fake.map((score) => 1 - score),
            real.map((score) => 1 - score),
          ),
        );
        expect(mirrored).toBeCloseTo(rate, 9);
      }),
    );
  });
});
