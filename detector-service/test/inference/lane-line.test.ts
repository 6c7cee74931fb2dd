import { BULK_EVERY, LaneLine } from '../../src/inference/lane-line.js';

const BOTH = { interactive: true, bulk: true };

function lineOf(interactive: number, bulk: number): LaneLine<string> {
  const line = new LaneLine<string>();
  for (let count = 1; count <= bulk; count += 1) line.add(`bulk ${count}`, 'bulk');
  for (let count = 1; count <= interactive; count += 1) line.add(`urgent ${count}`, 'interactive');
  return line;
}

describe('the line in front of the children', () => {
  it('lets what somebody waits for go first, each lane in the order of its coming', () => {
    const line = lineOf(2, 2);

    expect(Array.from({ length: 5 }, () => line.next(BOTH))).toEqual([
      'urgent 1',
      'urgent 2',
      'bulk 1',
      'bulk 2',
      undefined,
    ]);
  });

  it('gives bulk work its turn however much somebody waits for', () => {
    const line = lineOf(3 * BULK_EVERY, 3);
    const given = Array.from({ length: 2 * BULK_EVERY }, () => line.next(BOTH));

    expect(given.indexOf('bulk 1')).toBe(BULK_EVERY - 1);
    expect(given.indexOf('bulk 2')).toBe(2 * BULK_EVERY - 1);
  });

  it('passes nobody over while bulk work has nothing waiting', () => {
    const line = lineOf(BULK_EVERY, 0);
    for (let count = 0; count < BULK_EVERY - 1; count += 1) line.next(BOTH);
    line.add('bulk', 'bulk');

    expect(line.next(BOTH)).toBe(`urgent ${BULK_EVERY}`);
  });

  it('gives only of the lanes that may go on', () => {
    const line = lineOf(1, 1);

    expect(line.next({ interactive: false, bulk: false })).toBeUndefined();
    expect(line.next({ interactive: false, bulk: true })).toBe('bulk 1');
    expect(line.next({ interactive: false, bulk: true })).toBeUndefined();
    expect(line.next({ interactive: true, bulk: false })).toBe('urgent 1');
  });

  it('forgets a task that nobody wants any more', () => {
    const line = lineOf(1, 2);
    line.remove('bulk 1');
    line.remove('urgent 1');

    expect(line.length).toBe(1);
    expect(line.clear()).toEqual(['bulk 2']);
    expect(line.length).toBe(0);
  });
});
