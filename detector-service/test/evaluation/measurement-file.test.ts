import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MeasurementFile } from '../../src/evaluation/measurement-file.js';
import type { Measurement } from '../../src/evaluation/measurement.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-measurements-'));
});
afterEach(() => rm(folder, { recursive: true }));

const FIRST: Measurement = {
  sha256: 'a1',
  variant: 'm1',
  answer: {
    kind: 'judged',
    mediaType: 'image/png',
    verdict: 'clear',
    codes: ['image.clear'],
    scorers: { pipeline: { score: 0.25, isFlagged: false } },
    totalMs: 12,
  },
};
const REFUSED: Measurement = {
  sha256: 'a2',
  variant: 'original',
  answer: { kind: 'refused', reason: 'media.unreadable' },
};
const NOT_MADE: Measurement = {
  sha256: 'a3',
  variant: 'mp3',
  answer: { kind: 'not_made', reason: 'ffmpeg is not installed' },
};
const LATE: Measurement = {
  sha256: 'a4',
  variant: 'original',
  answer: { kind: 'late', reason: 'not done within 9 ms' },
};

describe('a file of measurements', () => {
  it('is taken up again after a kill in the middle of a line', async () => {
    const path = join(folder, 'scores.jsonl');
    const first = await MeasurementFile.open(path, 'rules');
    await first.add(FIRST);
    await appendFile(path, '{"ruleset":"rules","sha2');
    const second = await MeasurementFile.open(path, 'rules');
    expect(second.find('a1', 'm1')?.answer).toEqual(FIRST.answer);
    await second.add(REFUSED);

    const third = await MeasurementFile.open(path, 'rules');
    expect(third.find('a1', 'm1')?.answer).toEqual(FIRST.answer);
    expect(third.find('a2', 'original')?.answer).toEqual(REFUSED.answer);
  });

  it('passes over what was measured under other models', async () => {
    const path = join(folder, 'scores.jsonl');
    await (await MeasurementFile.open(path, 'old')).add(FIRST);
    expect((await MeasurementFile.open(path, 'new')).find('a1', 'm1')).toBeUndefined();
  });

  it.each([NOT_MADE, LATE])(
    'keeps nothing on disk that may go better next time (%#)',
    async (measurement) => {
      const path = join(folder, 'scores.jsonl');
      const file = await MeasurementFile.open(path, 'rules');
      await file.add(FIRST);
      await file.add(measurement);
      const { sha256, variant, answer } = measurement;
      expect(file.find(sha256, variant)?.answer).toEqual(answer);
      expect(await readFile(path, 'utf8')).not.toContain(sha256);
    },
  );
});
