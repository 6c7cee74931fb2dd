/** Which models were trained on which items. A figure over seen items says how well a model remembers, not how well it detects. */
import { z } from 'zod';

import type { Model } from '../inference/model-manifest.js';
import type { ListedItem } from './manifest.js';
import { PIPELINE } from './measurement.js';

/** What a manifest may say of its training: sources by name, folds of a list, or a table of data with a mark a row. */
const trainingSchema = z.looseObject({
  sources: z.array(z.string()).optional(),
  folds: z.array(z.string()).optional(),
  data: z
    .array(z.looseObject({ source: z.string(), trainedOn: z.boolean().optional() }))
    .optional(),
});

export interface Training {
  readonly sources: ReadonlySet<string>;
  readonly folds: ReadonlySet<string>;
}

/** Empty where the manifest says nothing: then only the list's `trainedOn` column marks items. */
export function trainingOf({ manifest }: Pick<Model, 'manifest'>): Training {
  const { data: training } = trainingSchema.safeParse(manifest.training);
  const named = (training?.data ?? []).filter(({ trainedOn }) => trainedOn !== false);
  return {
    sources: new Set([...(training?.sources ?? []), ...named.map(({ source }) => source)]),
    folds: new Set(training?.folds ?? []),
  };
}

/** Says of a scorer whether it has seen an item; the pipeline has seen what any of its models has. */
export function createSeenCheck(
  models: readonly Model[],
): (scorer: string, item: ListedItem) => boolean {
  const trainings = new Map(models.map((model) => [model.manifest.id, trainingOf(model)]));
  const hasSeen = (id: string, item: ListedItem): boolean => {
    const training = trainings.get(id);
    return (
      item.trainedOn.includes('*') ||
      item.trainedOn.includes(id) ||
      (training?.sources.has(item.source) ?? false) ||
      (item.fold !== '' && (training?.folds.has(item.fold) ?? false))
    );
  };
  return (scorer, item) =>
    scorer === PIPELINE
      ? [...trainings.keys()].some((id) => hasSeen(id, item))
      : hasSeen(scorer, item);
}
