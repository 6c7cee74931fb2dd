/** What an operator sees of the queue, and sends through it again. */
import type { Database } from '../store/database.js';
import type { FailureProblem, Lane, Status } from '../store/records.js';
import { tellWork } from '../store/signals.js';
import type { JobState } from './queue.js';

export interface JobFilter {
  readonly state?: JobState;
  readonly tenantId?: string;
  readonly limit: number;
}

export interface JobRecord {
  readonly verificationId: string;
  readonly tenantId: string;
  readonly state: JobState;
  readonly lane: Lane;
  readonly attempts: number;
  readonly queuedAt: Date;
  readonly runAt: Date;
  /** Why it waits, where it is held. */
  readonly heldReason: string | null;
  /** As the service logged it: for the operator, never for a caller. */
  readonly lastError: string | null;
}

export interface JobDetails extends JobRecord {
  readonly leasedBy: string | null;
  readonly leaseUntil: Date | null;
  readonly status: Status;
  readonly sizeBytes: number | null;
  readonly problem: FailureProblem | null;
}

interface JobRow {
  verification_id: string;
  tenant_id: string;
  state: JobState;
  lane: Lane;
  attempts: number;
  queued_at: Date;
  run_at: Date;
  held_reason: string | null;
  last_error: string | null;
}

interface DetailsRow extends JobRow {
  leased_by: string | null;
  lease_until: Date | null;
  status: Status;
  size_bytes: number | null;
  problem: FailureProblem | null;
}

/** The oldest first. */
export async function listJobs(
  database: Database,
  { state, tenantId, limit }: JobFilter,
): Promise<readonly JobRecord[]> {
  const rows = await database.query<JobRow>(
    `select * from job
     where ($1::text is null or state = $1) and ($2::text is null or tenant_id = $2)
     order by id limit $3`,
    [state ?? null, tenantId ?? null, limit],
  );
  return rows.map(toRecord);
}

export async function findJob(
  database: Database,
  verificationId: string,
): Promise<JobDetails | undefined> {
  const [row] = await database.query<DetailsRow>(
    `select job.*, verification.status, verification.size_bytes, verification.problem
     from job join verification on verification.id = job.verification_id
     where job.verification_id = $1`,
    [verificationId],
  );
  return (
    row && {
      ...toRecord(row),
      leasedBy: row.leased_by,
      leaseUntil: row.lease_until,
      status: row.status,
      sizeBytes: row.size_bytes,
      problem: row.problem,
    }
  );
}

/** Queues dead letters again, with all their attempts before them: one by its verification's id, or all. Resolves with the ids. */
export async function reviveDead(
  database: Database,
  which: { readonly verificationId?: string },
): Promise<readonly string[]> {
  return database.transaction(async (transaction) => {
    const revived = await transaction.query<{ id: string }>(
      `with revived as (
         update job set state = 'ready', attempts = 0, failures = 0, run_at = now(), turn = greatest(turn, lane_now(lane))
         where state = 'dead' and ($1::text is null or verification_id = $1)
         returning verification_id
       )
       update verification set status = 'queued', problem = null, completed_at = null
       from revived where verification.id = revived.verification_id
       returning verification.id`,
      [which.verificationId ?? null],
    );
    if (revived.length > 0) await tellWork(transaction);
    return revived.map(({ id }) => id);
  });
}

function toRecord(row: JobRow): JobRecord {
  return {
    verificationId: row.verification_id,
    tenantId: row.tenant_id,
    state: row.state,
    lane: row.lane,
    attempts: row.attempts,
    queuedAt: row.queued_at,
    runAt: row.run_at,
    heldReason: row.held_reason,
    lastError: row.last_error,
  };
}
