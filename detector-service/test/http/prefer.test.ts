import { TokenBuckets } from '../../src/http/limiter.js';
import { readPreference } from '../../src/http/prefer.js';

it.each([
  [undefined, 2_000, undefined],
  ['', 2_000, undefined],
  ['wait=5', 5_000, 'wait=5'],
  ['WAIT = 0', 0, 'wait=0'],
  ['wait="3"', 3_000, 'wait=3'],
  ['wait=900', 10_000, 'wait=10'],
  ['wait=-1', 2_000, undefined],
  ['wait=soon', 2_000, undefined],
  ['respond-async', 0, 'respond-async'],
  ['respond-async, wait=4', 4_000, 'wait=4'],
  ['return=minimal; foo="bar", wait=1', 1_000, 'wait=1'],
])('reads Prefer "%s"', (header, waitMs, applied) => {
  expect(readPreference(header, 2)).toEqual(applied ? { waitMs, applied } : { waitMs });
});

it('gives a tenant its tokens back with time, and no more than a burst', () => {
  let now = 0;
  const buckets = new TokenBuckets(() => now);
  const takeAll = (): number => {
    let taken = 0;
    while (buckets.take('acme', 2).waitSeconds === 0) taken += 1;
    return taken;
  };

  expect(takeAll()).toBe(20);
  expect(buckets.take('acme', 2).waitSeconds).toBe(1);
  now = 1_000;
  expect(takeAll()).toBe(2);
  now = 3_600_000;
  expect(takeAll()).toBe(20);
});
