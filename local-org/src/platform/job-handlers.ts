/** Runs queued Apex: each step in its own unit of work, its end on the job's row, a failure never stops the queue. */
import type { ApexRuntime, ExecutionKind, FutureCall, JobOutcome } from '../org/contracts.js';
import type { Background, FailureListener, WorkPlace } from './background.js';
import { Schedule } from './cron.js';
import type { JobRows } from './job-rows.js';
import {
  asJson,
  setBatchPhase,
  setRunningJob,
  type BatchPayload,
  type QueueablePayload,
  type RunningJob,
  type SchedulePayload,
} from './jobs.js';
import type { OrgTransaction } from './transaction.js';
import type { WorkItem } from './work-queue.js';

/** The words of an exception as job rows and finalizers show them. */
export function describeFailure(error: unknown): { type: string; message: string } {
  if (!(error instanceof Error))
    return { type: 'System.UnexpectedException', message: String(error) };
  const type =
    'exceptionType' in error && typeof error.exceptionType === 'string'
      ? `System.${error.exceptionType}`
      : error.name;
  return { type, message: error.message };
}

const unit = (item: WorkItem, kind: ExecutionKind, source: string) => ({
  kind,
  userId: item.userId,
  source,
});

export class JobHandlers {
  constructor(
    private readonly rows: JobRows,
    private readonly apex: () => ApexRuntime,
    private readonly onFailure: FailureListener,
  ) {}

  register(background: Background): void {
    background.handle('queueable', (item, place) => this.runQueueable(item, place));
    background.handle('future', (item, place) => this.runFuture(item, place));
    background.handle('batch', (item, place) => this.runBatch(item, place));
    background.handle('schedule', (item, place) => this.runSchedule(item, place));
  }

  private runQueueable(item: WorkItem, place: WorkPlace): void {
    const payload = item.payload as unknown as QueueablePayload;
    const running: RunningJob = {
      jobId: item.id,
      depth: payload.depth,
      maximumDepth: payload.maximumDepth,
      finalizer: null,
    };
    const failure = this.runJob(item, place, 'queueable', payload.job.className, (tx) => {
      setRunningJob(tx, running);
      this.apex().runQueueable(tx, payload.job, item.id);
    });
    const { finalizer } = running;
    if (finalizer) {
      const described = failure === null ? null : describeFailure(failure.error);
      const outcome: JobOutcome = {
        jobId: item.id,
        result: described ? 'UNHANDLED_EXCEPTION' : 'SUCCESS',
        exceptionType: described?.type ?? null,
        exceptionMessage: described?.message ?? null,
      };
      this.attempt(`finalizer ${finalizer.className} of ${item.id}`, place, () =>
        place.run(unit(item, 'queueable', `finalizer ${finalizer.className}`), (tx) => {
          setRunningJob(tx, { ...running, finalizer: null });
          this.apex().runFinalizer(tx, finalizer, outcome);
        }),
      );
    }
    if (failure && place.isTest) throw failure.error;
  }

  private runFuture(item: WorkItem, place: WorkPlace): void {
    const call = item.payload as unknown as FutureCall;
    const failure = this.runJob(item, place, 'future', `${call.className}.${call.method}`, (tx) =>
      this.apex().runFuture(tx, call),
    );
    if (failure && place.isTest) throw failure.error;
  }

  private runSchedule(item: WorkItem, place: WorkPlace): void {
    const { job, cron, timeZone } = item.payload as unknown as SchedulePayload;
    let firedAt = item.dueAt;
    const failure = this.attempt(`scheduled ${job.className}`, place, () =>
      place.run(unit(item, 'scheduled', `scheduled ${job.className}`), (tx) => {
        firedAt = tx.now();
        this.apex().runSchedulable(tx, job, item.id);
      }),
    );
    place.run(unit(item, 'scheduled', `schedule of ${job.className}`), (tx) => {
      const next = new Schedule(cron, timeZone).next(tx.now());
      this.rows.setNextFire(item.id, next, firedAt);
      if (next === null || place.isTest) return;
      tx.afterCommit(() => place.queue.add({ ...item, dueAt: next }));
    });
    if (failure && place.isTest) throw failure.error;
  }

