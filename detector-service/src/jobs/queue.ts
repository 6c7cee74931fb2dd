/**
 * The durable queue: one job a verification, taken under a lease. A process that dies keeps nothing: its lease runs out and
 * another takes the work up. Written here rather than taken from pg-boss, whose releases since 11 need Node 22 while this
 * service supports Node 20.
 */
import { holdOverBudget, releaseInBudget } from '../cost/budget.js';
import type { Database, Queryable } from '../store/database.js';
import type {
  EvidenceRecord,
  FailureProblem,
  Lane,
  StoredMedia,
  StoredOutcome,
} from '../store/records.js';
import { tellEnd } from '../store/signals.js';
import { makeDue, takeBack } from './deliveries.js';

/** Jobs made ready in one statement: more would hold their rows for long. */
const WAKE_BATCH = 500;

export interface Lease {
  readonly jobId: number;
  readonly verificationId: string;
  readonly tenantId: string;
  readonly lane: Lane;
  /** This attempt's number, from 1. Counted when taken, so work that kills the process is not tried for ever. */
  readonly attempt: number;
  /** Attempts before this one that ended with an error, not with their process. */
  readonly failures: number;
  readonly holder: string;
  /** Since when it could have been taken, by the database's clock. */
  readonly readyAt: Date;
  /** The `traceparent` of the request that brought it; null without tracing. */
  readonly trace: string | null;
}

export interface Completion {
  readonly outcome: StoredOutcome;
  readonly evidence: readonly EvidenceRecord[];
  readonly attestation: string;
  readonly ruleset: string;
  /** The question answered, under the rules of the process that answered it. */
  readonly reuseKey?: string;
  readonly costMicros: number;
  /** Millionths of a dollar by stage of the pipeline; empty where nothing was run. */
  readonly costStages?: Readonly<Record<string, number>>;
}

/** One lane or both, in the order in which they are looked into. */
export type Lanes = readonly [Lane, Lane?];

export const JOB_STATES = ['ready', 'delayed', 'held', 'leased', 'dead'] as const;
export type JobState = (typeof JOB_STATES)[number];
export type QueueDepth = Readonly<Record<JobState, number>>;

