/** How one scorer changed between two runs over the same items. Pure. */
import { underDraws } from '../figures/figures.js';
import { quantile, type Interval } from '../figures/rates.js';
import { drawUnits, unitName, unitsOf, type DrawnUnits, type Draws } from '../figures/units.js';
import type { ListedItem } from '../manifest.js';
import type { ScorerAnswer } from '../measurement.js';

/** Each with the side on which it is worse. All with sources alike; shares are over all items, with abstentions as not accused. */
export const COMPARED = {
  auc: 'lower',
  tprAt5: 'lower',
  found: 'lower',
  falseAlarms: 'higher',
  abstained: 'higher',
} as const;
export type ComparedName = keyof typeof COMPARED;
export const COMPARED_NAMES = Object.keys(COMPARED) as readonly ComparedName[];

export interface Difference {
  readonly figure: ComparedName;
  readonly before: number;
  readonly now: number;
  /** 95 % of now minus before, by drawing the same sources for both; null where a class has fewer than two sources. */
  readonly interval: Interval | null;
  /** The whole interval lies on the bad side. Without an interval nothing is called worse. */
  readonly isWorse: boolean;
}

export interface AnsweredTwice {
  readonly item: ListedItem;
  readonly before: ScorerAnswer;
  readonly now: ScorerAnswer;
}

type Values = Readonly<Record<ComparedName, number | null>>;

/** Figures that one of the runs does not have are left out. */
export function differencesOf(
  answered: readonly AnsweredTwice[],
  draws: Draws,
): readonly Difference[] {
  const units = unitsOf(answered.map(({ item }) => item));
  const before = valuesOf(answered, (one) => one.before);
  const now = valuesOf(answered, (one) => one.now);
  const once: DrawnUnits = new Map(units.map(({ name }) => [name, 1]));
  const drawn = drawUnits(units, draws).map((times) => [before(times), now(times)] as const);
  const [valuesBefore, valuesNow] = [before(once), now(once)];
  return COMPARED_NAMES.flatMap((figure) => {
    const [was, is] = [valuesBefore[figure], valuesNow[figure]];
    if (was === null || is === null) return [];
    const changes = drawn.flatMap(([first, second]) => {
      const [left, right] = [first[figure], second[figure]];
      return left === null || right === null ? [] : [right - left];
    });
    const low = quantile(changes, 0.025);
    const high = quantile(changes, 0.975);
    const interval = low === null || high === null ? null : { low, high };
    const isWorse =
      interval !== null && (COMPARED[figure] === 'lower' ? interval.high < 0 : interval.low > 0);
    return [{ figure, before: was, now: is, interval, isWorse }];
  });
}

function valuesOf(
  answered: readonly AnsweredTwice[],
  pick: (one: AnsweredTwice) => ScorerAnswer,
): (drawn: DrawnUnits) => Values {
  const figures = underDraws(
    answered.flatMap((one) => {
      const { score } = pick(one);
      const { isFake, source } = one.item;
      return score === null ? [] : [{ score, isFake, source }];
    }),
  );
  const accused = shareUnderDraws(answered, (one) => pick(one).isFlagged);
  const abstained = shareUnderDraws(answered, (one) => pick(one).score === null);
  return (drawn) => {
    const values = figures(drawn);
    return {
      auc: values?.auc ?? null,
      tprAt5: values?.tprAt5 ?? null,
      found: accused(drawn, [true]),
      falseAlarms: accused(drawn, [false]),
      abstained: abstained(drawn, [true, false]),
    };
  };
}

/** The mean over drawn sources of the share of their items for which something holds. */
function shareUnderDraws(
  answered: readonly AnsweredTwice[],
  holds: (one: AnsweredTwice) => boolean,
): (drawn: DrawnUnits, classes: readonly boolean[]) => number | null {
  const units = new Map<string, { isFake: boolean; items: number; hits: number }>();
  for (const one of answered) {
    const { isFake } = one.item;
    const name = unitName(one.item);
    const unit = units.get(name) ?? { isFake, items: 0, hits: 0 };
    units.set(name, unit);
    unit.items += 1;
    if (holds(one)) unit.hits += 1;
  }
  return (drawn, classes) => {
    let [sum, weight] = [0, 0];
    for (const [name, { isFake, items, hits }] of units) {
      if (!classes.includes(isFake)) continue;
      const times = drawn.get(name) ?? 0;
      sum += (times * hits) / items;
      weight += times;
    }
    return weight === 0 ? null : sum / weight;
  };
}
