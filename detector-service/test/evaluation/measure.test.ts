import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { measureItems } from '../../src/evaluation/measure.js';
import { MeasurementFile } from '../../src/evaluation/measurement-file.js';
import type { ListedItem } from '../../src/evaluation/manifest.js';
import type { VerificationPipeline } from '../../src/verdict/types.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-measure-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('goes on where one item takes too long, and says so of that item', async () => {
  const path = join(folder, 'slow.jpg');
  await writeFile(path, 'slow');
  const pipeline: Pick<VerificationPipeline, 'verify'> = {
    verify: (_media, _context, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  };
  const [measured] = await measureItems([{ path } as ListedItem], ['original'], {
    pipeline: pipeline as VerificationPipeline,
    variants: { make: () => Promise.resolve([]), close: () => Promise.resolve() },
    known: await MeasurementFile.open(join(folder, 'scores.jsonl'), 'rules'),
    maxBytes: 1_000,
    timeoutMs: 20,
    parallel: 1,
    seed: 1,
    onItem: () => undefined,
  });
  expect(measured?.measurements.map(({ answer }) => answer)).toEqual([
    { kind: 'late', reason: 'not done within 20 ms' },
  ]);
});
