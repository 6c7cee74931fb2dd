import { ChildPool } from '../../src/inference/child-pool.js';

it('multiplies each row of one matrix with each row of another', async () => {
  const pool = new ChildPool({
    entry: new URL('./fixtures/obedient-child.ts', import.meta.url),
    size: 1,
    deadlineMs: 10_000,
    setup: {},
  });
  try {
    const product = await pool.run({ do: 'multiply' }, new AbortController().signal);
    expect(product).toEqual([1, 2, 3, 0, 3, 4, 7, 2, 5, 6, 11, 4]);
  } finally {
    await pool.close();
  }
});
