/** Asynchronous Apex and platform events. */
import type { SObjectRecord } from '../../values/values.js';
import type { FrozenInstance, FutureCall } from './apex.js';
import type { SaveResult } from './data.js';
import type { Transaction } from './transaction.js';

/** Asynchronous Apex. Work is queued with the transaction's commit and lost with its roll-back. */
export interface AsyncJobs {
  /** `System.enqueueJob`: the id of the `AsyncApexJob`. */
  enqueue(tx: Transaction, job: FrozenInstance, options?: EnqueueOptions): string;
  /** `System.attachFinalizer`, from inside a running queueable. */
  attachFinalizer(tx: Transaction, finalizer: FrozenInstance): void;
  callFuture(tx: Transaction, call: FutureCall): string;
  /** `Database.executeBatch`; the scope size is 200 unless told. */
  executeBatch(tx: Transaction, job: FrozenInstance, scopeSize?: number): string;
  /** `System.schedule`: the id of the `CronTrigger`. */
  schedule(tx: Transaction, name: string, cron: string, job: FrozenInstance): string;
  /** `System.abortJob` for an `AsyncApexJob` or a `CronTrigger`. */
  abort(tx: Transaction, id: string): void;
  /** `Test.startTest()`: what was queued before is not part of the test and never runs. */
  dropCollected(tx: Transaction): void;
  /** `Test.stopTest()`: runs what the test has collected so far, each job in its own sub-transaction. */
  runCollected(tx: Transaction): void;
}

export interface EnqueueOptions {
  /** 0 to 10. */
  readonly delayMinutes?: number;
  /** `AsyncOptions.MaximumQueueableStackDepth`. */
  readonly maximumDepth?: number;
}

/** Thrown out of a platform-event trigger to have the batch sent again (`EventBus.RetryableException`). */
export class EventRetryRequest extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'EventRetryRequest';
  }
}

/** What `EventBus.TriggerContext` shows to a platform-event trigger. */
export interface EventDelivery {
  readonly event: string;
  /** How often this batch was sent before. */
  readonly retries: number;
  readonly lastError: string | null;
  /** Events up to this replay id count as done, whatever happens next. */
  setResumeCheckpoint(replayId: string): void;
  getResumeCheckpoint(): string | null;
}

export interface EventMessage {
  readonly event: string;
  readonly replayId: number;
  /** Epoch milliseconds of the publication. */
  readonly publishedAt: number;
  readonly record: SObjectRecord;
}

export interface EventBus {
  /** `EventBus.publish`: queued at once or with the commit, as the event's definition says. */
  publish(tx: Transaction, events: readonly SObjectRecord[]): SaveResult[];
  /** A streaming client. `replayFrom` -1 = from now on, -2 = everything kept, else after that id. Call the result to stop. */
  subscribe(
    event: string,
    listener: (message: EventMessage) => void,
    replayFrom?: number,
  ): () => void;
  /** `Test.getEventBus().deliver()` and the end of `Test.stopTest()`. */
  deliverCollected(tx: Transaction): void;
}
