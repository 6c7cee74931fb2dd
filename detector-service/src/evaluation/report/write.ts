import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { plotVariant } from '../plots/plots.js';
import { toMarkdown } from './markdown.js';
import type { EvaluationReport } from './report.js';

/** Writes `report.json`, `report.md` and the plots into the folder. */
export async function writeReport(folder: string, report: EvaluationReport): Promise<void> {
  await mkdir(folder, { recursive: true });
  const plots = new Map(report.variants.map((variant) => [variant.variant, plotVariant(variant)]));
  for (const { name, svg } of [...plots.values()].flat()) {
    await writeFile(join(folder, name), svg);
  }
  await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(folder, 'report.md'), toMarkdown(report, plots));
}
