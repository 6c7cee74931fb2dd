/** The figures of one scorer on one variant. Pure. */
import { calibrationBins } from '../figures/calibration.js';
import { figuresOf, weighted } from '../figures/figures.js';
import { areaUnder, rocCurve } from '../figures/ranking.js';
import { wilsonInterval } from '../figures/rates.js';
import type { Sample } from '../figures/sample.js';
import type { ListedItem } from '../manifest.js';
import type { ScorerAnswer } from '../measurement.js';
import type { GroupReport, ScorerReport, Share } from './report.js';

export const HISTOGRAM_BINS = 20;

/** What one scorer said of one item. */
export interface AnsweredItem {
  readonly item: ListedItem;
  readonly answer: ScorerAnswer;
}

export interface ScorerOptions {
  readonly draws: { readonly count: number; readonly seed: number };
  /** Categories of genuine items that are known to fool detectors. */
  readonly hardReal: readonly string[];
}

export function reportScorer(
  scorer: string,
  on: ScorerReport['on'],
  answered: readonly AnsweredItem[],
  { draws, hardReal }: ScorerOptions,
): ScorerReport {
  const samples = answered.flatMap(toSample);
  const real = answered.filter(({ item }) => !item.isFake);
  const fake = answered.filter(({ item }) => item.isFake);
  const alike = weighted(samples, 'sources');
  const group = (keyOf: (item: ListedItem) => string): readonly GroupReport[] =>
    reportGroups(answered, samples, keyOf);
  return {
    scorer,
    on,
    items: { real: real.length, fake: fake.length },
    scored: { real: countScored(real), fake: countScored(fake) },
    abstained: shareOf(answered, ({ answer }) => answer.score === null),
    byItems: figuresOf(samples, 'items', draws),
    bySources: figuresOf(samples, 'sources', draws),
    falseAlarms: shareOf(real, ({ answer }) => answer.isFlagged),
    found: shareOf(fake, ({ answer }) => answer.isFlagged),
    hardReal: shareOf(
      real.filter(({ item }) => hardReal.includes(item.category)),
      ({ answer }) => answer.isFlagged,
    ),
    curve: rocCurve(alike),
    calibration: calibrationBins(alike),
    histogram: {
      real: histogram(samples.filter(({ isFake }) => !isFake)),
      fake: histogram(samples.filter(({ isFake }) => isFake)),
    },
    sources: group(({ source }) => source),
    generators: group(({ isFake, generator }) => (isFake ? generator : '')),
    categories: group(({ category }) => category),
  };
}

function toSample({ item, answer }: AnsweredItem): Sample[] {
  const { isFake, source } = item;
  return answer.score === null ? [] : [{ score: answer.score, isFake, source }];
}

/** Groups without a name are left out: the list does not say what they are. */
function reportGroups(
  answered: readonly AnsweredItem[],
  samples: readonly Sample[],
  keyOf: (item: ListedItem) => string,
): readonly GroupReport[] {
  const groups = new Map<string, { name: string; isFake: boolean; members: AnsweredItem[] }>();
  for (const one of answered) {
    const name = keyOf(one.item);
    if (name === '') continue;
    const { isFake } = one.item;
    const key = `${isFake ? 'fake' : 'real'}/${name}`;
    const group = groups.get(key) ?? { name, isFake, members: [] };
    groups.set(key, group);
    group.members.push(one);
  }
  return [...groups]
    .sort(([left], [right]) => (left < right ? 1 : -1))
    .map(([, { name, isFake, members }]) => {
      const own = members.flatMap(toSample);
      const others = samples.filter((sample) => sample.isFake !== isFake);
      const curve = rocCurve(weighted([...own, ...others], 'items'));
      return {
        name,
        isFake,
        items: members.length,
        scored: own.length,
        meanScore:
          own.length === 0 ? null : own.reduce((sum, { score }) => sum + score, 0) / own.length,
        auc: curve && areaUnder(curve),
        flagged: shareOf(members, ({ answer }) => answer.isFlagged),
      };
    });
}

function countScored(answered: readonly AnsweredItem[]): number {
  return answered.filter(({ answer }) => answer.score !== null).length;
}

function shareOf<Item>(items: readonly Item[], isHit: (item: Item) => boolean): Share | null {
  const hits = items.filter(isHit).length;
  const interval = wilsonInterval(hits, items.length);
  return interval && { value: hits / items.length, interval };
}

/** Shares of the samples by score, in bins of equal width. */
function histogram(samples: readonly Sample[]): readonly number[] {
  const counts = Array.from({ length: HISTOGRAM_BINS }, () => 0);
  for (const { score } of samples) {
    const bin = Math.min(HISTOGRAM_BINS - 1, Math.floor(score * HISTOGRAM_BINS));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return samples.length === 0 ? counts : counts.map((count) => count / samples.length);
}
