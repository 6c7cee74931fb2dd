/** What the changing commands of `mediaguard models` do. */
import { InvalidArgumentError } from 'commander';

import { readEvidence } from '../model-operations/evidence.js';
import { keepModel } from '../model-operations/model-files.js';
import {
  ModelRegistry,
  type ChangeNote,
  type PromotionEvidence,
} from '../model-operations/registry.js';
import { tryOut } from '../model-operations/try-out.js';
import { configOf, type StoreFlags } from './options.js';
import { pipelineOf } from './pipeline.js';
import { print, withStore } from './with-store.js';

type ChangeFlags = StoreFlags & ChangeNote;

export async function registerModel(folder: string, flags: ChangeFlags): Promise<void> {
  const config = configOf(flags);
  await tryOut(folder, (folders) => pipelineOf(config, folders, { shared: 1, reserved: 0 }));
  await withStore(config, async ({ database, vault }) => {
    const model = await keepModel(vault, folder);
    try {
      await new ModelRegistry(database).register(model, flags);
    } catch (error) {
      await vault.remove(model.blobId);
      throw error;
    }
    print(`Registered ${model.modelId} ${model.version}, SHA-256 ${model.sha256}.\n`);
  });
}

export async function shadowModel(
  id: string,
  version: string,
  flags: ChangeFlags & { share: number },
): Promise<void> {
  const { share } = flags;
  await withRegistry(flags, (registry) => registry.try('shadow', id, version, share, flags));
  print(`${id} ${version} is shown ${percent(share)} of the media and judges nothing.\n`);
}

export async function canaryModel(
  id: string,
  version: string,
  share: number,
  flags: ChangeFlags,
): Promise<void> {
  await withRegistry(flags, (registry) => registry.try('canary', id, version, share, flags));
  print(`${id} ${version} judges ${percent(share)} of the media.\n`);
}

export async function promoteModel(
  id: string,
  version: string,
  flags: ChangeFlags & { report?: string; withoutReport?: boolean },
): Promise<void> {
  const { report } = flags;
  if ((report === undefined) === !flags.withoutReport) {
    throw new InvalidArgumentError('Expected --report <file>, or --without-report.');
  }
  let evidence: PromotionEvidence | null = null;
  await withRegistry(flags, async (registry) => {
    if (report !== undefined) {
      evidence = await readEvidence(report, await registry.find(id, version));
    }
    await registry.promote(id, version, evidence, flags);
  });
  print(`${id} ${version} judges from now on${evidence ? '' : ', without a report'}.\n`);
}

export async function rollBackModel(id: string, flags: ChangeFlags): Promise<void> {
  const { from, to } = await withRegistry(flags, (registry) => registry.rollBack(id, flags));
  print(
    `${id} ${from} judges nothing any more; ${to ?? 'the shipped or configured version'} does.\n`,
  );
}

export async function retireModel(id: string, version: string, flags: ChangeFlags): Promise<void> {
  await withRegistry(flags, (registry) => registry.retire(id, version, flags));
  print(`${id} ${version} is retired.\n`);
}

async function withRegistry<Result>(
  flags: StoreFlags,
  work: (registry: ModelRegistry) => Promise<Result>,
): Promise<Result> {
  return withStore(configOf(flags), ({ database }) => work(new ModelRegistry(database)));
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))} %`;
}
