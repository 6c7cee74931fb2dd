import fc from 'fast-check';

import { numericShift, stabilityIndex } from '../../src/model-operations/drift.js';
import { reportDrift } from '../../src/model-operations/drift-report.js';

const scores = (from: number, to: number): number[] =>
  Array.from({ length: 200 }, (_, i) => from + ((to - from) * i) / 200);

const BOUNDS = { days: 7, referenceDays: 30, psi: 0.25, least: 100 };

describe('a shift', () => {
  it('is none between equal values and large between disjoint ones', () => {
    expect(numericShift(scores(0, 1), scores(0, 1))).toEqual({ psi: 0, ks: 0 });
    const apart = numericShift(scores(0, 0.4), scores(0.5, 1));
    expect(apart?.ks).toBe(1);
    expect(apart?.psi).toBeGreaterThan(1);
    expect(numericShift([], [1])).toBeNull();
  });

  it('agrees with a case worked out by hand', () => {
    // Shares with a half added to each count: 3.5/6 and 2.5/6 before, 1.5/6 and 4.5/6 now.
    const index =
      (1.5 / 6 - 3.5 / 6) * Math.log(1.5 / 3.5) + (4.5 / 6 - 2.5 / 6) * Math.log(4.5 / 2.5);
    expect(stabilityIndex(['a', 'a', 'a', 'b', 'b'], ['a', 'b', 'b', 'b', 'b'])).toBeCloseTo(
      index,
      12,
    );
    expect(numericShift([1, 2, 3, 4], [3, 4, 5, 6])?.ks).toBe(0.5);
  });

  it('is never negative, and the distance never above 1', () => {
    const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, values, (before, now) => {
        const { psi, ks } = numericShift(before, now) ?? { psi: -1, ks: 2 };
        expect(psi).toBeGreaterThanOrEqual(0);
        expect(ks).toBeGreaterThanOrEqual(0);
        expect(ks).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('a report of drift', () => {
  const row = (score: number | null, mediaType = 'image/png') => ({
    score,
    size_bytes: 1000,
    media_type: mediaType,
  });

  it('tells scores, types and abstention apart, and leaves unmeasured what has no values', async () => {
    const windows = [
      scores(0.5, 1).map((score) => row(score)),
      scores(0, 0.4).map((score) => row(score, 'image/webp')),
    ];
    const database = { query: <Row>() => Promise.resolve((windows.shift() ?? []) as Row[]) };
    const { rows } = await reportDrift(database, BOUNDS);
    expect(rows.filter(({ isShifted }) => isShifted).map(({ what }) => what)).toEqual([
      'score',
      'media type',
    ]);

    const empty = { query: <Row>() => Promise.resolve([] as Row[]) };
    const nothing = await reportDrift(empty, BOUNDS);
    expect(nothing.rows.every(({ psi, isShifted }) => psi === null && !isShifted)).toBe(true);
  });
});
