import { withMemory } from '../../src/kernels/memory.js';

const MEGABYTE = 1 << 20;

describe("the kernels' memory", () => {
  it('lends arrays that lie apart', () => {
    withMemory(MEGABYTE, (memory) => {
      const arrays = [memory.bytes(3), memory.floats(5), memory.doubles(7), memory.integers(2)];
      arrays.forEach((array, i) => array.fill(i + 1));
      expect(arrays.map((array) => [...array])).toEqual([
        [1, 1, 1],
        [2, 2, 2, 2, 2],
        [3, 3, 3, 3, 3, 3, 3],
        [4, 4],
      ]);
    });
  });

  it('takes back what was borrowed', () => {
    withMemory(MEGABYTE, (memory) => {
      const borrowed = memory.borrow(() => memory.floats(100).byteOffset);
      expect(memory.floats(1).byteOffset).toBe(borrowed);
    });
  });

  it('grows as it is asked to', () => {
    withMemory(40 * MEGABYTE, (memory) =>
      expect(memory.bytes(40 * MEGABYTE)).toHaveLength(40 * MEGABYTE),
    );
  });

  it('refuses more than it has', () => {
    withMemory(1, (memory) => {
      expect(() => memory.doubles(1e9)).toThrow(/ask withMemory for more/);
    });
  });

  it('serves one piece of work at a time, and the next after a failure', () => {
    withMemory(1, () => expect(() => withMemory(1, () => 0)).toThrow(/other work holds it/));
    expect(() =>
      withMemory(1, () => {
        throw new Error('in the middle');
      }),
    ).toThrow('in the middle');
    expect(withMemory(1, () => 'free')).toBe('free');
  });
});
