/** `mediaguard evaluate`: how well the pipeline and each of its models tell labelled media apart. */
import { basename, join, resolve } from 'node:path';

import { Command, InvalidArgumentError } from 'commander';

import { readEarlierRun } from '../evaluation/comparison/compare.js';
import { evaluate } from '../evaluation/evaluate.js';
import { failedGates, parseGate, type Gate } from '../evaluation/gates.js';
import { COLUMN_NAMES, type ColumnName } from '../evaluation/manifest.js';
import { writeMetrics } from '../evaluation/report/metrics.js';
import { writeReport } from '../evaluation/report/write.js';
import {
  DEFAULT_VARIANTS,
  VARIANT_NAMES,
  VARIANTS,
  type VariantName,
} from '../evaluation/variants/catalogue.js';
import { createVariantMaker } from '../evaluation/variants/variant-maker.js';
import { findFfmpeg } from '../intake/ffmpeg.js';
import { loadModels } from '../verdict/pipeline.js';
import {
  configOf,
  dataOption,
  modelOption,
  trustOption,
  wholeNumber,
  type SharedFlags,
} from './options.js';
import { deployedModels, pipelineOf } from './pipeline.js';
import { progressBar } from './progress.js';

interface EvaluateFlags extends SharedFlags {
  out?: string;
  limit?: number;
  variants: readonly VariantName[];
  seed: number;
  draws: number;
  column?: Partial<Record<ColumnName, string>>;
  hardReal: readonly string[];
  failBelow?: Gate[];
  failAbove?: Gate[];
  against?: string;
  deployed?: boolean;
  metrics?: string;
}

/** A gate was not kept, or a figure got worse. */
const EXIT_REGRESSION = 1;

export function evaluateCommand(): Command {
  const known = Object.entries(VARIANTS).map(
    ([name, { description }]) => `  ${name.padEnd(12)} ${description}`,
  );
  return new Command('evaluate')
    .description('measure detection on labelled media and write a report')
    .argument('<folder>', 'holds manifest.csv (file, label, source, ...) and the files it lists')
    .option('--out <folder>', 'where the report goes; scores are kept there and used again')
    .option('--limit <n>', 'at most so many items, even over sources', wholeNumber(2, 10_000_000))
    .option('--variants <list>', 'comma-separated, or "all"', parseVariants, DEFAULT_VARIANTS)
    .option('--seed <n>', 'of selection, variants and draws', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--draws <n>', 'of the bootstrap by source', wholeNumber(0, 100_000), 1000)
    .option(
      '--column <name=header>',
      `a column of another name: ${COLUMN_NAMES.join(', ')}`,
      parseColumn,
    )
    .option(
      '--hard-real <list>',
      'categories of genuine items to count false alarms on',
      parseList,
      [],
    )
    .option(
      '--fail-below <gate>',
      'end with 1 where a figure is below, such as auc=0.7',
      collect('below'),
    )
    .option(
      '--fail-above <gate>',
      'end with 1 where a figure is above, such as ece=0.05',
      collect('above'),
    )
    .option(
      '--against <folder>',
      'end with 1 where a figure got worse than in the evaluation in this folder, by more than chance',
    )
    .option(
      '--deployed',
      'measure what the service judges by: with the active models of its registry',
    )
    .option('--metrics <file>', 'write the figures for the textfile collector of Prometheus')
    .addOption(dataOption())
    .addOption(trustOption())
    .addOption(modelOption())
    .addHelpText(
      'after',
      `\nVariants:\n${known.join('\n')}\n\nExit code: 0 done, 1 a figure outside its bound or worse than before, 3 could not run.`,
    )
    .action(async (folder: string, flags: EvaluateFlags) => {
      process.exitCode = await run(folder, flags);
    });
}

async function run(folder: string, flags: EvaluateFlags): Promise<number> {
  const config = configOf(flags);
  const outFolder = flags.out ?? join(folder, 'evaluation');
  // Before anything is written: it may be the same folder.
  const earlier = flags.against === undefined ? null : await readEarlierRun(flags.against);
  const deployed = flags.deployed ? await deployedModels(config) : {};
  const own = Object.fromEntries(config.models.map(({ id, folder }) => [id, folder]));
  const models = await loadModels({ ...own, ...deployed });
  const pipeline = await pipelineOf(config, deployed);
  const variants = createVariantMaker(config.workers, { maxBytes: config.maxBytes }, config.ffmpeg);
  const progress = progressBar('items');
  try {
    const report = await evaluate(
      {
        folder,
        outFolder,
        columns: flags.column ?? {},
        variants: flags.variants,
        limit: flags.limit,
        seed: flags.seed,
        draws: flags.draws,
        hardReal: flags.hardReal,
        earlier,
      },
      {
        pipeline,
        models,
        variants,
        ffmpeg: (await findFfmpeg(config.ffmpeg))?.version ?? null,
        maxBytes: config.maxBytes,
        timeoutMs: config.verifyTimeoutMs,
        parallel: config.workers,
        progress,
      },
    );
    await writeReport(outFolder, report);
    process.stdout.write(`${join(outFolder, 'report.md')}\n`);
    const failures = failedGates(report, [...(flags.failBelow ?? []), ...(flags.failAbove ?? [])]);
    if (flags.metrics !== undefined) {
      await writeMetrics(flags.metrics, report, basename(resolve(folder)), failures.length);
    }
    const worse = report.comparison?.worse ?? [];
    for (const failure of failures) process.stderr.write(`Not kept: ${failure}\n`);
    for (const figure of worse) process.stderr.write(`Worse: ${figure}\n`);
    return failures.length + worse.length > 0 ? EXIT_REGRESSION : 0;
  } finally {
    progress.stop();
    await Promise.all([variants.close(), pipeline.close()]);
  }
}

function parseVariants(text: string): readonly VariantName[] {
  if (text === 'all') return VARIANT_NAMES;
  return parseList(text).map((wanted) => {
    const variant = VARIANT_NAMES.find((name) => name === wanted);
    if (!variant) {
      throw new InvalidArgumentError(`Unknown: ${wanted}. Known: ${VARIANT_NAMES.join(', ')}.`);
    }
    return variant;
  });
}

function parseColumn(
  text: string,
  earlier: Partial<Record<ColumnName, string>> | undefined,
): Partial<Record<ColumnName, string>> {
  const [name, header] = [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)];
  const column = COLUMN_NAMES.find((known) => known === name);
  if (!column || header === '') {
    throw new InvalidArgumentError(
      `Expected <name>=<header> with a name of ${COLUMN_NAMES.join(', ')}.`,
    );
  }
  return { ...earlier, [column]: header };
}

function parseList(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function collect(side: Gate['side']): (text: string, earlier: Gate[] | undefined) => Gate[] {
  return (text, earlier) => {
    try {
      return [...(earlier ?? []), parseGate(text, side)];
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  };
}
