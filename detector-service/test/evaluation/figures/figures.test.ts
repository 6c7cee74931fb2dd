import { figuresOf } from '../../../src/evaluation/figures/figures.js';
import { seededRandom } from '../../../src/evaluation/figures/random.js';
import { quantile, wilsonInterval } from '../../../src/evaluation/figures/rates.js';
import type { Sample } from '../../../src/evaluation/figures/sample.js';

const DRAWS = { count: 200, seed: 7 };

function items(source: string, isFake: boolean, ...scores: number[]): Sample[] {
  return scores.map((score) => ({ score, isFake, source }));
}

describe('figures', () => {
  it('let a large source count as much as a small one when sources weigh alike', () => {
    const samples = [
      ...items('easy', true, ...Array.from({ length: 98 }, () => 0.9)),
      ...items('hard', true, 0.1, 0.1),
      ...items('r1', false, 0.5),
      ...items('r2', false, 0.5),
    ];
    expect(figuresOf(samples, 'items', DRAWS)?.auc.value).toBeCloseTo(0.98, 12);
    expect(figuresOf(samples, 'sources', DRAWS)?.auc.value).toBeCloseTo(0.5, 12);
  });

  it('give both classes the same weight when sources weigh alike', () => {
    // All scores say one half, which is right for classes alike and wrong for nine fakes of ten.
    const samples = [
      ...items('f', true, ...Array.from({ length: 9 }, () => 0.5)),
      ...items('r', false, 0.5),
    ];
    expect(figuresOf(samples, 'sources', DRAWS)?.ece.value).toBeCloseTo(0, 12);
    expect(figuresOf(samples, 'items', DRAWS)?.ece.value).toBeCloseTo(0.4, 12);
  });

  it('have intervals that hold the value and that the seed repeats', () => {
    const random = seededRandom(3);
    const samples = ['a', 'b', 'c', 'd', 'e'].flatMap((source) => [
      ...items(source, true, ...Array.from({ length: 8 }, () => 0.3 + 0.6 * random())),
      ...items(source, false, ...Array.from({ length: 8 }, () => 0.6 * random())),
    ]);
    const first = figuresOf(samples, 'sources', DRAWS);
    const { value, interval } = first?.auc ?? { value: 0, interval: null };
    expect(interval?.low).toBeLessThan(value);
    expect(interval?.high).toBeGreaterThan(value);
    expect(figuresOf([...samples].reverse(), 'sources', DRAWS)).toEqual(first);
  });

  it('have no interval where a class has one source: its spread is unknown', () => {
    const samples = [
      ...items('f', true, 0.9, 0.8),
      ...items('r', false, 0.1),
      ...items('s', false, 0.2),
    ];
    expect(figuresOf(samples, 'sources', DRAWS)?.auc).toEqual({ value: 1, interval: null });
  });

  it('do not exist without both classes', () => {
    expect(figuresOf(items('f', true, 0.9), 'items', DRAWS)).toBeNull();
    expect(figuresOf([], 'items', DRAWS)).toBeNull();
  });

  it('widen when sources disagree, which drawing single items would hide', () => {
    const many = Array.from({ length: 40 }, (_, i) => 0.6 + i / 1000);
    const disagreeing = [
      ...items('good', true, ...many),
      ...items('bad', true, ...many.map((score) => score - 0.5)),
      ...items('r1', false, ...many.map((score) => score - 0.3)),
      ...items('r2', false, ...many.map((score) => score - 0.3)),
    ];
    const { interval } = figuresOf(disagreeing, 'items', DRAWS)?.auc ?? {};
    expect(interval?.low).toBe(0);
    expect(interval?.high).toBe(1);
  });
});

describe("Wilson's interval", () => {
  it('agrees with published values', () => {
    // Newcombe 1998, table I: 81 of 263 and 0 of 20.
    expect(wilsonInterval(81, 263)?.low).toBeCloseTo(0.2553, 4);
    expect(wilsonInterval(81, 263)?.high).toBeCloseTo(0.3662, 4);
    expect(wilsonInterval(0, 20)).toEqual({ low: 0, high: expect.closeTo(0.1611, 4) });
    expect(wilsonInterval(0, 0)).toBeNull();
  });
});

describe('a quantile', () => {
  it('is interpolated between neighbours', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([10], 0.95)).toBe(10);
    expect(quantile([], 0.5)).toBeNull();
  });
});
