/** Examines a picture as the service's children do, in a process with their settings, and tells the CPU time of each stage. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createDetectors } from '../../src/detectors/suite.js';
import { MEDIA_LIMITS } from '../../src/intake/limits.js';
import { createC2paReader } from '../../src/provenance/c2pa-reader.js';
import { NO_ANCHORS } from '../../src/provenance/trust-anchors.js';
import { examine, type Examiner } from '../../src/verdict/examine.js';
import { createMarkReader } from '../../src/verdict/inner-marks.js';
import { loadModels } from '../../src/verdict/pipeline.js';
import { percentile } from './percentile.js';
import type { StageTimes } from './stages.js';

const ROUNDS = 9;
/** The first examinations compile code. */
const WARM_UP = 4;

async function cpuByStage(bytes: Uint8Array): Promise<StageTimes> {
  const folder = await mkdtemp(join(tmpdir(), 'mediaguard-stages-'));
  const path = join(folder, 'photo.jpg');
  try {
    await writeFile(path, bytes);
    const examiner = await createExaminer();
    const request = { path, sizeBytes: bytes.length, declaredType: undefined, fileName: undefined };
    const times = new Map<string, number[]>();
    for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
      const { stages } = await examine(request, examiner);
      if (round < WARM_UP) continue;
      for (const [stage, ms] of Object.entries(stages)) {
        times.set(stage, [...(times.get(stage) ?? []), ms]);
      }
    }
    return [...times]
      .map(
        ([stage, all]) =>
          [
            stage,
            percentile(
              all.sort((a, b) => a - b),
              0.5,
            ),
          ] as const,
      )
      .sort(([, left], [, right]) => right - left);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function createExaminer(): Promise<Examiner> {
  const c2pa = createC2paReader(NO_ANCHORS);
  return {
    c2pa,
    detectors: await createDetectors(await loadModels({}), {
      ffmpeg: null,
      readMarks: createMarkReader(c2pa),
      documentAnchors: { signers: [], timeStamps: [] },
    }),
    limits: MEDIA_LIMITS,
    now: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
  };
}

process.once('message', (bytes: Uint8Array) => {
  void cpuByStage(bytes).then((times) => process.send?.(times));
});
