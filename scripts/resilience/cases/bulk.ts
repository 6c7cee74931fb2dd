/** 200 files in one insert cost the org as many queries, saves and jobs as 10 do. */
import assert from 'node:assert/strict';

import { makePictures } from '../media.js';
import { areAll, areJudged, summary, upload, waitFor } from '../uploads.js';
import { callLocal, type World } from '../world.js';

interface LimitReport {
  readonly source: string;
  readonly used: Readonly<Record<'queries' | 'dmlStatements' | 'queueableJobs', number>>;
}

const FEW = 10;
const MANY = 200;

export async function insertInBulk(world: World): Promise<void> {
  const few = await makePictures('few', 1_000, FEW, { quality: 60 });
  const many = await makePictures('many', 2_000, MANY, { quality: 60 });

  const fewIds = await upload(world, few);
  const fewUsed = await usedByUpload(world);
  await waitFor(world, fewIds, areJudged);

  const started = Date.now();
  const manyIds = await upload(world, many);
  const savedAfter = Date.now() - started;
  const manyUsed = await usedByUpload(world);
  const versions = await waitFor(world, manyIds, areJudged);
  const clearedAfter = Date.now() - started;

  for (const [count, used] of [
    [FEW, fewUsed],
    [MANY, manyUsed],
  ] as const) {
    world.figure(
      `${count} files in one insert: ${used.queries} SOQL queries, ${used.dmlStatements} DML statements, ${used.queueableJobs} job`,
    );
  }
  world.figure(
    `${MANY} files: saved in ${(savedAfter / 1000).toFixed(1)} s, ${summary(versions)} after ${(clearedAfter / 1000).toFixed(1)} s`,
  );
  assert.deepEqual(
    manyUsed,
    fewUsed,
    'What an insert costs must not depend on how many files it has.',
  );
  assert.equal(manyUsed.queueableJobs, 1, 'One insert of up to 200 files starts one job.');
  assert.ok(
    areAll('Cleared')(versions),
    `Expected every picture to be cleared: ${summary(versions)}`,
  );
}

/** What the last upload took of its limits. */
async function usedByUpload(world: World): Promise<LimitReport['used']> {
  const reports = await callLocal<LimitReport[]>(world, world.administrator, 'limits');
  const report = reports.find(({ source }) => source === 'POST /composite/sobjects');
  assert.ok(
    report,
    `The limit log has no upload: ${reports.map(({ source }) => source).join(', ')}`,
  );
  const { queries, dmlStatements, queueableJobs } = report.used;
  return { queries, dmlStatements, queueableJobs };
}
