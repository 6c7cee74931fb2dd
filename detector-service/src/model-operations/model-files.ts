/** Registered models as files. The vault keeps them, so that every process that shares it can run them; a folder of the data folder lays them out for the runtime. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { configurationHash, loadModel } from '../inference/model-manifest.js';
import type { Vault } from '../store/vault.js';
import { readModelCard } from '../verdict/pipeline.js';
import type { NewModel, RegisteredModel } from './registry.js';

/** @throws Error that names the folder and what is wrong with the model */
export async function keepModel(vault: Vault, folder: string): Promise<NewModel> {
  const { manifest, path } = await loadModel(folder);
  return {
    modelId: manifest.id,
    version: manifest.version,
    sha256: manifest.sha256,
    configurationSha256: configurationHash(manifest),
    manifest: await readFile(join(folder, 'manifest.json'), 'utf8'),
    card: await readModelCard(folder),
    blobId: await vault.write(createReadStream(path)),
  };
}

/** Resolves with the folder of the model, whose file has been checked against its hash. */
export async function layOutModel(
  dataFolder: string,
  vault: Vault,
  { modelId, manifest, card, blobId }: RegisteredModel,
): Promise<string> {
  const root = join(dataFolder, 'models');
  const digest = createHash('sha256').update(manifest).update('\0').update(card).digest('hex');
  const folder = join(root, `${modelId}-${digest.slice(0, 16)}`);
  if (await isWhole(folder, modelId)) return folder;
  await mkdir(root, { recursive: true, mode: 0o700 });
  const making = await mkdtemp(join(root, 'making-'));
  try {
    await writeFile(join(making, 'manifest.json'), manifest);
    await writeFile(join(making, 'MODEL_CARD.md'), card);
    const { file } = JSON.parse(manifest) as { file: string };
    await vault.withFile(blobId, (path) => copyFile(path, join(making, file)));
    await loadModel(making, modelId);
    await rm(folder, { recursive: true, force: true });
    // Another process may have been quicker: then its folder, which holds the same, is used.
    await rename(making, folder).catch(() => rm(making, { recursive: true, force: true }));
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    throw error;
  }
  await loadModel(folder, modelId);
  return folder;
}

/** Folders of the active models by id, in whose places they judge. */
export async function layOutActive(
  registered: readonly RegisteredModel[],
  layOut: (model: RegisteredModel) => Promise<string>,
): Promise<Readonly<Record<string, string>>> {
  const folders: Record<string, string> = {};
  for (const model of registered.filter(({ state }) => state === 'active')) {
    folders[model.modelId] = await layOut(model);
  }
  return folders;
}

function isWhole(folder: string, modelId: string): Promise<boolean> {
  return loadModel(folder, modelId).then(
    () => true,
    () => false,
  );
}
