/** Every figure of a set of scored items, in two weightings, with intervals from drawing whole sources. */
import { brierScore, calibrationBins, expectedCalibrationError } from './calibration.js';
import { areaUnder, equalErrorRate, rocCurve, truePositiveRateAt } from './ranking.js';
import { seededRandom } from './random.js';
import { quantile, type Interval } from './rates.js';
import type { Sample, WeightedSamples } from './sample.js';

export const FIGURE_NAMES = ['auc', 'tprAt1', 'tprAt5', 'eer', 'brier', 'ece'] as const;
export type FigureName = (typeof FIGURE_NAMES)[number];

export interface Figure {
  readonly value: number;
  /** 95 %, by drawing sources; null where a class has fewer than two sources, of which no spread can be learnt. */
  readonly interval: Interval | null;
}
export type Figures = Readonly<Record<FigureName, Figure>>;

/** `items`: each item counts once. `sources`: each source counts once, and both classes alike. */
export type Weighting = 'items' | 'sources';

/** @returns null where one class has no scored item: nothing can be told apart then */
export function figuresOf(
  samples: readonly Sample[],
  weighting: Weighting,
  draws: { readonly count: number; readonly seed: number },
): Figures | null {
  const grouped = groupByUnit(samples);
  const values = figureValues(
    weigh(
      grouped,
      weighting,
      grouped.sizes.map(() => 1),
    ),
  );
  if (!values) return null;
  const spread = drawSources(grouped, weighting, draws);
  const figure = (name: FigureName): Figure => {
    const drawn = spread.map((draw) => draw[name]);
    const low = quantile(drawn, 0.025);
    const high = quantile(drawn, 0.975);
    return { value: values[name], interval: low === null || high === null ? null : { low, high } };
  };
  return {
    auc: figure('auc'),
    tprAt1: figure('tprAt1'),
    tprAt5: figure('tprAt5'),
    eer: figure('eer'),
    brier: figure('brier'),
    ece: figure('ece'),
  };
}

/** The samples of one weighting, for curves and bins. */
export function weighted(samples: readonly Sample[], weighting: Weighting): WeightedSamples {
  const grouped = groupByUnit(samples);
  return weigh(
    grouped,
    weighting,
    grouped.sizes.map(() => 1),
  );
}

function figureValues(counted: WeightedSamples): Readonly<Record<FigureName, number>> | null {
  const curve = rocCurve(counted);
  if (!curve) return null;
  return {
    auc: areaUnder(curve),
    tprAt1: truePositiveRateAt(curve, 0.01),
    tprAt5: truePositiveRateAt(curve, 0.05),
    eer: equalErrorRate(curve),
    brier: brierScore(counted),
    ece: expectedCalibrationError(calibrationBins(counted)),
  };
}

/** Samples from the highest score to the lowest, each with the number of its unit: a source's items of one class. */
interface GroupedSamples {
  readonly samples: readonly Sample[];
  readonly unitOf: Int32Array;
  readonly sizes: readonly number[];
  readonly isFake: readonly boolean[];
}

function groupByUnit(samples: readonly Sample[]): GroupedSamples {
  const sorted = [...samples].sort((left, right) => right.score - left.score);
  const names = [...new Set(sorted.map(unitName))].sort();
  const numbers = new Map(names.map((name, number) => [name, number]));
  const unitOf = Int32Array.from(sorted, (sample) => numbers.get(unitName(sample)) ?? 0);
  const sizes = names.map(() => 0);
  const isFake = names.map(() => false);
  sorted.forEach((sample, i) => {
    const unit = unitOf[i] as number;
    sizes[unit] = (sizes[unit] ?? 0) + 1;
    isFake[unit] = sample.isFake;
  });
  return { samples: sorted, unitOf, sizes, isFake };
}

function unitName({ source, isFake }: Sample): string {
  return `${isFake ? 'fake' : 'real'}/${source}`;
}

/** @param drawn how often each unit counts */
function weigh(
  { samples, unitOf, sizes, isFake }: GroupedSamples,
  weighting: Weighting,
  drawn: readonly number[],
): WeightedSamples {
  const units = { real: 0, fake: 0 };
  drawn.forEach((times, unit) => (units[isFake[unit] ? 'fake' : 'real'] += times));
  const perItem = drawn.map((times, unit) =>
    weighting === 'items'
      ? times
      : times / ((sizes[unit] ?? 1) * 2 * units[isFake[unit] ? 'fake' : 'real']),
  );
  return { samples, weights: Float64Array.from(unitOf, (unit) => perItem[unit] ?? 0) };
}

/** The bootstrap by source: of each class as many sources are drawn, with replacement, as there are (Efron 1979, clusters as units). */
function drawSources(
  grouped: GroupedSamples,
  weighting: Weighting,
  { count, seed }: { readonly count: number; readonly seed: number },
): readonly Readonly<Record<FigureName, number>>[] {
  const classes = [false, true].map((wanted) =>
    grouped.isFake.flatMap((isFake, unit) => (isFake === wanted ? [unit] : [])),
  );
  if (classes.some((units) => units.length < 2)) return [];
  const random = seededRandom(seed);
  const results: Readonly<Record<FigureName, number>>[] = [];
  for (let draw = 0; draw < count; draw += 1) {
    const drawn = grouped.sizes.map(() => 0);
    for (const units of classes) {
      for (let i = 0; i < units.length; i += 1) {
        const unit = units[Math.floor(random() * units.length)] as number;
        drawn[unit] = (drawn[unit] ?? 0) + 1;
      }
    }
    const values = figureValues(weigh(grouped, weighting, drawn));
    if (values) results.push(values);
  }
  return results;
}
