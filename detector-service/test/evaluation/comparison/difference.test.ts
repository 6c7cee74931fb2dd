import {
  differencesOf,
  type AnsweredTwice,
  type ComparedName,
} from '../../../src/evaluation/comparison/difference.js';
import { seededRandom } from '../../../src/evaluation/figures/random.js';
import type { ListedItem } from '../../../src/evaluation/manifest.js';

const DRAWS = { count: 300, seed: 5 };

function item(source: string, isFake: boolean): ListedItem {
  const names = { file: 'f', path: '/f', generator: '', category: '', fold: '' };
  return { ...names, source, isFake, trainedOn: [] };
}

/** Twelve sources of 20 items a class, whose scores tell them apart somewhat. @param change what the second run makes of a score */
function runs(change: (score: number, isFake: boolean) => number | null): AnsweredTwice[] {
  const random = seededRandom(11);
  return Array.from({ length: 12 }, (_, i) => `s${i}`).flatMap((source) =>
    [true, false].flatMap((isFake) => {
      const level = 0.3 * random() + (isFake ? 0.35 : 0);
      return Array.from({ length: 20 }, () => {
        const score = level + 0.3 * random();
        const now = change(score, isFake);
        return {
          item: item(source, isFake),
          before: { score, isFlagged: score > 0.6 },
          now: { score: now, isFlagged: now !== null && now > 0.6 },
        };
      });
    }),
  );
}

function worse(answered: readonly AnsweredTwice[]): ComparedName[] {
  return differencesOf(answered, DRAWS).flatMap(({ figure, isWorse }) => (isWorse ? figure : []));
}

describe('two runs over the same items', () => {
  it('do not differ where the scores do not, however few the items', () => {
    const same = differencesOf(
      runs((score) => score),
      DRAWS,
    );
    expect(same.map(({ figure }) => figure)).toEqual([
      ...['auc', 'tprAt5', 'found', 'falseAlarms', 'abstained'],
    ]);
    for (const { before, now, interval } of same) {
      expect(now).toBe(before);
      expect(interval).toEqual({ low: 0, high: 0 });
    }
  });

  it('are not called worse for noise that points nowhere', () => {
    const random = seededRandom(2);
    expect(worse(runs((score) => score + 0.02 * (random() - 0.5)))).toEqual([]);
  });

  it.each<[string, (score: number, isFake: boolean) => number | null, ComparedName[]]>([
    ['fakes score lower', (s, isFake) => (isFake ? s - 0.2 : s), ['auc', 'tprAt5', 'found']],
    ['genuine media is accused', (s, isFake) => (isFake ? s : s + 0.3), ['auc', 'falseAlarms']],
    ['every other item is abstained on', (s) => ((s * 1e6) % 2 < 1 ? null : s), ['abstained']],
  ])('are called worse where %s', (_name, change, expected) => {
    expect(worse(runs(change))).toEqual(expect.arrayContaining(expected));
  });

  it('are never called worse where they got better', () => {
    expect(worse(runs((score, isFake) => (isFake ? score + 0.2 : score - 0.1)))).toEqual([]);
  });

  it('are not called worse by one source, of which no spread can be learnt', () => {
    const answered = runs((score, isFake) => (isFake ? score - 0.3 : score)).filter(
      ({ item: { source, isFake } }) => !isFake || source === 's1',
    );
    const [auc] = differencesOf(answered, DRAWS);
    expect(auc?.now).toBeLessThan(auc?.before ?? 0);
    expect(auc).toMatchObject({ interval: null, isWorse: false });
  });
});
