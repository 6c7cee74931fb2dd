import { ranges } from '../../src/cli/test.js';

describe('lines of a coverage report', () => {
  it.each([
    [[], ''],
    [[7], '7'],
    [[3, 4, 5, 9], '3-5, 9'],
    [[9, 3, 5, 4], '3-5, 9'],
  ])('prints %j as %j', (lines, text) => {
    expect(ranges(lines)).toBe(text);
  });
});
