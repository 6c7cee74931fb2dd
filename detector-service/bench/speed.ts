import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { makeCleanPicture } from '../../scripts/media/samples.js';
import { createPipeline } from '../src/verdict/pipeline.js';
import { print, verifyFile } from './data.js';

const ROUNDS = 5;

/** Time of a 12-megapixel JPEG through the whole pipeline, by stage. */
export async function benchSpeed(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mediaguard-speed-'));
  const path = join(folder, 'photo.jpg');
  await writeFile(path, await makeCleanPicture(1, 4000, 3000));
  const pipeline = await createPipeline();
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const result = await verifyFile(pipeline, path);
      if (result.kind !== 'outcome')
        throw new Error(`Expected an outcome but received ${result.kind}.`);
      print(`${Math.round(result.ms)} ms ${JSON.stringify(result.outcome.timing.stages)}`);
    }
  } finally {
    await pipeline.close();
    await rm(folder, { recursive: true });
  }
}
