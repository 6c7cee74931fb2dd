/** One evaluation: list, selection, measurement, report. */
import { join } from 'node:path';

import { VERSION } from '../ops/version.js';
import { configurationHash, type Model } from '../inference/model-manifest.js';
import type { VerificationPipeline } from '../verdict/types.js';
import { compareRuns, type EarlierRun } from './comparison/compare.js';
import { readMediaList, type ColumnName } from './manifest.js';
import { measureItems } from './measure.js';
import { MeasurementFile } from './measurement-file.js';
import type { EvaluationReport } from './report/report.js';
import { reportVariant } from './report/variant-report.js';
import { hashJudgingCode, rulesetOf } from './ruleset.js';
import { createSeenCheck } from './seen.js';
import { selectItems } from './selection.js';
import type { VariantName } from './variants/catalogue.js';
import type { VariantMaker } from './variants/variant-maker.js';

export interface EvaluationOptions {
  /** Holds `manifest.csv` and the files that it lists. */
  readonly folder: string;
  readonly columns: Partial<Record<ColumnName, string>>;
  /** Where `scores.jsonl` is kept. */
  readonly outFolder: string;
  readonly variants: readonly VariantName[];
  readonly limit: number | undefined;
  readonly seed: number;
  /** Draws of the bootstrap by source. */
  readonly draws: number;
  readonly hardReal: readonly string[];
  /** An earlier evaluation to compare with. */
  readonly earlier: EarlierRun | null;
}

export interface EvaluationParts {
  readonly pipeline: VerificationPipeline;
  /** The models of the pipeline, with their manifests. */
  readonly models: readonly Model[];
  readonly variants: VariantMaker;
  /** Its version as it tells it itself; null where it is not there. */
  readonly ffmpeg: string | null;
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly parallel: number;
  /** Told how many items there are, then once after each. */
  readonly progress: { start(items: number): void; advance(): void };
}

export async function evaluate(
  options: EvaluationOptions,
  parts: EvaluationParts,
): Promise<EvaluationReport> {
  const { seed, draws, hardReal, limit, earlier } = options;
  const list = await readMediaList(options.folder, options.columns);
  const items = selectItems(list.items, limit, seed);
  const { models, pipeline, ffmpeg, maxBytes } = parts;
  const { trustList, documentTrustList } = pipeline;
  const code = await hashJudgingCode();
  const ruleset = rulesetOf({
    ...{ code, models, trustList, documentTrustList },
    ...{ ffmpeg, maxBytes, seed },
  });
  const known = await MeasurementFile.open(join(options.outFolder, 'scores.jsonl'), ruleset);
  parts.progress.start(items.length);
  const measured = await measureItems(items, options.variants, {
    pipeline,
    variants: parts.variants,
    known,
    maxBytes,
    timeoutMs: parts.timeoutMs,
    parallel: parts.parallel,
    seed,
    onItem: () => parts.progress.advance(),
  });
  const hasSeen = createSeenCheck(models);
  const variants = options.variants.map((variant) =>
    reportVariant(variant, measured, hasSeen, { draws: { count: draws, seed }, hardReal }),
  );
  return {
    list: {
      items: items.length,
      real: items.filter(({ isFake }) => !isFake).length,
      fake: items.filter(({ isFake }) => isFake).length,
      sources: new Set(items.map(({ source }) => source)).size,
      leftOut: list.leftOut,
      limit: limit ?? null,
    },
    models: models.map(({ manifest }) => ({
      id: manifest.id,
      version: manifest.version,
      sha256: manifest.sha256,
      configurationSha256: configurationHash(manifest),
      seenItems: items.filter((item) => hasSeen(manifest.id, item)).length,
    })),
    version: VERSION,
    ruleset,
    seed,
    draws,
    hardReal,
    variants,
    comparison:
      earlier &&
      compareRuns(measured, { variants }, earlier, { hasSeen, draws: { count: draws, seed } }),
  };
}
