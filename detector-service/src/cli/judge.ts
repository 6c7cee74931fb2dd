/** Judges one local file with the pipeline, without a store. */
import { basename } from 'node:path';

import { computeCostMicros } from '../cost/price.js';
import { toResource } from '../http/resource.js';
import type { VerificationResource } from '../http/schemas/verification.js';
import { measureFile } from '../intake/measure.js';
import type { Config } from '../ops/config.js';
import { newId } from '../store/ids.js';
import { MediaRefusedError, type VerificationPipeline } from '../verdict/types.js';

export type Judgement =
  | { readonly file: string; readonly resource: VerificationResource }
  | { readonly file: string; readonly error: { readonly code: string; readonly message: string } };

/** Never rejects: a file that cannot be judged is a judgement with an error. */
export async function judgeFile(
  file: string,
  pipeline: VerificationPipeline,
  config: Config,
): Promise<Judgement> {
  try {
    return { file, resource: await judge(file, pipeline, config) };
  } catch (error) {
    return { file, error: describe(error) };
  }
}

async function judge(
  file: string,
  pipeline: VerificationPipeline,
  config: Config,
): Promise<VerificationResource> {
  const createdAt = new Date();
  const media = await measureFile(file, config.maxBytes);
  const context = { fileName: basename(file) };
  const signal = AbortSignal.timeout(config.verifyTimeoutMs);
  const outcome = await pipeline.verify({ path: file, ...media }, context, signal);
  return toResource({
    id: newId('ver'),
    tenantId: 'local',
    status: 'complete',
    createdAt,
    completedAt: new Date(),
    fingerprint: media.sha256,
    context,
    source: { type: 'upload' },
    media,
    blobId: null,
    // Evidence stays with the service: nothing here could be fetched.
    outcome: {
      media: outcome.media,
      verdict: outcome.verdict,
      score: outcome.score,
      findings: outcome.findings.map((finding) => ({ ...finding, evidence: [] })),
      provenance: outcome.provenance,
      models: outcome.models,
      timing: outcome.timing,
    },
    attestation: null,
    costMicros: computeCostMicros(outcome.timing.totalMs, config.computeUsdPerHour),
    costStages: {},
    heldReason: null,
    problem: null,
    evidence: [],
    decision: null,
  });
}

function describe(error: unknown): { code: string; message: string } {
  if (error instanceof MediaRefusedError) return { code: error.code, message: error.message };
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return { code: `file.${error.code.toLowerCase()}`, message: error.message };
  }
  return {
    code: 'verification.failed',
    message: error instanceof Error ? error.message : String(error),
  };
}
