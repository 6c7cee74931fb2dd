import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ChildFailure, ChildPool, type Replacement } from '../inference/child-pool.js';
import type { PoolLane } from '../inference/lane-line.js';
import { findFfmpeg } from '../intake/ffmpeg.js';
import { mediaLimits, type MediaLimits } from '../intake/limits.js';
import { configurationHash, loadModel, type Model } from '../inference/model-manifest.js';
import { loadTrust } from '../provenance/trust-anchors.js';
import type { Examination, ExamineRequest } from './examine.js';
import type { ExaminerSetup } from './examiner-child.js';
import { fuse, fusedScore } from './fuse.js';
import {
  MediaRefusedError,
  type DescribedModel,
  type HeldMedia,
  type VerificationPipeline,
} from './types.js';

const SHIPPED_MODELS = fileURLToPath(new URL('../../models/', import.meta.url));

export interface PipelineOptions {
  readonly limits?: Partial<MediaLimits>;
  /** Folder of PEM files with the C2PA signers and time-stamp authorities to trust; none are trusted without it. */
  readonly trustAnchors?: string;
  /** File of the trust store, used where no folder is given. */
  readonly trustStore?: string;
  /** Folder of PEM files with the certificates, or their issuers, of those whose signatures on documents are trusted; none without it. */
  readonly documentTrustAnchors?: string;
  /** User models by id: the folder holds `model.onnx` and `manifest.json`. */
  readonly models?: Readonly<Record<string, string>>;
  /** The ffmpeg program, by path or name in PATH; `off` for none. Without it video frames and AAC sound are not judged. */
  readonly ffmpeg?: string;
  /** Child processes; one per core by default. */
  readonly processes?: number;
  /** Child processes besides these that are kept for what somebody waits for; none by default. */
  readonly reservedProcesses?: number;
  /** Resident memory with which a child process is replaced by a fresh one; 1 GiB by default. */
  readonly maxChildBytes?: number;
  /** Told of each child process that had to be replaced. */
  readonly onChildReplaced?: (reason: Replacement) => void;
}

/**
 * Starts the child processes and returns the pipeline over them.
 *
 * @throws Error where a limit, the trust list or a model is not usable: a service that cannot judge should not start
 */
export async function createPipeline(options: PipelineOptions = {}): Promise<VerificationPipeline> {
  const limits = mediaLimits(options.limits);
  const models = await loadModels(options.models ?? {});
  const trust = await loadTrust(options.trustAnchors, options.trustStore);
  const documentTrust = await loadTrust(options.documentTrustAnchors, undefined);
  const setup: ExaminerSetup = {
    limits,
    trustAnchors: trust.anchors,
    documentTrustAnchors: documentTrust.anchors,
    models,
    ffmpeg: await findFfmpeg(options.ffmpeg ?? 'ffmpeg'),
  };
  const pool = new ChildPool({
    entry: childEntry(),
    size: options.processes ?? availableParallelism(),
    reserved: options.reservedProcesses ?? 0,
    deadlineMs: limits.examineMs,
    setup,
    ...(options.maxChildBytes && { maxResidentBytes: options.maxChildBytes }),
    ...(options.onChildReplaced && { onReplaced: options.onChildReplaced }),
  });

  return {
    models: await Promise.all(models.map(describeModel)),
    trustList: trust.name,
    documentTrustList: documentTrust.name,
    close: () => pool.close(),
    async verify(media, context, signal, lane = 'interactive') {
      const started = performance.now();
      refuseBySize(media, limits);
      const examination = await examineTwice(
        pool,
        {
          path: media.path,
          sizeBytes: media.sizeBytes,
          declaredType: context.declaredType,
          fileName: context.fileName,
        },
        signal,
        lane,
      );
      const { findings, provenance, models, evidence, fingerprints, stages } = examination;
      return {
        media: {
          ...examination.media,
          sha256: media.sha256,
          md5: media.md5,
          sizeBytes: media.sizeBytes,
          declaredType: context.declaredType ?? null,
        },
        verdict: fuse(findings),
        score: fusedScore(examination.scores),
        findings,
        provenance: {
          ...provenance,
          c2pa: { ...provenance.c2pa, trustList: provenance.c2pa.trust && trust.name },
          signature: { state: 'none' },
        },
        models,
        timing: { totalMs: Math.round((performance.now() - started) * 10) / 10, stages },
        evidence,
        fingerprints,
      };
    },
  };
}

/**
 * A child can die for reasons that are not the file's (the machine ran out of memory, say), so a file that killed one gets a second, fresh child. The
 * second death is the file's.
 */
async function examineTwice(
  pool: ChildPool,
  request: ExamineRequest,
  signal: AbortSignal,
  lane: PoolLane,
): Promise<Examination> {
  try {
    return (await pool.run(request, signal, lane)) as Examination;
  } catch (error) {
    if (!(error instanceof ChildFailure)) throw error;
  }
  try {
    return (await pool.run(request, signal, lane)) as Examination;
  } catch (error) {
    if (!(error instanceof ChildFailure)) throw error;
    throw new MediaRefusedError(
      error.kind === 'deadline' ? 'media.too_slow' : 'media.crashes_decoder',
      error.kind === 'deadline'
        ? 'Expected media that can be examined within the time limit but two attempts ran out of time; send a smaller or simpler file, or raise the limit examineMs.'
        : 'Expected media that can be decoded but two decoders in a row crashed on it; treat the file as hostile and do not open it.',
      { cause: error },
    );
  }
}

function refuseBySize(media: HeldMedia, limits: MediaLimits): void {
  if (media.sizeBytes === 0) {
    throw new MediaRefusedError(
      'media.empty',
      'Expected the bytes of a media file but received 0 bytes; send the file itself.',
    );
  }
  if (media.sizeBytes > limits.maxBytes) {
    throw new MediaRefusedError(
      'media.too_large',
      `Expected at most ${limits.maxBytes} bytes but received ${media.sizeBytes}; send a smaller file or raise the limit maxBytes.`,
    );
  }
}

/** The shipped models, and the user's: a user model under a shipped id takes its place. */
export async function loadModels(userModels: Readonly<Record<string, string>>): Promise<Model[]> {
  const folders = new Map<string, string>();
  for (const entry of await readdir(SHIPPED_MODELS, { withFileTypes: true })) {
    if (entry.isDirectory()) folders.set(entry.name, join(SHIPPED_MODELS, entry.name));
  }
  for (const [id, folder] of Object.entries(userModels)) folders.set(id, folder);
  return Promise.all([...folders].map(([id, folder]) => loadModel(folder, id)));
}

async function describeModel({ manifest, folder }: Model): Promise<DescribedModel> {
  const { id, version, sha256 } = manifest;
  return {
    id,
    version,
    sha256,
    configurationSha256: configurationHash(manifest),
    card: await readModelCard(folder),
  };
}

/** Markdown; empty where the model has no card. */
export function readModelCard(folder: string): Promise<string> {
  return readFile(join(folder, 'MODEL_CARD.md'), 'utf8').catch(() => '');
}

/** Source runs from source, a build from the build. */
function childEntry(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./examiner-child.${extension}`, import.meta.url);
}
