import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { loadModel } from '../inference/model-manifest.js';
import { encodeJpeg } from '../intake/image.js';
import { measureFile } from '../intake/measure.js';
import type { OpenPipeline } from './lineups.js';

const SIDE = 512;
const TIMEOUT_MS = 120_000;

/**
 * Runs a model once on a picture of noise, in child processes as the service does it, before anything relies on it.
 *
 * @throws Error that names what is wrong with the model: hash, manifest, tensors, or a crash
 */
export async function tryOut(
  folder: string,
  openPipeline: (folders: Readonly<Record<string, string>>) => ReturnType<OpenPipeline>,
): Promise<void> {
  const { manifest } = await loadModel(folder);
  const work = await mkdtemp(join(tmpdir(), 'mediaguard-model-'));
  const pipeline = await openPipeline({ [manifest.id]: resolve(folder) });
  try {
    const path = join(work, 'noise.jpg');
    await writeFile(path, await encodeJpeg(noise(), 90));
    const media = await measureFile(path, Number.MAX_SAFE_INTEGER);
    await pipeline.verify({ path, ...media }, {}, AbortSignal.timeout(TIMEOUT_MS));
  } finally {
    await pipeline.close();
    await rm(work, { recursive: true, force: true });
  }
}

/** The same each time. */
function noise(): { data: Buffer; width: number; height: number } {
  const data = Buffer.alloc(SIDE * SIDE * 3);
  let state = 1;
  for (let i = 0; i < data.length; i += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    data[i] = state >>> 24;
  }
  return { data, width: SIDE, height: SIDE };
}
