import type { Config } from '../ops/config.js';
import { trustStorePath } from '../provenance/trust-store.js';
import { createPipeline } from '../verdict/pipeline.js';
import type { VerificationPipeline } from '../verdict/types.js';

/** The detection pipeline as configured. */
export function pipelineOf(config: Config): Promise<VerificationPipeline> {
  return createPipeline({
    limits: { maxBytes: config.maxBytes },
    ...(config.trustAnchors && { trustAnchors: config.trustAnchors }),
    trustStore: trustStorePath(config.dataFolder),
    ...(config.documentTrustAnchors && { documentTrustAnchors: config.documentTrustAnchors }),
    models: Object.fromEntries(config.models.map(({ id, folder }) => [id, folder])),
    ffmpeg: config.ffmpeg,
    // A process that only takes requests in describes the models but judges nothing.
    processes: config.role === 'api' ? 0 : config.workers,
  });
}