  /** One step of a batch; the next step is queued behind what waits already. */
  private runBatch(item: WorkItem, place: WorkPlace): void {
    const payload = item.payload as unknown as BatchPayload;
    if (payload.phase === 'start') return this.startBatch(item, place, payload);
    if (payload.phase === 'finish') return this.finishBatch(item, place, payload);
    const scope = payload.items.slice(0, payload.scopeSize);
    const items = payload.items.slice(payload.scopeSize);
    let { job } = payload;
    const failure = this.attempt(`batch ${job.className}`, place, () =>
      place.run(unit(item, 'batch', `batch ${job.className} execute`), (tx) => {
        setBatchPhase(tx, 'execute');
        job = this.apex().executeBatch(tx, job, item.id, scope);
      }),
    );
    const next: BatchPayload = {
      ...payload,
      job,
      items,
      phase: items.length > 0 ? 'execute' : 'finish',
      done: payload.done + 1,
      failed: payload.failed + (failure ? 1 : 0),
    };
    this.requeue(item, place, next, {
      JobItemsProcessed: next.done,
      NumberOfErrors: next.failed,
      ...(failure ? { ExtendedStatus: describeFailure(failure.error).message } : {}),
    });
    if (failure && place.isTest) throw failure.error;
  }

  private startBatch(item: WorkItem, place: WorkPlace, payload: BatchPayload): void {
    let next: BatchPayload = payload;
    const failure = this.attempt(`batch ${payload.job.className}`, place, () =>
      place.run(unit(item, 'batch', `batch ${payload.job.className} start`), (tx) => {
        setBatchPhase(tx, 'start');
        this.rows.setJob(item.id, { Status: 'Preparing' });
        const { job, items } = this.apex().startBatch(tx, payload.job, item.id);
        next = { ...payload, job, items, phase: items.length > 0 ? 'execute' : 'finish' };
      }),
    );
    if (failure) {
      this.end(item, place, failure.error);
      if (place.isTest) throw failure.error;
      return;
    }
    const scopes = Math.ceil(next.items.length / payload.scopeSize);
    this.requeue(item, place, next, { Status: 'Processing', TotalJobItems: scopes });
  }

  private finishBatch(item: WorkItem, place: WorkPlace, payload: BatchPayload): void {
    const failure = this.attempt(`batch ${payload.job.className}`, place, () =>
      place.run(unit(item, 'batch', `batch ${payload.job.className} finish`), (tx) => {
        setBatchPhase(tx, 'finish');
        this.apex().finishBatch(tx, payload.job, item.id);
      }),
    );
    this.end(item, place, failure?.error);
    if (failure && place.isTest) throw failure.error;
  }

  private requeue(
    item: WorkItem,
    place: WorkPlace,
    payload: BatchPayload,
    row: Readonly<Record<string, string | number>>,
  ): void {
    place.run(unit(item, 'batch', `row of job ${item.id}`), (tx) => {
      this.rows.setJob(item.id, row);
      if (this.rows.jobStatus(item.id) === 'Aborted') return;
      tx.afterCommit(() => place.queue.add({ ...item, payload: asJson(payload) }));
    });
  }

  /** Runs a job's only step and writes how it ended. */
  private runJob(
    item: WorkItem,
    place: WorkPlace,
    kind: 'queueable' | 'future',
    name: string,
    body: (tx: OrgTransaction) => void,
  ): { error: unknown } | null {
    const failure = this.attempt(`${kind} ${item.id}`, place, () =>
      place.run(unit(item, kind, `${kind} ${name}`), (tx) => {
        body(tx);
        this.rows.finish(item.id, 'Completed', tx.now());
      }),
    );
    if (failure) this.end(item, place, failure.error);
    return failure;
  }

  private end(item: WorkItem, place: WorkPlace, error: unknown): void {
    place.run(unit(item, 'batch', `row of job ${item.id}`), (tx) => {
      if (error === undefined) this.rows.finish(item.id, 'Completed', tx.now());
      else this.rows.finish(item.id, 'Failed', tx.now(), describeFailure(error).message);
    });
  }

  private attempt(
    source: string,
    place: WorkPlace,
    work: () => void,
  ): { readonly error: unknown } | null {
    try {
      work();
      return null;
    } catch (error) {
      if (!place.isTest) this.onFailure(source, error);
      return { error };
    }
  }
}
