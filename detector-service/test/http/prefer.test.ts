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
