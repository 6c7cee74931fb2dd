/** Reads from an evaluation report what justifies a promotion. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { z } from 'zod';

import {
  ModelRegistryError,
  type EvidenceFigures,
  type PromotionEvidence,
  type RegisteredModel,
} from './registry.js';

const figure = z.object({ value: z.number() });
const share = figure.nullable();
const reportSchema = z.object({
  models: z.array(
    z.object({ id: z.string(), sha256: z.string(), configurationSha256: z.string() }),
  ),
  variants: z.array(
    z.object({
      variant: z.string(),
      scorers: z.array(
        z.object({
          scorer: z.string(),
          on: z.enum(['all', 'unseen']),
          bySources: z.object({ auc: figure, tprAt5: figure }).nullable(),
          falseAlarms: share,
          found: share,
          abstained: share,
        }),
      ),
    }),
  ),
});

/**
 * @param path of `report.json`
 * @throws ModelRegistryError where the report is not about this very model with this calibration and these thresholds, or measured nothing of it
 */
export async function readEvidence(
  path: string,
  { modelId, version, sha256, configurationSha256 }: RegisteredModel,
): Promise<PromotionEvidence> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new ModelRegistryError(
      `Expected an evaluation report at ${path} but it cannot be read; name the report.json that evaluate wrote.`,
      { cause },
    );
  });
  const parsed = reportSchema.safeParse(parseJson(bytes));
  if (!parsed.success) {
    throw new ModelRegistryError(
      `Expected a report.json of evaluate at ${path}: ${z.prettifyError(parsed.error)}`,
    );
  }
  const { models, variants } = parsed.data;
  const own = models.find(
    (model) => model.sha256 === sha256 && model.configurationSha256 === configurationSha256,
  );
  if (!own) {
    const isSameFile = models.some((model) => model.sha256 === sha256);
    throw new ModelRegistryError(
      `Expected a report on ${modelId} ${version} (SHA-256 ${sha256}) but ${path} ${isSameFile ? 'measured that file with another calibration, other thresholds or other rules of abstention' : 'is on other models'}; run: npx mediaguard evaluate <folder> --model ${modelId}=<its folder>`,
    );
  }
  const figures = variants.flatMap(({ variant, scorers }): EvidenceFigures[] => {
    const rows = scorers.filter(({ scorer, bySources }) => scorer === own.id && bySources);
    const row = rows.find(({ on }) => on === 'unseen') ?? rows[0];
    if (!row?.bySources) return [];
    return [
      {
        variant,
        on: row.on,
        auc: row.bySources.auc.value,
        tprAt5: row.bySources.tprAt5.value,
        falseAlarms: row.falseAlarms?.value ?? null,
        found: row.found?.value ?? null,
        abstained: row.abstained?.value ?? null,
      },
    ];
  });
  if (figures.length === 0) {
    throw new ModelRegistryError(
      `Expected figures of ${modelId} ${version} but ${path} has none: the model scored no items of both classes.`,
    );
  }
  return { reportSha256: createHash('sha256').update(bytes).digest('hex'), figures };
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
