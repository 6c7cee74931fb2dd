/** From a user's manifest, as the documentation shows it, to a promoted model and back, by the commands of `mediaguard models`. */
import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { configOf } from '../../src/cli/options.js';
import { deployedModels } from '../../src/cli/pipeline.js';
import { configurationHash, loadModel } from '../../src/inference/model-manifest.js';
import { runHere } from '../support/program-here.js';
import { freshDataFolder, removeFolder } from '../support/service-data.js';

const fromHere = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const WEIGHTS = fromHere('../../models/image-generated/model.onnx');
const GUIDE = fromHere('../../../docs/evaluation.md');

let folder: string;
let dataFolder: string;
let report: string;
beforeAll(async () => {
  dataFolder = await freshDataFolder();
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-own-model-'));
  const example = /```json\n([^`]*)```/.exec(await readFile(GUIDE, 'utf8'))?.[1] ?? '';
  const sha256 = createHash('sha256')
    .update(await readFile(WEIGHTS))
    .digest('hex');
  await copyFile(WEIGHTS, join(folder, 'model.onnx'));
  await writeFile(join(folder, 'manifest.json'), example.replace('<64 hex digits>', sha256));

  const { manifest } = await loadModel(folder);
  const figures = { auc: { value: 0.81 }, tprAt5: { value: 0.34 } };
  const scorer = { scorer: 'my-model', on: 'all', bySources: figures };
  const shares = { falseAlarms: { value: 0.01 }, found: null, abstained: null };
  report = join(folder, 'report.json');
  await writeFile(
    report,
    JSON.stringify({
      models: [{ id: 'my-model', sha256, configurationSha256: configurationHash(manifest) }],
      variants: [{ variant: 'm2', scorers: [{ ...scorer, ...shares }] }],
    }),
  );
});
afterAll(async () => {
  await removeFolder(dataFolder);
  await removeFolder(folder);
});

async function models(command: string, ...args: string[]): Promise<string> {
  const why = ['list', 'history', 'compare'].includes(command) ? [] : ['--reason', 'a test'];
  return runHere('models', command, ...args, ...why, '--data', dataFolder);
}

describe('mediaguard models', () => {
  it('brings in a model by its manifest alone, tries it, promotes it by its report and takes it back', async () => {
    const manifest = join(folder, 'manifest.json');
    const text = await readFile(manifest, 'utf8');
    await writeFile(manifest, text.replace(/[0-9a-f]{64}/, '0'.repeat(64)));
    await expect(models('register', folder)).rejects.toThrow('has the SHA-256');
    await writeFile(manifest, text);
    expect(await models('register', folder)).toMatch(/^Registered my-model 1\.0\.0, SHA-256 /);
    expect(await models('shadow', 'my-model', '1.0.0', '--share', '0.5')).toContain('shown 50 %');
    expect(await models('canary', 'my-model', '1.0.0', '0.05')).toContain('judges 5 % of');
    await expect(models('promote', 'my-model', '1.0.0')).rejects.toThrow('--report <file>');
    expect(await models('promote', 'my-model', '1.0.0', '--report', report)).toContain('from now');
    expect(await models('list')).toMatch(/^my-model\t1\.0\.0\tactive\t[0-9a-f]{64}$/m);
    const folders = await deployedModels(configOf({ data: dataFolder }));
    expect(Object.keys(folders)).toEqual(['my-model']);
    expect((await loadModel(folders['my-model'] ?? '')).manifest.version).toBe('1.0.0');
    expect(await models('rollback', 'my-model')).toContain('1.0.0 judges nothing any more');

    const history = await models('history', 'my-model');
    const steps = history.split('\n').map((line) => line.split('\t')[2]);
    expect(steps).toEqual(['roll_back', 'promote', 'canary', 'shadow', 'register', undefined]);
    expect(history).toMatch(/report [0-9a-f]{64}: m2 \(all\) AUC 0\.810, found 34 % at 5 % FPR/);
  });
});
