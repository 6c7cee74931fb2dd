/**
 * Asynchronous Apex: what may be queued, and the row that shows it. The work itself is run by `job-handlers.ts`.
 * A job is kept as plain data from the moment it is queued, as on the platform: later changes to the object are not seen.
 */
import type {
  AsyncJobs,
  EnqueueOptions,
  FrozenInstance,
  FutureCall,
  Json,
  Transaction,
} from '../org/contracts.js';
import { PlatformError } from '../org/contracts.js';
import type { Background } from './background.js';
import { Schedule } from './cron.js';
import type { JobRows } from './job-rows.js';
import { asOrgTransaction } from './transaction.js';

export const MAXIMUM_DELAY_MINUTES = 10;
const DEFAULT_SCOPE = 200;
const MAXIMUM_SCOPE = 2000;
const MINUTE = 60_000;

/** Marks the running job in its transaction's state. */
export interface RunningJob {
  readonly jobId: string;
  readonly depth: number;
  readonly maximumDepth: number | null;
  finalizer: FrozenInstance | null;
}
const RUNNING = Symbol('running job');

export function runningJob(tx: Transaction): RunningJob | null {
  return (tx.state.get(RUNNING) as RunningJob | undefined) ?? null;
}

export function setRunningJob(tx: Transaction, job: RunningJob): void {
  tx.state.set(RUNNING, job);
}

export interface QueueablePayload {
  readonly job: FrozenInstance;
  readonly depth: number;
  readonly maximumDepth: number | null;
}

export interface BatchPayload {
  readonly job: FrozenInstance;
  readonly scopeSize: number;
  readonly phase: 'start' | 'execute' | 'finish';
  readonly items: readonly Json[];
  /** Scopes done so far, and how many of them failed. */
  readonly done: number;
  readonly failed: number;
}

export interface SchedulePayload {
  readonly job: FrozenInstance;
  readonly cron: string;
  readonly timeZone: string;
}

/** Payloads are plain data by construction; the compiler cannot see that through the interfaces. */
export const asJson = (payload: unknown): Json => payload as Json;

const asyncException = (message: string): PlatformError =>
  new PlatformError('ASYNC_EXCEPTION', message, 'AsyncException');

export class ApexJobs implements AsyncJobs {
  constructor(
    private readonly background: Background,
    private readonly rows: JobRows,
    private readonly timeZoneOf: (userId: string) => string,
  ) {}

  enqueue(tx: Transaction, job: FrozenInstance, options: EnqueueOptions = {}): string {
    const delay = options.delayMinutes ?? 0;
    if (!Number.isInteger(delay) || delay < 0 || delay > MAXIMUM_DELAY_MINUTES) {
      throw asyncException(
        `The delay of a queueable is a whole number of minutes from 0 to ${MAXIMUM_DELAY_MINUTES}, got ${delay}`,
      );
    }
    const parent = runningJob(tx);
    const depth = (parent?.depth ?? 0) + 1;
    const maximumDepth = options.maximumDepth ?? parent?.maximumDepth ?? null;
    if ((tx.isTest && parent) || (maximumDepth !== null && depth > maximumDepth)) {
      throw asyncException('Maximum stack depth has been reached.');
    }
    tx.limits.use('queueableJobs');
    const id = this.addRow(tx, 'Queueable', job.className, null);
    const payload: QueueablePayload = { job, depth, maximumDepth };
    this.add(tx, id, 'queueable', payload, tx.isTest ? 0 : delay * MINUTE);
    return id;
  }

  attachFinalizer(tx: Transaction, finalizer: FrozenInstance): void {
    const running = runningJob(tx);
    if (!running || tx.kind !== 'queueable') {
      throw new PlatformError(
        'HANDLED_EXCEPTION',
        'System.attachFinalizer(Finalizer) is not allowed in this context',
        'HandledException',
      );
    }
    if (running.finalizer) {
      throw new PlatformError(
        'HANDLED_EXCEPTION',
        'More than one Finalizer cannot be attached to same Async Apex Job',
        'HandledException',
      );
    }
    running.finalizer = finalizer;
  }

  callFuture(tx: Transaction, call: FutureCall): string {
    if (tx.kind === 'future' || tx.kind === 'batch') {
      throw asyncException(
        `Future method cannot be called from a future or batch method: ${call.className}.${call.method}`,
      );
    }
    tx.limits.use('futureCalls');
    const id = this.addRow(tx, 'Future', call.className, call.method);
    this.add(tx, id, 'future', call, 0);
    return id;
  }