/** Another holder has the job: this one's lease ran out, and what it found is dropped. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

export class JobQueue {
  readonly #database: Database;
  readonly #leaseMs: number;
  readonly #budgetMicros: number | null;

  /** @param budgetMicros a month's budget of a tenant that has none of its own; null for no bound */
  constructor(database: Database, leaseMs: number, budgetMicros: number | null = null) {
    this.#database = database;
    this.#leaseMs = leaseMs;
    this.#budgetMicros = budgetMicros;
  }

  /** Makes ready what waited for a retry and is due, and what was leased by a process that died; resolves with how many. */
  async wakeDue(): Promise<number> {
    const woken = await this.#database.query(
      `with due as (
         select id from job
         where (state = 'delayed' and run_at <= now()) or (state = 'leased' and lease_until < now())
         limit ${WAKE_BATCH} for update skip locked
       ), woken as (
         update job set state = 'ready', leased_by = null, lease_until = null,
           turn = greatest(turn, lane_now(lane))
         where id in (select id from due)
         returning verification_id
       )
       update verification set status = 'queued' from woken
       where verification.id = woken.verification_id returning verification.id`,
    );
    return woken.length;
  }

  /**
   * Takes the next job of the first lane that has one. Within a lane tenants take turns, whatever each has waiting. What became due since is not seen before
   * `wakeDue`.
   */
  async take(
    holder: string,
    [first, second]: Lanes = ['interactive', 'bulk'],
  ): Promise<Lease | undefined> {
    const next = (lane: string): string =>
      `(select id from job where state = 'ready' and lane = ${lane}
        order by turn, id limit 1 for update skip locked)`;
    const [row] = await this.#database.query<{
      id: number;
      verification_id: string;
      tenant_id: string;
      lane: Lane;
      attempts: number;
      failures: number;
      ready_at: Date;
      trace: string | null;
    }>(
      `with taken as (
         update job set state = 'leased', attempts = attempts + 1, leased_by = $1,
           lease_until = now() + $2 * interval '1 millisecond'
         where id = coalesce(${next('$3')}, ${next('$4')})
         returning id, verification_id, tenant_id, lane, attempts, failures,
           greatest(queued_at, run_at) as ready_at, trace
       ), started as (
         update verification set status = 'running'
         from taken where verification.id = taken.verification_id
       )
       select * from taken`,
      [holder, this.#leaseMs, first, second ?? null],
    );
    return (
      row && {
        jobId: row.id,
        verificationId: row.verification_id,
        tenantId: row.tenant_id,
        lane: row.lane,
        attempt: row.attempts,
        failures: row.failures,
        holder,
        readyAt: row.ready_at,
        trace: row.trace,
      }
    );
  }

  /** Prolongs the lease while the work goes on. */
  async renew(lease: Lease): Promise<void> {
    await this.#holding(
      this.#database,
      lease,
      `update job set lease_until = now() + $4 * interval '1 millisecond'`,
      [this.#leaseMs],
    );
  }

  /** Notes the bytes pulled for a verification that came without them. */
  async noteMedia(lease: Lease, media: StoredMedia, reuseKey: string | undefined): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await this.#holding(transaction, lease, 'update job set last_error = null');
      await transaction.query(
        `update verification set blob_id = $2, sha256 = $3, md5 = $4, size_bytes = $5, reuse_key = $6
         where id = $1`,
        [
          lease.verificationId,
          media.blobId,
          media.sha256,
          media.md5,
          media.sizeBytes,
          reuseKey ?? null,
        ],
      );
    });
  }

  /** Result, evidence, usage and the end of the job in one commit. */
  async complete(lease: Lease, completion: Completion): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await this.#holding(transaction, lease, 'delete from job');
      await transaction.query(
        `update verification set status = 'complete', completed_at = now(), blob_id = null, problem = null,
           outcome = $2, attestation = $3, ruleset = $4, cost_micros = $5, reuse_key = $6,
           cost_stages = $7
         where id = $1`,
        [
          lease.verificationId,
          JSON.stringify(completion.outcome),
          completion.attestation,
          completion.ruleset,
          completion.costMicros,
          completion.reuseKey ?? null,
          JSON.stringify(completion.costStages ?? {}),
        ],
      );
      await keepEvidence(transaction, lease, completion.evidence);
      const { verdict, media } = completion.outcome;
      await countUsage(transaction, lease, verdict, media.sizeBytes, completion.costMicros);
      await countStages(transaction, lease, completion.costStages ?? {});
      await holdOverBudget(transaction, lease.tenantId, this.#budgetMicros);
      await makeDue(transaction, lease.verificationId);
      await tellEnd(transaction, lease.verificationId);
    });
  }

  /** Ends the work because the media itself cannot be judged: trying again cannot help. */
  async refuse(lease: Lease, problem: FailureProblem): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await this.#holding(transaction, lease, 'delete from job');
      await fail(transaction, lease, problem, true);
      await countUsage(transaction, lease, 'not_evaluated', 0, 0);
    });
  }

  /** Puts the work back for a later attempt. */
  async retry(lease: Lease, delayMs: number, error: string): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await this.#holding(
        transaction,
        lease,
        `update job set state = 'delayed', leased_by = null, lease_until = null, failures = failures + 1,
           run_at = now() + $4 * interval '1 millisecond', last_error = $5`,
        [delayMs, error.slice(0, 2_000)],
      );
      await setQueued(transaction, lease);
    });
  }

  /** Puts unfinished work back unharmed, as when the process is asked to stop. */
  async giveBack(lease: Lease): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await this.#holding(
        transaction,
        lease,
        `update job set state = 'ready', leased_by = null, lease_until = null, attempts = attempts - 1,
           turn = greatest(turn, lane_now(lane))`,
      );
      await setQueued(transaction, lease);
    });
  }

  /** The last attempt failed: the job stays as a dead letter, with its bytes, until it is sent again or its time is up. */
  async bury(lease: Lease, problem: FailureProblem, error: string): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await this.#holding(
        transaction,
        lease,
        `update job set state = 'dead', leased_by = null, lease_until = null, last_error = $4`,
        [error.slice(0, 2_000)],
      );
      await fail(transaction, lease, problem, false);
    });
  }

  /** Lets work go on that was held for a budget no longer spent; resolves with how many jobs. */
  releaseHeld(): Promise<number> {
    return releaseInBudget(this.#database, this.#budgetMicros);
  }

  /** Frees every lease; only right at the start of a process that has the database to itself. */
  async releaseAll(): Promise<number> {
    const freed = await this.#database.query(
      `update job set state = 'ready', leased_by = null, lease_until = null
       where state = 'leased' returning id`,
    );
    return freed.length;
  }

  async depth(): Promise<QueueDepth> {
    const rows = await this.#database.query<{ state: JobState; jobs: number }>(
      'select state, count(*) as jobs from job group by state',
    );
    const depth = { ready: 0, delayed: 0, held: 0, leased: 0, dead: 0 };
    for (const { state, jobs } of rows) depth[state] = jobs;
    return depth;
  }

  /** Runs a change of the job only while the lease is still this holder's. Its own parameters start at $4. */
  async #holding(
    handle: Queryable,
    lease: Lease,
    change: string,
    parameters: readonly unknown[] = [],
  ): Promise<void> {
    const changed = await handle.query(
      `${change} where id = $1 and leased_by = $2 and attempts = $3 and state = 'leased' returning id`,
      [lease.jobId, lease.holder, lease.attempt, ...parameters],
    );
    if (changed.length === 0) {
      throw new LeaseLostError(`The lease of ${lease.verificationId} is another's now.`);
    }
  }
}

