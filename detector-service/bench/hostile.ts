import { join } from 'node:path';

import { createPipeline } from '../src/verdict/pipeline.js';
import { print, readCsv, tally, verifyAll } from './data.js';

/** Feeds every file of `manifest.csv` and counts what came of it. A crash or a hang of the service itself would end or stall this program. */
export async function benchHostile(folder: string): Promise<void> {
  const pipeline = await createPipeline();
  const rows = await readCsv(join(folder, 'manifest.csv'));
  const endings = new Map<string, number>();
  const slowest: { ms: number; file: string }[] = [];
  await verifyAll(
    pipeline,
    rows,
    (row) => join(folder, row['file'] ?? ''),
    (row, result) => {
      const file = row['file'] ?? '';
      const ending =
        result.kind === 'outcome'
          ? result.outcome.verdict
          : result.kind === 'refused'
            ? result.code
            : 'failed';
      tally(endings, ending);
      slowest.push({ ms: result.ms, file });
      if (result.kind === 'failed' || /crash|slow/.test(ending)) {
        print(`${ending}: ${file} ${result.kind === 'failed' ? String(result.error) : ''}`);
      }
    },
  );
  await pipeline.close();
  for (const [ending, count] of [...endings].sort((a, b) => b[1] - a[1]))
    print(`${count} ${ending}`);
  slowest.sort((a, b) => b.ms - a.ms);
  for (const { ms, file } of slowest.slice(0, 5)) print(`${Math.round(ms)} ms ${file}`);
}
