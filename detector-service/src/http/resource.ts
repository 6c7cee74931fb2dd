/** A stored verification as the contract shows it. */
import type { EvidenceRecord, VerificationRecord } from '../store/records.js';
import type { C2paReport } from '../verdict/types.js';
import type { MediaFactsResource, VerificationResource } from './schemas/verification.js';

const BUDGET_HOLD = {
  reason: 'budget' as const,
  detail:
    'The budget of the month is spent. The media stays accepted and is judged when the budget is raised or the next month begins.',
};

export function toResource(record: VerificationRecord): VerificationResource {
  const { outcome, decision, problem } = record;
  const isFailed = record.status === 'failed';
  return {
    id: record.id,
    status: record.status,
    externalId: record.context.externalId ?? null,
    createdAt: record.createdAt.toISOString(),
    completedAt: record.completedAt?.toISOString() ?? null,
    verdict: isFailed ? 'not_evaluated' : (outcome?.verdict ?? null),
    score: outcome?.score ?? null,
    ...mediaOf(record),
    findings: (outcome?.findings ?? []).map((finding) => ({
      ...finding,
      evidence: finding.evidence.map((piece) => ({
        kind: piece.kind,
        name: piece.name,
        href: evidenceHref(record.id, piece.name),
      })),
    })),
    ...(outcome && {
      provenance: {
        ...outcome.provenance,
        c2pa: c2paResource(outcome.provenance.c2pa),
      },
      timing: { totalMs: outcome.timing.totalMs, stages: { ...outcome.timing.stages } },
      cost: {
        micros: record.costMicros ?? 0,
        currency: 'USD' as const,
        stages: { ...record.costStages },
      },
    }),
    models: [...(outcome?.models ?? [])],
    evidence: record.evidence.map((piece) => toEvidenceItem(record.id, piece)),
    ...(decision && {
      decision: {
        decision: decision.decision,
        reason: decision.reason,
        decidedBy: decision.decidedBy,
        decidedAt: decision.decidedAt.toISOString(),
      },
    }),
    ...(record.heldReason === 'budget' && { hold: BUDGET_HOLD }),
    ...(problem && { problem }),
    attestation: record.attestation,
  };
}

type C2paResource = NonNullable<VerificationResource['provenance']>['c2pa'];

/** Verifications stored by earlier versions of the service lack the fields that came later. */
function c2paResource(report: Stored<C2paReport>): C2paResource {
  const { claimGenerators, ingredients, actions, identity, ...rest } = report;
  return {
    ...rest,
    strictness: [...report.strictness],
    digitalSourceTypes: [...report.digitalSourceTypes],
    ...(claimGenerators && { claimGenerators: [...claimGenerators] }),
    ...(ingredients && {
      ingredients: ingredients.map((ingredient) => ({
        ...ingredient,
        digitalSourceTypes: [...ingredient.digitalSourceTypes],
      })),
    }),
    ...(actions && { actions: actions.map((action) => ({ ...action })) }),
    ...(identity && { identity: { ...identity, names: [...identity.names] } }),
  };
}

type Later =
  | 'signedAt'
  | 'timestampAuthority'
  | 'claimGenerators'
  | 'ingredients'
  | 'actions'
  | 'identity'
  | 'remoteHost'
  | 'trustList';
type Stored<Report extends Record<Later, unknown>> = Omit<Report, Later> &
  Partial<Pick<Report, Later>>;

function mediaOf(record: VerificationRecord): { media?: MediaFactsResource } {
  if (record.outcome) return { media: { ...record.outcome.media } };
  if (!record.media) return {};
  return {
    media: {
      ...record.media,
      mediaType: null,
      declaredType: record.context.declaredType ?? null,
      width: null,
      height: null,
      durationSeconds: null,
      perceptualHash: null,
    },
  };
}

function toEvidenceItem(
  id: string,
  piece: EvidenceRecord,
): VerificationResource['evidence'][number] {
  return {
    kind: piece.kind,
    name: piece.name,
    mediaType: piece.mediaType,
    sizeBytes: piece.sizeBytes,
    href: evidenceHref(id, piece.name),
  };
}

function evidenceHref(id: string, name: string): string {
  return `/v1/verifications/${id}/evidence/${encodeURIComponent(name)}`;
}
