import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { measureItems } from '../../src/evaluation/measure.js';
import { MeasurementFile } from '../../src/evaluation/measurement-file.js';
import type { ListedItem } from '../../src/evaluation/manifest.js';
import { MediaRefusedError, type VerificationPipeline } from '../../src/verdict/types.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-measure-'));
});
afterEach(() => rm(folder, { recursive: true }));

const listens: VerificationPipeline['verify'] = (_media, _context, signal) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
const tooSlow: VerificationPipeline['verify'] = () =>
  Promise.reject(new MediaRefusedError('media.too_slow', 'Two attempts ran out of time.'));
const unreadable: VerificationPipeline['verify'] = () =>
  Promise.reject(new MediaRefusedError('media.unreadable', 'The decoder failed.'));

it.each([
  ['late where one item takes too long', listens, 'late', 'not done within 20 ms'],
  ['late where its examination ran out of time', tooSlow, 'late', 'media.too_slow'],
  ['refused where it cannot be judged', unreadable, 'refused', 'media.unreadable'],
])('goes on, and says that an item is %s', async (_name, verify, kind, reason) => {
  const path = join(folder, 'item.jpg');
  await writeFile(path, 'item');
  const [measured] = await measureItems([{ path } as ListedItem], ['original'], {
    pipeline: { verify } as VerificationPipeline,
    variants: { make: () => Promise.resolve([]), close: () => Promise.resolve() },
    known: await MeasurementFile.open(join(folder, `${reason}.jsonl`), 'rules'),
    maxBytes: 1_000,
    timeoutMs: 20,
    parallel: 1,
    seed: 1,
    onItem: () => undefined,
  });
  expect(measured?.measurements.map(({ answer }) => answer)).toEqual([{ kind, reason }]);
});