async function keepEvidence(
  transaction: Queryable,
  { verificationId }: Lease,
  evidence: readonly EvidenceRecord[],
): Promise<void> {
  if (evidence.length === 0) return;
  await transaction.query(
    `insert into evidence (verification_id, name, kind, media_type, size_bytes, blob_id)
     select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[])`,
    [
      verificationId,
      evidence.map(({ name }) => name),
      evidence.map(({ kind }) => kind),
      evidence.map(({ mediaType }) => mediaType),
      evidence.map(({ sizeBytes }) => sizeBytes),
      evidence.map(({ blobId }) => blobId),
    ],
  );
}

async function setQueued(transaction: Queryable, lease: Lease): Promise<void> {
  await transaction.query(`update verification set status = 'queued' where id = $1`, [
    lease.verificationId,
  ]);
}

async function fail(
  transaction: Queryable,
  lease: Lease,
  problem: FailureProblem,
  dropsMedia: boolean,
): Promise<void> {
  await transaction.query(
    `update verification set status = 'failed', completed_at = now(), problem = $2,
       blob_id = case when $3::boolean then null else blob_id end
     where id = $1`,
    [lease.verificationId, JSON.stringify(problem), dropsMedia],
  );
  await takeBack(transaction, lease.verificationId);
  await tellEnd(transaction, lease.verificationId);
}

async function countUsage(
  transaction: Queryable,
  lease: Lease,
  verdict: string,
  bytes: number,
  costMicros: number,
): Promise<void> {
  await transaction.query(
    `insert into usage_day (tenant_id, day, verdict, verifications, bytes, cost_micros)
     values ($1, (now() at time zone 'utc')::date, $2, 1, $3, $4)
     on conflict (tenant_id, day, verdict) do update set
       verifications = usage_day.verifications + 1,
       bytes = usage_day.bytes + excluded.bytes,
       cost_micros = usage_day.cost_micros + excluded.cost_micros`,
    [lease.tenantId, verdict, bytes, costMicros],
  );
}

async function countStages(
  transaction: Queryable,
  { tenantId }: Lease,
  stages: Readonly<Record<string, number>>,
): Promise<void> {
  const names = Object.keys(stages);
  if (names.length === 0) return;
  await transaction.query(
    `insert into usage_stage_day (tenant_id, day, stage, verifications, cost_micros)
     select $1, (now() at time zone 'utc')::date, stage, 1, micros
     from unnest($2::text[], $3::bigint[]) as part (stage, micros)
     order by stage
     on conflict (tenant_id, day, stage) do update set
       verifications = usage_stage_day.verifications + 1,
       cost_micros = usage_stage_day.cost_micros + excluded.cost_micros`,
    [tenantId, names, Object.values(stages)],
  );
}
