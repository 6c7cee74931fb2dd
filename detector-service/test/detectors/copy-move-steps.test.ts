import type { Description, Feature } from '../../src/detectors/copy-move/descriptors.js';
import { LENGTH } from '../../src/detectors/copy-move/descriptors.js';
import { findMatches } from '../../src/detectors/copy-move/matches.js';
import { EDGE, findPoints } from '../../src/detectors/copy-move/points.js';
import { withMemory, type Memory } from '../../src/kernels/memory.js';

const ROOM = 1 << 24;

/** Numbers 0..1, the same each time (the generator of Numerical Recipes). */
function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

interface Look {
  readonly values: readonly number[];
  readonly x: number;
  readonly y: number;
}

function unit(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const norm = Math.hypot(...values.map((value) => value - mean));
  return values.map((value) => Math.fround((value - mean) / norm));
}

/** Random looks, each of some originals once, twice or thrice, more or less alike. */
function looks(count: number, seed: number): Look[] {
  const random = generator(seed);
  const originals = Array.from({ length: count }, () => Array.from({ length: LENGTH }, random));
  return originals.flatMap((original, i) =>
    Array.from({ length: 1 + (i % 4 === 0 ? 1 : 0) + (i % 8 === 0 ? 1 : 0) }, (_, copy) => ({
      values: unit(original.map((value) => value + copy * 0.25 * (random() - 0.5))),
      x: 900 * random(),
      y: 600 * random(),
    })),
  );
}

/** Signs of the differences of samples that lie apart. */
function sketchOf({ values }: Look): boolean[] {
  return values.map((value, i) => value > (values[(i + 27) % LENGTH] as number));
}

function described(all: readonly Look[], memory: Memory): Description {
  const values = memory.floats(all.length * LENGTH);
  const sketches = memory.bytes(all.length * 8);
  sketches.fill(0);
  all.forEach((look, i) => {
    values.set(look.values, i * LENGTH);
    sketchOf(look).forEach((isSet, bit) => {
      if (isSet) sketches[8 * i + (bit >> 3)]! |= 1 << (bit & 7);
    });
  });
  return {
    features: all.map(({ x, y }): Feature => ({ x, y, angle: 0, scale: 1 })),
    values,
    sketches,
  };
}

/** Straight from the rule: of those whose sketches differ in at most 14 bits the nearest within 0.2, and no third place nearly as near. */
function expectedCounterpart(from: Look, others: readonly Look[]): Look | null {
  const sketch = sketchOf(from);
  const near = others
    .filter((look) => sketchOf(look).filter((isSet, i) => isSet !== sketch[i]).length <= 14)
    .filter(({ x, y }) => Math.hypot(x - from.x, y - from.y) >= 20)
    .map((look) => ({
      look,
      distance: look.values.reduce((sum, v, i) => sum + (v - (from.values[i] as number)) ** 2, 0),
    }))
    .sort((a, b) => a.distance - b.distance);
  const [first, , third] = near;
  if (!first || first.distance > 0.2) return null;
  const far = Math.min(0.2 / 0.55, third?.distance ?? Infinity);
  return first.distance <= 0.55 * far && far >= 0.08 ? first.look : null;
}

describe('the matching of corners', () => {
  it.each([1, 2, 3])('finds what a comparison of all pairs finds (%i)', (seed) => {
    const first = looks(220, seed);
    const random = generator(seed + 100);
    const second = first.slice(40).map(({ values }) => ({
      values: unit(values.map((value) => value + 0.03 * (random() - 0.5))),
      x: 900 * random(),
      y: 600 * random(),
    }));
    for (const others of [first, second]) {
      const found = withMemory(ROOM, (memory) => {
        const one = described(first, memory);
        const other = others === first ? one : described(others, memory);
        return findMatches(one, other, memory).map(({ from, to }) => [from.x, to.x]);
      });
      const expected = first.flatMap((from) => {
        const candidates = others.filter((look) => look !== from);
        const to = expectedCounterpart(from, candidates);
        return to ? [[from.x, to.x]] : [];
      });
      expect(found).toEqual(expected);
      expect(found.length).toBeGreaterThan(20);
    }
  });
});

/** Smaller-eigenvalue proxy over windows of 5 x 5, straight from the definition. */
function strengthAt(data: Float32Array, width: number, x: number, y: number): number {
  let [p, q, r] = [0, 0, 0];
  for (let v = y - 2; v <= y + 2; v += 1) {
    for (let u = x - 2; u <= x + 2; u += 1) {
      const at = v * width + u;
      const dx = ((data[at + 1] as number) - (data[at - 1] as number)) / 2;
      const dy = ((data[at + width] as number) - (data[at - width] as number)) / 2;
      p += dx * dx;
      q += dy * dy;
      r += dx * dy;
    }
  }
  return (p * q - r * r) / (25 * (p + q));
}

describe('the search for corners', () => {
  it.each([
    [96, 70],
    [101, 67],
  ])('finds the peaks of corner strength in %i x %i pixels', (width, height) => {
    const random = generator(5);
    const noise = Float32Array.from({ length: width * height }, () => 60 * random());
    const expected: string[] = [];
    for (let y = EDGE; y < height - EDGE; y += 1) {
      for (let x = EDGE; x < width - EDGE; x += 1) {
        const own = strengthAt(noise, width, x, y);
        const around = [-2, -1, 0, 1, 2].flatMap((v) =>
          [-2, -1, 0, 1, 2]
            .filter((u) => u !== 0 || v !== 0)
            .map((u) => strengthAt(noise, width, x + u, y + v)),
        );
        if (own >= 3 && Math.max(...around) < own) expected.push(`${x},${y}`);
      }
    }
    const points = withMemory(ROOM, (memory) => {
      const data = memory.floats(noise.length);
      data.set(noise);
      return findPoints({ data, width, height }, 1000, memory);
    });
    expect(points.map(({ x, y }) => `${Math.round(x)},${Math.round(y)}`).sort()).toEqual(
      expected.sort(),
    );
    expect(expected.length).toBeGreaterThan(10);
  });
});