  executeBatch(tx: Transaction, job: FrozenInstance, scopeSize = DEFAULT_SCOPE): string {
    if (!Number.isInteger(scopeSize) || scopeSize < 1 || scopeSize > MAXIMUM_SCOPE) {
      throw asyncException(
        `The scope of a batch is a whole number from 1 to ${MAXIMUM_SCOPE}, got ${scopeSize}`,
      );
    }
    if (tx.kind === 'batch' && runningBatchPhase(tx) !== 'finish') {
      throw asyncException(
        'Database.executeBatch cannot be called from a batch start, batch execute, or future method.',
      );
    }
    if (tx.kind === 'future') {
      throw asyncException('Database.executeBatch cannot be called from a future method.');
    }
    const id = this.addRow(tx, 'BatchApex', job.className, null);
    const payload: BatchPayload = {
      job,
      scopeSize,
      phase: 'start',
      items: [],
      done: 0,
      failed: 0,
    };
    this.add(tx, id, 'batch', payload, 0);
    return id;
  }

  schedule(tx: Transaction, name: string, cron: string, job: FrozenInstance): string {
    const timeZone = this.timeZoneOf(tx.userId);
    const next = new Schedule(cron, timeZone).next(tx.now());
    if (next === null) {
      throw asyncException(
        `Based on configured schedule, the given trigger will never fire: ${cron}`,
      );
    }
    const { queue } = this.background.placeOf(tx);
    const waiting = queue.list().filter(({ kind }) => kind === 'schedule');
    if (
      this.rows.isJobNameTaken(
        name,
        waiting.map(({ id }) => id),
      )
    ) {
      throw asyncException(
        `The Apex job named "${name}" is already scheduled for execution. Abort it or choose another name.`,
      );
    }
    const id = this.rows.addTrigger(name, cron, timeZone, tx.userId, tx.now());
    this.rows.setNextFire(id, next, null);
    tx.hasUncommittedWork = true;
    const payload: SchedulePayload = { job, cron, timeZone };
    this.addAt(tx, id, 'schedule', payload, tx.isTest ? tx.now() : next);
    return id;
  }

  abort(tx: Transaction, id: string): void {
    const { queue } = this.background.placeOf(tx);
    if (!this.rows.deleteTrigger(id)) {
      const status = this.rows.jobStatus(id);
      if (status === null) {
        throw asyncException(`No asynchronous job has the id ${id}`);
      }
      if (status === 'Completed' || status === 'Failed' || status === 'Aborted') {
        throw asyncException(`The job ${id} has ended already with the status ${status}`);
      }
      this.rows.finish(id, 'Aborted', tx.now());
    }
    tx.afterCommit(() => queue.remove(id));
  }

  dropCollected(tx: Transaction): void {
    const { queue } = this.background.placeOf(tx);
    asOrgTransaction(tx).releaseAfterCommit();
    for (const { id } of queue.list()) queue.remove(id);
  }

  runCollected(tx: Transaction): void {
    const place = this.background.placeOf(tx);
    asOrgTransaction(tx).releaseAfterCommit();
    // What the collected jobs queue themselves runs too; a schedule fires once, as it leaves the queue.
    while (this.background.runNext(place, tx.now()));
  }

  private addRow(
    tx: Transaction,
    type: 'Queueable' | 'Future' | 'BatchApex',
    className: string,
    methodName: string | null,
  ): string {
    tx.hasUncommittedWork = true;
    return this.rows.addJob({ type, className, methodName, userId: tx.userId, now: tx.now() });
  }

  private add(tx: Transaction, id: string, kind: string, payload: unknown, delay: number): void {
    this.addAt(tx, id, kind, payload, tx.now() + delay);
  }

  private addAt(tx: Transaction, id: string, kind: string, payload: unknown, dueAt: number): void {
    const { queue } = this.background.placeOf(tx);
    const { userId } = tx;
    tx.afterCommit(() => queue.add({ id, kind, userId, dueAt, payload: asJson(payload) }));
  }
}

const BATCH_PHASE = Symbol('batch phase');

export function setBatchPhase(tx: Transaction, phase: BatchPayload['phase']): void {
  tx.state.set(BATCH_PHASE, phase);
}

function runningBatchPhase(tx: Transaction): unknown {
  return tx.state.get(BATCH_PHASE);
}
