/** Verifications in the database: accepted, read, decided on. How they are worked off is in the queue. */
import { holdOverBudget } from '../cost/budget.js';
import type { VerificationContext } from '../verdict/types.js';
import type { Database, Queryable } from './database.js';
import { newId } from './ids.js';
import type {
  Decision,
  EvidenceRecord,
  FailureProblem,
  Lane,
  MediaSource,
  Status,
  StoredMedia,
  StoredOutcome,
  VerificationRecord,
} from './records.js';
import { tellWork } from './signals.js';
import type { Room } from './room.js';

export interface NewVerification {
  readonly tenantId: string;
  readonly idempotencyKey?: string;
  readonly fingerprint: string;
  readonly context: VerificationContext;
  readonly source: MediaSource;
  /** Absent when the bytes are still to be pulled. */
  readonly media?: StoredMedia;
  readonly reuseKey?: string;
  readonly lane?: Lane;
  /** The `traceparent` of the request, for spans of the work; null without tracing. */
  readonly trace?: string | null;
  /** Verifications its tenant may send a UTC day. */
  readonly dailyQuota?: number | null;
  /** A month's budget where the tenant has none of its own, in millionths of a dollar. */
  readonly budgetMicros?: number | null;
}

export interface Acceptance {
  readonly verification: VerificationRecord;
  /** False when the idempotency key named a verification that already stood. */
  readonly isNew: boolean;
}

/** The idempotency key was used before for other media. */
export class IdempotencyConflictError extends Error {
  override readonly name = 'IdempotencyConflictError';
}

/** The tenant has sent as many verifications today as it may. */
export class QuotaExceededError extends Error {
  override readonly name = 'QuotaExceededError';
}

interface VerificationRow {
  id: string;
  tenant_id: string;
  status: Status;
  created_at: Date;
  completed_at: Date | null;
  fingerprint: string;
  context: VerificationContext;
  source: MediaSource;
  blob_id: string | null;
  sha256: string | null;
  md5: string | null;
  size_bytes: number | null;
  outcome: StoredOutcome | null;
  attestation: string | null;
  cost_micros: number | null;
  cost_stages: Readonly<Record<string, number>> | null;
  problem: FailureProblem | null;
}

interface EvidenceRow {
  name: string;
  kind: EvidenceRecord['kind'];
  media_type: string;
  size_bytes: number;
  blob_id: string;
}

interface DecisionRow {
  decision: Decision['decision'];
  reason: string;
  decided_by: string;
  decided_at: Date;
}

/** A verification with what belongs to it, from one statement: whoever waits asks often. */
interface FoundRow extends VerificationRow {
  readonly evidence: readonly EvidenceRow[];
  /** Times inside JSON are text. */
  readonly decision: (Omit<DecisionRow, 'decided_at'> & { readonly decided_at: string }) | null;
  readonly held_reason: string | null;
}

export class VerificationStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Commits the verification and its job together: once this resolves, the work will be done whatever happens to the
   * process. A failed verification that may be retried is queued again under the same id.
   *
   * @throws {IdempotencyConflictError} when the key was used for other media.
   * @throws {QuotaExceededError} when the tenant's quota of the day is used up.
   * @throws {QueueFullError} when there is no room for another job of its lane.
   */
  async accept(wanted: NewVerification, room: Room): Promise<Acceptance> {
    await room.require(wanted.lane ?? 'interactive');
    const acceptance = await this.#commit(wanted);
    if (acceptance.isNew) room.noteTaken();
    return acceptance;
  }

  #commit(wanted: NewVerification): Promise<Acceptance> {
    return this.#database.transaction(async (transaction) => {
      const [inserted] = await transaction.query<VerificationRow>(
        `insert into verification
           (id, tenant_id, status, idempotency_key, fingerprint, context, source, blob_id, sha256, md5, size_bytes, reuse_key)
         values ($1, $2, 'queued', $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (tenant_id, idempotency_key) do nothing
         returning *`,
        [
          newId('ver'),
          wanted.tenantId,
          wanted.idempotencyKey ?? null,
          wanted.fingerprint,
          JSON.stringify(wanted.context),
          JSON.stringify(wanted.source),
          wanted.media?.blobId ?? null,
          wanted.media?.sha256 ?? null,
          wanted.media?.md5 ?? null,
          wanted.media?.sizeBytes ?? null,
          wanted.reuseKey ?? null,
        ],
      );
      if (inserted) {
        await countAccepted(transaction, wanted);
        const heldReason = await enqueue(transaction, inserted.id, wanted);
        return { verification: toRecord(inserted, [], null, heldReason), isNew: true };
      }
      const standing = await this.#findByIdempotencyKey(transaction, wanted);
      const isRevived = await revive(transaction, standing, wanted);
      const verification = await find(transaction, wanted.tenantId, standing.id);
      if (!verification) throw new Error(`Verification ${standing.id} vanished while it was read.`);
      return { verification, isNew: isRevived };
    });
  }

  /** One tenant never sees another's: a foreign id is simply not found. */
  find(tenantId: string, id: string): Promise<VerificationRecord | undefined> {
    return find(this.#database, tenantId, id);
  }

  async isEnded(id: string): Promise<boolean> {
    const found = await this.#database.query(
      `select 1 from verification where id = $1 and status in ('complete', 'failed')`,
      [id],
    );
    return found.length > 0;
  }

  /** The newest complete verification with the same reuse key: the same question, already answered. */
  async findKnown(tenantId: string, reuseKey: string): Promise<VerificationRecord | undefined> {
    const [row] = await this.#database.query<{ id: string }>(
      `select id from verification
       where tenant_id = $1 and reuse_key = $2 and status = 'complete'
       order by completed_at desc limit 1`,
      [tenantId, reuseKey],
    );
    return row && this.find(tenantId, row.id);
  }

  /** Adds a decision; earlier ones stay on record. */
  async decide(id: string, decision: Decision): Promise<void> {
    await this.#database.query(
      `insert into decision (verification_id, decision, reason, decided_by, decided_at)
       values ($1, $2, $3, $4, $5)`,
      [id, decision.decision, decision.reason, decision.decidedBy, decision.decidedAt],
    );
  }

  async #findByIdempotencyKey(
    transaction: Queryable,
    wanted: NewVerification,
  ): Promise<VerificationRow> {
    const [standing] = await transaction.query<VerificationRow>(
      'select * from verification where tenant_id = $1 and idempotency_key = $2 for update',
      [wanted.tenantId, wanted.idempotencyKey],
    );
    if (!standing || standing.fingerprint !== wanted.fingerprint) {
      throw new IdempotencyConflictError('The idempotency key was used for other media.');
    }
    return standing;
  }
}

