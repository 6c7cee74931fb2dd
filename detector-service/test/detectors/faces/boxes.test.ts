import { merged, overlap, withinPicture, type Face } from '../../../src/detectors/faces/boxes.js';

const face = (left: number, top: number, side: number, score = 0.9): Face => ({
  left,
  top,
  width: side,
  height: side,
  score,
});

it.each([
  ['the same box', face(10, 10, 20), face(10, 10, 20), 1],
  ['half of it', face(0, 0, 20), { ...face(0, 0, 20), height: 10 }, 0.5],
  ['a quarter shifted', face(0, 0, 20), face(10, 10, 20), 100 / 700],
  ['boxes that touch', face(0, 0, 20), face(20, 0, 20), 0],
  ['boxes apart', face(0, 0, 20), face(90, 90, 20), 0],
  ['a box without sides', face(0, 0, 20), face(5, 5, 0), 0],
])('overlaps %s', (_name, a, b, expected) => {
  expect(overlap(a, b)).toBeCloseTo(expected);
  expect(overlap(b, a)).toBeCloseTo(expected);
});

describe('proposals of one face', () => {
  it('become their mean, weighted by confidence, under the best confidence', () => {
    const [found, ...others] = merged([face(12, 10, 20, 0.4), face(10, 10, 20, 0.8)], 0.3);
    expect(others).toEqual([]);
    expect(found?.left).toBeCloseTo((12 * 0.4 + 10 * 0.8) / 1.2);
    expect(found?.width).toBeCloseTo(20);
    expect(found?.score).toBe(0.8);
  });

  it('leave another face alone, the most confident first', () => {
    const found = merged([face(0, 0, 20, 0.7), face(100, 0, 20, 0.9), face(1, 0, 20, 0.6)], 0.3);
    expect(found.map(({ score }) => score)).toEqual([0.9, 0.7]);
  });

  it('come to an end where there are far too many, or none is a box', () => {
    const many = Array.from({ length: 5_000 }, (_, i) => face((i % 100) * 50, i, 10, 0.61));
    expect(merged(many, 0.3).length).toBeLessThanOrEqual(500);
    const broken = Array.from({ length: 3 }, () => face(Number.NaN, 0, Number.NaN));
    expect(merged(broken, 0.3).flatMap((each) => withinPicture(each, 50, 50) ?? [])).toEqual([]);
  });
});

it.each<[string, Face, Partial<Face> | null]>([
  ['inside stays', face(10, 10, 20), face(10, 10, 20)],
  ['over the corner is cut', face(-5, -10, 20), { left: 0, top: 0, width: 15, height: 10 }],
  ['over the far corner is cut', face(90, 40, 20), { left: 90, top: 40, width: 10, height: 10 }],
  ['outside is none', face(200, 0, 20), null],
  ['of negative width is none', { ...face(10, 10, 20), width: -5 }, null],
  ['of endless width is cut', { ...face(10, 10, 20), width: Infinity }, { width: 90 }],
  ['of no number is none', { ...face(10, 10, 20), top: Number.NaN }, null],
])('a box %s', (_name, box, expected) => {
  const visible = withinPicture(box, 100, 50);
  if (expected === null) expect(visible).toBeNull();
  else expect(visible).toMatchObject(expected);
});
