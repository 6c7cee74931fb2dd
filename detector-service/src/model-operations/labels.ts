/** Reviewers' decisions as labels for evaluation and training. */
import { createHmac } from 'node:crypto';

import type { Database } from '../store/database.js';
import type { Decision, MediaSource, StoredOutcome } from '../store/records.js';
import { verdictOf } from '../verdict/finding-codes.js';
import type { VerificationContext } from '../verdict/types.js';

export interface Label {
  readonly sha256: string;
  readonly label: 'fake' | 'real';
  /** Where it came from: the application, and a pseudonym of who uploaded it that holds within one export. */
  readonly source: string;
  readonly generator: string;
  /** `image`, `audio`, `video` or the first part of another media type. */
  readonly category: string;
  readonly mediaType: string;
  readonly verdict: string;
  readonly score: number | null;
  readonly models: string;
  readonly decidedAt: Date;
  /** When the service forgets the verification: a copy should not outlive it. */
  readonly keepUntil: Date;
  readonly origin: LabelOrigin;
}

/** Where the bytes may still be. */
export interface LabelOrigin {
  readonly verificationId: string;
  readonly blobId: string | null;
  readonly source: MediaSource;
  readonly externalId: string | null;
}

export interface LabelSet {
  readonly labels: readonly Label[];
  /** Decisions that give no label, by reason. */
  readonly leftOut: Readonly<Record<string, number>>;
}

export interface LabelQuery {
  readonly tenantId: string;
  /** Days that verifications are kept; older ones are left out though the sweep may not have come to them yet. */
  readonly retentionDays: number;
  /** Key of the pseudonyms; a fresh one for each export. */
  readonly salt: Buffer;
}

interface LabelRow {
  id: string;
  sha256: string;
  decision: Decision['decision'];
  decided_at: Date;
  completed_at: Date;
  blob_id: string | null;
  legal_hold: string | null;
  context: VerificationContext;
  source: MediaSource;
  outcome: StoredOutcome | null;
}

const MS_PER_DAY = 86_400_000;

/**
 * The latest decision on each file. Left out: media under legal hold, which is kept as evidence and for nothing else; what was never judged; and media that
 * was released although a fact says that it was made by a machine: a reviewer let it pass, which does not make it genuine.
 */
export async function readLabels(
  database: Database,
  { tenantId, retentionDays, salt }: LabelQuery,
): Promise<LabelSet> {
  const rows = await database.query<LabelRow>(
    `select distinct on (verification.sha256)
       verification.id, verification.sha256, decision.decision, decision.decided_at,
       verification.completed_at, blob_id, context, source, outcome,
       (select max(held.legal_hold) from verification as held
        where held.tenant_id = $1 and held.sha256 = verification.sha256) as legal_hold
     from decision join verification on verification.id = decision.verification_id
     where tenant_id = $1 and verification.sha256 is not null
       and completed_at > now() - make_interval(days => $2)
     order by verification.sha256, decision.decided_at desc, decision.id desc`,
    [tenantId, retentionDays],
  );
  const labels: Label[] = [];
  const leftOut: Record<string, number> = {};
  for (const row of rows) {
    const reason = reasonAgainst(row);
    if (reason) leftOut[reason] = (leftOut[reason] ?? 0) + 1;
    else if (row.outcome) labels.push(toLabel(row, row.outcome, retentionDays, salt));
  }
  return { labels, leftOut };
}

function reasonAgainst({ legal_hold: hold, outcome, decision }: LabelRow): string | null {
  if (hold !== null) return 'under legal hold';
  if (!outcome) return 'never judged';
  const isMadeByMachine = outcome.findings.some(
    ({ code, score }) => score === null && verdictOf(code) === 'synthetic',
  );
  return decision === 'release' && isMadeByMachine ? 'released though labelled as AI-made' : null;
}

function toLabel(
  row: LabelRow,
  outcome: StoredOutcome,
  retentionDays: number,
  salt: Buffer,
): Label {
  const { sourceApplication, uploadedBy, externalId } = row.context;
  const { mediaType } = outcome.media;
  const uploader = uploadedBy && createHmac('sha256', salt).update(uploadedBy).digest('hex');
  return {
    sha256: row.sha256,
    label: row.decision === 'confirm_fake' ? 'fake' : 'real',
    source: [sourceApplication ?? 'unnamed', uploader?.slice(0, 8)].filter(Boolean).join('/'),
    generator: outcome.provenance.generator ?? '',
    category: mediaType.split('/')[0] ?? '',
    mediaType,
    verdict: outcome.verdict,
    score: outcome.score,
    models: outcome.models.map(({ id, version }) => `${id}@${version}`).join(' '),
    decidedAt: row.decided_at,
    keepUntil: new Date(row.completed_at.getTime() + retentionDays * MS_PER_DAY),
    origin: {
      verificationId: row.id,
      blobId: row.blob_id,
      source: row.source,
      externalId: externalId ?? null,
    },
  };
}