/** In the transaction that takes the work in, so that no two requests can share the last place. */
async function countAccepted(
  transaction: Queryable,
  { tenantId, dailyQuota }: NewVerification,
): Promise<void> {
  const [today] = await transaction.query<{ accepted: number }>(
    `insert into tenant_day (tenant_id, day, accepted) values ($1, (now() at time zone 'utc')::date, 1)
     on conflict (tenant_id, day) do update set accepted = tenant_day.accepted + 1
     returning accepted`,
    [tenantId],
  );
  if (dailyQuota && (today?.accepted ?? 0) > dailyQuota) {
    throw new QuotaExceededError('The daily quota is used up.');
  }
}

/**
 * Draws the tenant's next turn in its lane: one place behind its own last, but never ahead of what is served now. Resolves with why
 * the job is held, if it is.
 */
async function enqueue(
  transaction: Queryable,
  id: string,
  { tenantId, lane = 'interactive', budgetMicros = null, trace = null }: NewVerification,
): Promise<string | null> {
  await transaction.query(
    `with drawn as (
       insert into lane_turn (lane, tenant_id, last_turn) values ($3, $2, lane_now($3))
       on conflict (lane, tenant_id) do update
         set last_turn = greatest(lane_turn.last_turn + 1, excluded.last_turn)
       returning last_turn
     )
     insert into job (verification_id, tenant_id, lane, turn, trace)
     select $1, $2, $3, last_turn, $4 from drawn
     on conflict (verification_id) do update
       set state = 'ready', run_at = now(), attempts = 0, failures = 0, leased_by = null, lease_until = null,
         held_reason = null, lane = excluded.lane, turn = excluded.turn, trace = excluded.trace`,
    [id, tenantId, lane, trace],
  );
  const held = await holdOverBudget(transaction, tenantId, budgetMicros);
  await tellWork(transaction);
  return held.includes(id) ? 'budget' : null;
}

/** Queues a verification again that failed for the service's own reasons, with the bytes just received. */
async function revive(
  transaction: Queryable,
  standing: VerificationRow,
  wanted: NewVerification,
): Promise<boolean> {
  if (standing.status !== 'failed' || !standing.problem?.isRetryable) return false;
  await transaction.query(
    `update verification
     set status = 'queued', problem = null, completed_at = null, blob_id = coalesce($2, blob_id)
     where id = $1`,
    [standing.id, wanted.media?.blobId ?? null],
  );
  await enqueue(transaction, standing.id, wanted);
  return true;
}

async function find(
  database: Queryable,
  tenantId: string,
  id: string,
): Promise<VerificationRecord | undefined> {
  const [found] = await database.query<FoundRow>(
    `select verification.*,
       (select coalesce(json_agg(piece order by piece.name), '[]') from evidence as piece
        where piece.verification_id = verification.id) as evidence,
       (select row_to_json(latest) from decision as latest
        where latest.verification_id = verification.id
        order by latest.id desc limit 1) as decision,
       (select job.held_reason from job
        where job.verification_id = verification.id and job.state = 'held'
          and verification.status = 'queued') as held_reason
     from verification where tenant_id = $1 and id = $2`,
    [tenantId, id],
  );
  if (!found) return undefined;
  const { evidence, decision, held_reason: heldReason, ...row } = found;
  return toRecord(
    row,
    evidence,
    decision && { ...decision, decided_at: new Date(decision.decided_at) },
    heldReason,
  );
}

function toRecord(
  row: VerificationRow,
  evidence: readonly EvidenceRow[],
  decision: DecisionRow | null,
  heldReason: string | null = null,
): VerificationRecord {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    status: row.status,
    createdAt: row.created_at,
    completedAt: row.completed_at,
    fingerprint: row.fingerprint,
    context: row.context,
    source: row.source,
    blobId: row.blob_id,
    media:
      row.sha256 !== null && row.md5 !== null && row.size_bytes !== null
        ? { sha256: row.sha256, md5: row.md5, sizeBytes: row.size_bytes }
        : null,
    outcome: row.outcome,
    attestation: row.attestation,
    costMicros: row.cost_micros,
    costStages: row.cost_stages ?? {},
    heldReason,
    problem: row.problem,
    evidence: evidence.map((piece) => ({
      name: piece.name,
      kind: piece.kind,
      mediaType: piece.media_type,
      sizeBytes: piece.size_bytes,
      blobId: piece.blob_id,
    })),
    decision: decision && {
      decision: decision.decision,
      reason: decision.reason,
      decidedBy: decision.decided_by,
      decidedAt: decision.decided_at,
    },
  };
}
