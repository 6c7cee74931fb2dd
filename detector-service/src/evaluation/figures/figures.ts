/** Every figure of a set of scored items, in two weightings, with intervals from drawing whole sources. */
import { brierScore, calibrationBins, expectedCalibrationError } from './calibration.js';
import { areaUnder, equalErrorRate, rocCurve, truePositiveRateAt } from './ranking.js';
import { quantile, type Interval } from './rates.js';
import type { Sample, WeightedSamples } from './sample.js';
import { drawUnits, unitName, unitsOf, type DrawnUnits, type Draws, type Unit } from './units.js';

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
  draws: Draws,
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

type FigureValues = Readonly<Record<FigureName, number>>;

function figureValues(counted: WeightedSamples): FigureValues | null {
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

/** Samples from the highest score to the lowest, each with the number of its unit. */
interface GroupedSamples {
  readonly samples: readonly Sample[];
  readonly unitOf: Int32Array;
  readonly units: readonly Unit[];
  readonly sizes: readonly number[];
}

function groupByUnit(samples: readonly Sample[]): GroupedSamples {
  const sorted = [...samples].sort((left, right) => right.score - left.score);
  const units = unitsOf(sorted);
  const numbers = new Map(units.map(({ name }, number) => [name, number]));
  const unitOf = Int32Array.from(sorted, (sample) => numbers.get(unitName(sample)) ?? 0);
  const sizes = units.map(() => 0);
  for (const unit of unitOf) sizes[unit] = (sizes[unit] ?? 0) + 1;
  return { samples: sorted, unitOf, units, sizes };
}

/** @param drawn how often each unit counts, by its number */
function weigh(
  { samples, unitOf, units, sizes }: GroupedSamples,
  weighting: Weighting,
  drawn: readonly number[],
): WeightedSamples {
  const counted = { real: 0, fake: 0 };
  drawn.forEach((times, unit) => (counted[units[unit]?.isFake ? 'fake' : 'real'] += times));
  const perItem = drawn.map((times, unit) =>
    weighting === 'items' || times === 0
      ? times
      : times / ((sizes[unit] ?? 1) * 2 * counted[units[unit]?.isFake ? 'fake' : 'real']),
  );
  return { samples, weights: Float64Array.from(unitOf, (unit) => perItem[unit] ?? 0) };
}

/** The figures under each draw of sources; draws in which a class has no scored item are left out. */
function drawSources(
  grouped: GroupedSamples,
  weighting: Weighting,
  draws: Draws,
): readonly FigureValues[] {
  return drawUnits(grouped.units, draws).flatMap(
    (drawn) => figureValues(weigh(grouped, weighting, timesOf(grouped, drawn))) ?? [],
  );
}

/** The figures of samples, sources alike, under draws that others share: of two runs over the same items, say. Null where a class has no scored item. */
export function underDraws(samples: readonly Sample[]): (drawn: DrawnUnits) => FigureValues | null {
  const grouped = groupByUnit(samples);
  return (drawn) => figureValues(weigh(grouped, 'sources', timesOf(grouped, drawn)));
}

function timesOf({ units }: GroupedSamples, drawn: DrawnUnits): readonly number[] {
  return units.map(({ name }) => drawn.get(name) ?? 0);
}
