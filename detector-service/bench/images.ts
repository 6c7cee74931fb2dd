import { join } from 'node:path';

import { scoreOf } from '../src/model-operations/model-score.js';
import { createPipeline } from '../src/verdict/pipeline.js';
import { print, readCsv, verifyAll } from './data.js';

interface Group {
  pictures: number;
  scored: number;
  suspect: number;
  score: number;
}

/**
 * Judges labelled pictures as they are (`manifest.csv`: file, label, source, category) and prints what became of each source. On the pictures that the
 * model was trained on this shows abstention and thresholds at work; it measures no accuracy.
 */
export async function benchImages(folder: string): Promise<void> {
  const pipeline = await createPipeline();
  const rows = await readCsv(join(folder, 'manifest.csv'));
  const groups = new Map<string, Group>();
  await verifyAll(
    pipeline,
    rows,
    (row) => join(folder, row['file'] ?? ''),
    (row, result) => {
      const key = `${row['label']} ${row['category']} ${row['source']}`;
      const group = groups.get(key) ?? { pictures: 0, scored: 0, suspect: 0, score: 0 };
      groups.set(key, group);
      group.pictures += 1;
      const score =
        result.kind === 'outcome' ? scoreOf(result.outcome.findings, 'image-generated') : null;
      if (result.kind !== 'outcome' || score === null) return;
      group.scored += 1;
      group.score += score;
      if (result.outcome.findings.some(({ code }) => code === 'image.generated'))
        group.suspect += 1;
    },
  );
  await pipeline.close();
  print('class category source: pictures, scored, suspect, mean score');
  for (const [key, { pictures, scored, suspect, score }] of [...groups].sort()) {
    print(
      `${key}: ${pictures}, ${scored}, ${suspect}, ${scored > 0 ? (score / scored).toFixed(2) : '-'}`,
    );
  }
}
