/** Works the queue off: a few loops, each taking one job at a time and seeing it to its end. */
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { errorFields, type Log } from '../ops/log.js';
import type { Metrics } from '../ops/metrics.js';
import type { FailureProblem } from '../store/records.js';
import { MediaRefusedError } from '../verdict/types.js';
import type { JobQueue, Lease } from './queue.js';
import { LeaseLostError } from './queue.js';

/** Does one attempt and commits its result; rejects with MediaRefusedError for media that cannot be judged. */
export type Attempt = (lease: Lease, signal: AbortSignal) => Promise<void>;

export interface WorkerOptions {
  readonly loops: number;
  readonly maxAttempts: number;
  readonly retryBaseMs: number;
  readonly leaseMs: number;
  readonly attemptTimeoutMs: number;
}

/** Work committed by another process is found by looking this often. */
const IDLE_MS = 500;
const RETRY_CAP_MS = 15 * 60_000;

export const EXHAUSTED: FailureProblem = {
  code: 'verification.exhausted',
  detail: 'The service could not finish this verification after several attempts.',
  next: 'Send the same media again with the same Idempotency-Key; tell the operator the id if it fails again.',
  isRetryable: true,
};

export class Worker {
  readonly #queue: JobQueue;
  readonly #attempt: Attempt;
  readonly #options: WorkerOptions;
  readonly #log: Log;
  readonly #metrics: Metrics;
  readonly #holder = randomUUID();
  readonly #stopping = new AbortController();
  readonly #wakeUps = new EventEmitter().setMaxListeners(0);
  #loops: Promise<void>[] = [];

  /** Emits a verification's id when it ends, in whatever way. */
  readonly ended = new EventEmitter().setMaxListeners(0);

  constructor(
    queue: JobQueue,
    attempt: Attempt,
    options: WorkerOptions,
    log: Log,
    metrics: Metrics,
  ) {
    this.#queue = queue;
    this.#attempt = attempt;
    this.#options = options;
    this.#log = log;
    this.#metrics = metrics;
  }

  start(): void {
    this.#loops = Array.from({ length: this.#options.loops }, () => this.#loop());
  }

  /** New work stands in the queue. */
  wake(): void {
    this.#wakeUps.emit('wake');
  }

  /** Takes no new work, gives the current work `graceMs` to end, then puts the rest back into the queue. */
  async stop(graceMs: number): Promise<void> {
    const done = Promise.all(this.#loops);
    this.#draining = true;
    this.wake();
    const grace = new AbortController();
    await Promise.race([done, sleep(graceMs, undefined, { signal: grace.signal })]);
    grace.abort();
    this.#stopping.abort();
    await done;
  }

  #draining = false;

  async #loop(): Promise<void> {
    while (!this.#draining) {
      const lease = await this.#queue.take(this.#holder).catch((error: unknown) => {
        this.#log.error({ event: 'queue.unavailable', ...errorFields(error) });
        return undefined;
      });
      if (lease) await this.#work(lease);
      else await this.#idle();
    }
  }

  #idle(): Promise<void> {
    if (this.#draining) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(done, IDLE_MS);
      const wakeUps = this.#wakeUps.once('wake', done);
      function done(): void {
        clearTimeout(timer);
        wakeUps.off('wake', done);
        resolve();
      }
    });
  }

  async #work(lease: Lease): Promise<void> {
    const renewal = setInterval(() => {
      this.#queue.renew(lease).catch((error: unknown) => {
        this.#log.warn({
          event: 'lease.not_renewed',
          id: lease.verificationId,
          ...errorFields(error),
        });
      });
    }, this.#options.leaseMs / 3);
    try {
      await this.#attemptWithin(lease);
      this.#metrics.attempts.inc({ result: 'done' });
    } catch (error) {
      await this.#settle(lease, error).catch((fault: unknown) => this.#noteUnsettled(lease, fault));
    } finally {
      clearInterval(renewal);
      this.ended.emit(lease.verificationId);
    }
  }

  /** A pipeline that ignores its signal must not hold the loop. */
  async #attemptWithin(lease: Lease): Promise<void> {
    const timeout = AbortSignal.timeout(this.#options.attemptTimeoutMs);
    const signal = AbortSignal.any([this.#stopping.signal, timeout]);
    let abandon = (): void => undefined;
    const aborted = new Promise<never>((_resolve, reject) => {
      abandon = () => reject(signal.reason as Error);
      signal.addEventListener('abort', abandon, { once: true });
    });
    try {
      await Promise.race([this.#attempt(lease, signal), aborted]);
    } finally {
      signal.removeEventListener('abort', abandon);
    }
  }

  async #settle(lease: Lease, error: unknown): Promise<void> {
    const id = lease.verificationId;
    if (error instanceof MediaRefusedError) {
      await this.#queue.refuse(lease, refusal(error));
      this.#metrics.attempts.inc({ result: 'refused' });
      this.#metrics.verifications.inc({ outcome: 'failed' });
      this.#log.info({ event: 'verification.refused', id, code: error.code });
      return;
    }
    if (error instanceof LeaseLostError) throw error;
    if (this.#stopping.signal.aborted) {
      await this.#queue.giveBack(lease);
      return;
    }
    const description = error instanceof Error ? error.message : String(error);
    const fields = { id, attempt: lease.attempt, ...errorFields(error) };
    if (lease.attempt >= this.#options.maxAttempts) {
      await this.#queue.bury(lease, EXHAUSTED, description);
      this.#metrics.attempts.inc({ result: 'dead' });
      this.#metrics.verifications.inc({ outcome: 'failed' });
      this.#log.error({ event: 'verification.dead', ...fields });
      return;
    }
    const delayMs = retryDelayMs(lease.attempt, this.#options.retryBaseMs);
    await this.#queue.retry(lease, delayMs, description);
    this.#metrics.attempts.inc({ result: 'retried' });
    this.#log.warn({ event: 'verification.retried', delayMs, ...fields });
  }

  /** The lease runs out by itself and the work is taken up again. */
  #noteUnsettled(lease: Lease, fault: unknown): void {
    this.#metrics.attempts.inc({ result: 'lost' });
    this.#log.warn({ event: 'lease.lost', id: lease.verificationId, ...errorFields(fault) });
  }
}

/** Exponential, capped, with half of it random so that retries of one outage spread out. */
export function retryDelayMs(attempt: number, baseMs: number, random = Math.random): number {
  const full = Math.min(RETRY_CAP_MS, baseMs * 2 ** (attempt - 1));
  return Math.round(full / 2 + (random() * full) / 2);
}

function refusal(error: MediaRefusedError): FailureProblem {
  return {
    code: error.code,
    detail: error.message,
    next: 'Sending the same bytes again will give the same answer. Judge the media by hand, or send it in a supported form.',
    isRetryable: false,
  };
}
