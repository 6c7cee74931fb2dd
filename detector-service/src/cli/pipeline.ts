import type { Replacement } from '../inference/child-pool.js';
import { layOutActive, layOutModel } from '../model-operations/model-files.js';
import { ModelRegistry } from '../model-operations/registry.js';
import type { ChildCount } from '../model-operations/lineups.js';
import type { Config } from '../ops/config.js';
import { trustStorePath } from '../provenance/trust-store.js';
import { createPipeline } from '../verdict/pipeline.js';
import type { VerificationPipeline } from '../verdict/types.js';
import { withStore } from './with-store.js';

/**
 * The detection pipeline as configured.
 *
 * @param folders models by id that take the place of configured and shipped ones
 * @param children without any it describes the models and judges nothing
 */
export function pipelineOf(
  config: Config,
  folders: Readonly<Record<string, string>> = {},
  children: ChildCount = { shared: config.workers, reserved: 0 },
  onChildReplaced?: (reason: Replacement) => void,
): Promise<VerificationPipeline> {
  return createPipeline({
    limits: { maxBytes: config.maxBytes },
    ...(config.trustAnchors && { trustAnchors: config.trustAnchors }),
    trustStore: trustStorePath(config.dataFolder),
    ...(config.documentTrustAnchors && { documentTrustAnchors: config.documentTrustAnchors }),
    models: {
      ...Object.fromEntries(config.models.map(({ id, folder }) => [id, folder])),
      ...folders,
    },
    ffmpeg: config.ffmpeg,
    processes: children.shared,
    reservedProcesses: children.reserved,
    maxChildBytes: config.childMaxBytes,
    ...(onChildReplaced && { onChildReplaced }),
  });
}

/** Folders of the models that the registry of the service has active, by id. An embedded store must not be in use by a running service. */
export function deployedModels(config: Config): Promise<Readonly<Record<string, string>>> {
  return withStore(config, async ({ database, vault }) =>
    layOutActive(await new ModelRegistry(database).list(), (model) =>
      layOutModel(config.dataFolder, vault, model),
    ),
  );
}
