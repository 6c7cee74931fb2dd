/** One attempt at a verification: bytes from the vault (or pulled first), pipeline, evidence, signature, commit. */
import { createHash } from 'node:crypto';

import { computeCostMicros } from '../cost/price.js';
import { withKnownMedia, type KnownMediaSource } from '../known-media/look-up.js';
import type { Log } from '../ops/log.js';
import type { Judge, Lineups } from '../model-operations/lineups.js';
import type { ShadowRunner } from '../model-operations/shadow-runner.js';
import type { Metrics } from '../ops/metrics.js';
import { inSpan } from '../ops/tracing.js';
import type { EvidenceRecord, StoredMedia, VerificationRecord } from '../store/records.js';
import type { Vault } from '../store/vault.js';
import type { VerificationStore } from '../store/verifications.js';
import { signAttestation } from '../trust/attestation.js';
import type { SigningKeys } from '../trust/signing-keys.js';
import type { EvidenceFile, VerificationContext, VerificationOutcome } from '../verdict/types.js';
import type { Completion, JobQueue, Lease } from './queue.js';
import type { Attempt } from './worker.js';

const MS_PER_DAY = 86_400_000;

export interface AttemptParts {
  readonly queue: JobQueue;
  readonly store: VerificationStore;
  readonly vault: Vault;
  readonly keys: SigningKeys;
  readonly lineups: Pick<Lineups, 'use' | 'rulesetOf'>;
  readonly shadows: Pick<ShadowRunner, 'take'>;
  readonly pull: PullMedia;
  /** Looked up for every answer, also for one that is used again: a decision made since must not stay hidden. */
  readonly knownMedia: KnownMediaSource;
  readonly issuer: () => string;
  readonly retentionDays: number;
  readonly computeUsdPerHour: number;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Fetches the bytes of a verification that came without them into the vault. */
export type PullMedia = (
  verification: Pick<VerificationRecord, 'id' | 'tenantId' | 'source'>,
  signal: AbortSignal,
) => Promise<StoredMedia>;

export function createAttempt(parts: AttemptParts): Attempt {
  return async (lease, signal) => {
    const verification = await parts.store.find(lease.tenantId, lease.verificationId);
    if (!verification) throw new Error(`Verification ${lease.verificationId} is not in the store.`);
    const held = await holdBytes(parts, lease, verification, signal);
    const { completion, judged } = await parts.lineups.use(
      held.sha256,
      { attempt: lease.attempt, signal },
      async (judge) => {
        const known = await findKnown(parts, verification, held, judge);
        if (known) return { completion: known, judged: null };
        return examine(parts, verification, held, judge, lease, signal);
      },
    );
    await inSpan('mediaguard.store', () => parts.queue.complete(lease, completion));
    const { id, context } = verification;
    const isShown =
      judged !== null && parts.shadows.take({ verificationId: id, context, held, outcome: judged });
    if (!isShown) await parts.vault.remove(held.blobId);
    report(parts, verification, completion, judged === null);
  };
}

/**
 * Identifies a question whose answer can be used again: the same bytes under the same rules with the same declared facts.
 * Undefined for signed media, where a repetition is itself a finding.
 */
export function reuseKeyOf(
  sha256: string,
  context: VerificationContext,
  ruleset: string,
): string | undefined {
  if (context.signature !== undefined || context.channelKeyId !== undefined) return undefined;
  const { declaredType, fileName, sourceApplication, capturedAt } = context;
  const question = [ruleset, sha256, declaredType, fileName, sourceApplication, capturedAt];
  return createHash('sha256').update(JSON.stringify(question)).digest('hex');
}

async function holdBytes(
  parts: AttemptParts,
  lease: Lease,
  verification: VerificationRecord,
  signal: AbortSignal,
): Promise<StoredMedia> {
  if (verification.blobId && verification.media) {
    return { blobId: verification.blobId, ...verification.media };
  }
  const pulled = await inSpan('mediaguard.pull', () => parts.pull(verification, signal));
  const ruleset = parts.lineups.rulesetOf(pulled.sha256);
  const reuseKey = reuseKeyOf(pulled.sha256, verification.context, ruleset);
  await parts.queue.noteMedia(lease, pulled, reuseKey);
  return pulled;
}

async function findKnown(
  parts: AttemptParts,
  verification: VerificationRecord,
  held: StoredMedia,
  { ruleset }: Judge,
): Promise<Completion | undefined> {
  const reuseKey = reuseKeyOf(held.sha256, verification.context, ruleset);
  const known = reuseKey && (await parts.store.findKnown(verification.tenantId, reuseKey));
  if (!known || !known.outcome) return undefined;
  const outcome = await withKnownMedia(parts.knownMedia, verification.tenantId, known.outcome);
  return {
    outcome: { ...outcome, timing: { totalMs: 0, stages: { known: 0 } } },
    evidence: known.evidence,
    attestation: await attest(parts, verification, outcome, held),
    ruleset,
    reuseKey,
    costMicros: 0,
  };
}

/** What the models said, and what it comes to with what people decided before. */
interface Examined {
  readonly completion: Completion;
  readonly judged: Omit<VerificationOutcome, 'evidence'>;
}

async function examine(
  parts: AttemptParts,
  verification: VerificationRecord,
  held: StoredMedia,
  { pipeline, ruleset }: Judge,
  { lane }: Lease,
  signal: AbortSignal,
): Promise<Examined> {
  const { evidence, ...judged } = await parts.vault.withFile(held.blobId, (path) =>
    inSpan('mediaguard.examine', async (span) => {
      const outcome = await pipeline.verify(
        { path, sizeBytes: held.sizeBytes, sha256: held.sha256, md5: held.md5 },
        verification.context,
        signal,
        lane,
      );
      // The stages run in a child process, some of them side by side: their times are known, their starts are not.
      for (const [stage, ms] of Object.entries(outcome.timing.stages)) {
        span.setAttribute(`mediaguard.stage.${stage}.ms`, ms);
      }
      return outcome;
    }),
  );
  const outcome = await withKnownMedia(parts.knownMedia, verification.tenantId, judged);
  const completion: Completion = {
    outcome,
    evidence: await Promise.all(evidence.map((piece) => keepEvidence(parts.vault, piece))),
    attestation: await attest(parts, verification, outcome, held),
    ruleset,
    reuseKey: reuseKeyOf(held.sha256, verification.context, ruleset),
    costMicros: computeCostMicros(outcome.timing.totalMs, parts.computeUsdPerHour),
    costStages: Object.fromEntries(
      Object.entries(outcome.timing.stages).map(([stage, ms]) => [
        stage,
        computeCostMicros(ms, parts.computeUsdPerHour),
      ]),
    ),
  };
  return { completion, judged };
}

async function keepEvidence(vault: Vault, piece: EvidenceFile): Promise<EvidenceRecord> {
  return {
    name: piece.name,
    kind: piece.kind,
    mediaType: piece.mediaType,
    sizeBytes: piece.bytes.length,
    blobId: await vault.writeBuffer(piece.bytes),
  };
}

/** An attestation is good for as long as the service keeps the verdict it speaks of. */
async function attest(
  parts: AttemptParts,
  verification: VerificationRecord,
  outcome: Omit<VerificationOutcome, 'evidence'>,
  held: StoredMedia,
): Promise<string> {
  const issuedAt = new Date();
  return signAttestation(
    await parts.keys.current(),
    {
      verificationId: verification.id,
      externalId: verification.context.externalId ?? null,
      sha256: held.sha256,
      md5: held.md5,
      sizeBytes: held.sizeBytes,
      verdict: outcome.verdict,
      score: outcome.score,
      models: outcome.models,
    },
    {
      issuer: parts.issuer(),
      issuedAt,
      expiresAt: new Date(issuedAt.getTime() + parts.retentionDays * MS_PER_DAY),
    },
  );
}

function report(
  { metrics, log }: AttemptParts,
  verification: VerificationRecord,
  { outcome }: Completion,
  isKnown: boolean,
): void {
  metrics.verifications.inc({ outcome: outcome.verdict });
  for (const [stage, ms] of Object.entries(outcome.timing.stages)) {
    metrics.stages.observe({ stage }, ms / 1000);
  }
  log.info({
    event: 'verification.complete',
    id: verification.id,
    verdict: outcome.verdict,
    score: outcome.score,
    mediaType: outcome.media.mediaType,
    sizeBytes: outcome.media.sizeBytes,
    totalMs: outcome.timing.totalMs,
    isKnown,
  });
}
