/** This run against an earlier one, over the items that both judged. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import type { Draws } from '../figures/units.js';
import type { ListedItem } from '../manifest.js';
import type { MeasuredItem } from '../measure.js';
import { readMeasurements, type MeasurementFile } from '../measurement-file.js';
import type { Judged } from '../measurement.js';
import type { EvaluationReport } from '../report/report.js';
import { MATCHED, VARIANT_NAMES, type VariantName } from '../variants/catalogue.js';
import { differencesOf, type AnsweredTwice, type Difference } from './difference.js';

export interface EarlierRun {
  readonly version: string;
  readonly ruleset: string;
  readonly models: readonly {
    readonly id: string;
    readonly version: string;
    readonly sha256: string;
  }[];
  readonly variants: readonly VariantName[];
  readonly measurements: Pick<MeasurementFile, 'find'>;
}

export interface ScorerComparison {
  readonly variant: VariantName;
  readonly scorer: string;
  /** `unseen`: only items that no training of the present scorer contained. */
  readonly on: 'all' | 'unseen';
  /** Items that both runs judged. */
  readonly items: number;
  readonly differences: readonly Difference[];
}

export interface Comparison {
  readonly version: string;
  readonly models: EarlierRun['models'];
  readonly scorers: readonly ScorerComparison[];
  /** One sentence for each figure that got worse. */
  readonly worse: readonly string[];
}

const reportSchema = z.object({
  version: z.string(),
  ruleset: z.string(),
  models: z.array(z.object({ id: z.string(), version: z.string(), sha256: z.string() })),
  variants: z.array(z.object({ variant: z.string() })),
});

/**
 * @param folder in which the earlier evaluation left `report.json` and `scores.jsonl`
 * @throws Error that names the folder and what is missing
 */
export async function readEarlierRun(folder: string): Promise<EarlierRun> {
  const fail = (cause: unknown): Error =>
    new Error(
      `Expected report.json and scores.jsonl of an earlier evaluation in ${folder}; name the folder that was its --out.`,
      { cause },
    );
  try {
    const text = await readFile(join(folder, 'report.json'), 'utf8');
    const { version, ruleset, models, variants } = reportSchema.parse(JSON.parse(text));
    return {
      version,
      ruleset,
      models,
      variants: VARIANT_NAMES.filter((name) => variants.some(({ variant }) => variant === name)),
      measurements: await readMeasurements(join(folder, 'scores.jsonl'), ruleset),
    };
  } catch (error) {
    throw fail(error);
  }
}

export interface ComparisonOptions {
  /** A model remembers what it was trained on, which would look like progress. */
  readonly hasSeen: (scorer: string, item: ListedItem) => boolean;
  readonly draws: Draws;
}

/**
 * Matched variants where both runs have them, else all that both have; every scorer that both have.
 *
 * @throws Error where the runs have no judged item in common
 */
export function compareRuns(
  measured: readonly MeasuredItem[],
  { variants }: Pick<EvaluationReport, 'variants'>,
  earlier: EarlierRun,
  { hasSeen, draws }: ComparisonOptions,
): Comparison {
  const common = variants
    .map(({ variant }) => variant)
    .filter((variant) => earlier.variants.includes(variant));
  const matched = common.filter((variant) => MATCHED.includes(variant));
  const scorers = (matched.length > 0 ? matched : common).flatMap((variant) =>
    compareVariant(variant, measured, earlier, { hasSeen, draws }),
  );
  if (scorers.length === 0) {
    throw new Error(
      'Expected items that both evaluations judged in a common variant but there are none; compare runs over the same list, and use --fail-below for another one.',
    );
  }
  return {
    version: earlier.version,
    models: earlier.models,
    scorers,
    worse: scorers.flatMap(({ variant, scorer, differences }) =>
      differences
        .filter(({ isWorse }) => isWorse)
        .map((difference) => `${scorer}@${variant}: ${inWords(difference)}`),
    ),
  };
}

function compareVariant(
  variant: VariantName,
  measured: readonly MeasuredItem[],
  { measurements }: EarlierRun,
  { hasSeen, draws }: ComparisonOptions,
): readonly ScorerComparison[] {
  const pairs = measured.flatMap(({ item, measurements: own }) => {
    const now = own.find((one) => one.variant === variant);
    const before = now && measurements.find(now.sha256, variant);
    if (now?.answer.kind !== 'judged' || before?.answer.kind !== 'judged') return [];
    return [{ item, now: now.answer, before: before.answer }];
  });
  const names = (pick: (pair: { now: Judged; before: Judged }) => Judged): Set<string> =>
    new Set(pairs.flatMap((pair) => Object.keys(pick(pair).scorers)));
  const before = names((pair) => pair.before);
  const scorers = [...names((pair) => pair.now)].filter((scorer) => before.has(scorer)).sort();
  return scorers.map((scorer) => {
    const unseen = pairs.filter(({ item }) => !hasSeen(scorer, item));
    const own = unseen.length > 0 ? unseen : pairs;
    const answered = own.map((pair): AnsweredTwice => ({
      item: pair.item,
      before: pair.before.scorers[scorer] ?? SILENT,
      now: pair.now.scorers[scorer] ?? SILENT,
    }));
    return {
      variant,
      scorer,
      on: own.length < pairs.length ? 'unseen' : 'all',
      items: answered.length,
      differences: differencesOf(answered, draws),
    };
  });
}

const SILENT = { score: null, isFlagged: false };

function inWords({ figure, before, now, interval }: Difference): string {
  const bounds =
    interval && ` (95 % of the change: ${signed(interval.low)} to ${signed(interval.high)})`;
  return `${figure} was ${before.toFixed(3)} and is ${now.toFixed(3)}${bounds ?? ''}`;
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(3)}`;
}
