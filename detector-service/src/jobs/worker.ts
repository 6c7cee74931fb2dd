/** Works the queue off: a few loops, each taking one job at a time and seeing it to its end. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SpanKind } from '@opentelemetry/api';

import { errorFields, type Log } from '../ops/log.js';
import type { Metrics } from '../ops/metrics.js';
import { contextOf, inSpan, recordSince } from '../ops/tracing.js';
import type { FailureProblem } from '../store/records.js';
import type { Signals } from '../store/signals.js';
import { MediaRefusedError } from '../verdict/types.js';
import type { JobQueue, Lanes, Lease } from './queue.js';
import { LeaseLostError } from './queue.js';

/** Does one attempt and commits its result; rejects with MediaRefusedError for media that cannot be judged. */
export type Attempt = (lease: Lease, signal: AbortSignal) => Promise<void>;

export interface WorkerOptions {
  /** Loops that take jobs of both lanes. */
  readonly loops: number;
  /** Loops besides these that only take interactive jobs, so that one is free whatever the others have begun with. */
  readonly interactiveLoops: number;
  readonly maxAttempts: number;
  readonly retryBaseMs: number;
  readonly leaseMs: number;
  readonly attemptTimeoutMs: number;
}

/** Work is told of by a signal; what the signal missed, and what became due, is found by looking this often. */
const IDLE_MS = 500;
/** One job in so many comes from the bulk lane first, so that it moves on however much is asked for interactively. */
const BULK_EVERY = 8;
/** A job whose attempts ended with their process so many times as often as it may fail: that must be the job's doing. */
const LOST_FACTOR = 3;
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
  readonly #signals: Signals;
  #loops: Promise<void>[] = [];
  #asked = 0;
  #timers: readonly NodeJS.Timeout[] = [];

  constructor(
    queue: JobQueue,
    signals: Signals,
    attempt: Attempt,
    options: WorkerOptions,
    log: Log,
    metrics: Metrics,
  ) {
    this.#queue = queue;
    this.#signals = signals;
    this.#attempt = attempt;
    this.#options = options;
    this.#log = log;
    this.#metrics = metrics;
  }

  start(): void {
    const { loops, interactiveLoops, leaseMs } = this.#options;
    if (loops === 0) return;
    this.#loops = [
      ...Array.from({ length: loops }, () => this.#loop(() => this.#lanesInTurn())),
      ...Array.from({ length: interactiveLoops }, () => this.#loop(() => ['interactive'])),
    ];
    this.#timers = [
      this.#every(IDLE_MS, async () => {
        if ((await this.#queue.wakeDue()) > 0) this.#signals.wakeUp();
      }),
      this.#every(leaseMs / 10, async () => {
        if ((await this.#queue.releaseHeld()) > 0) this.#signals.wakeUp();
      }),
    ];
  }

  #every(ms: number, look: () => Promise<void>): NodeJS.Timeout {
    const note = (error: unknown): void => this.#noteUnavailable(error);
    return setInterval(() => void look().catch(note), ms).unref();
  }

  /** Takes no new work, gives the current work `graceMs` to end, then puts the rest back into the queue. */
  async stop(graceMs: number): Promise<void> {
    const done = Promise.all(this.#loops);
    this.#draining = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#signals.wakeUp();
    const grace = new AbortController();
    await Promise.race([done, sleep(graceMs, undefined, { signal: grace.signal })]);
    grace.abort();
    this.#stopping.abort();
    await done;
  }

  #draining = false;

  async #loop(lanes: () => Lanes): Promise<void> {
    while (!this.#draining) {
      const lease = await this.#queue.take(this.#holder, lanes()).catch((error: unknown) => {
        this.#noteUnavailable(error);
        return undefined;
      });
      if (lease) await this.#work(lease);
      else await this.#idle();
    }
  }

  #lanesInTurn(): Lanes {
    this.#asked += 1;
    return this.#asked % BULK_EVERY === 0 ? ['bulk', 'interactive'] : ['interactive', 'bulk'];
  }

  #idle(): Promise<void> {
    if (this.#draining) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        forget();
        resolve();
      };
      const timer = setTimeout(done, IDLE_MS);
      const forget = this.#signals.onceWork(done);
    });
  }

  #noteUnavailable(error: unknown): void {
    this.#log.error({ event: 'queue.unavailable', ...errorFields(error) });
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
      this.#refuseKiller(lease);
      await this.#traced(lease);
      this.#metrics.attempts.inc({ result: 'done' });
    } catch (error) {
      await this.#settle(lease, error).catch((fault: unknown) => this.#noteUnsettled(lease, fault));
    } finally {
      clearInterval(renewal);
    }
  }

  /** In the trace of the request that brought the work. */
  #traced(lease: Lease): Promise<void> {
    const parent = contextOf(lease.trace);
    const attributes = {
      'mediaguard.verification_id': lease.verificationId,
      'mediaguard.attempt': lease.attempt,
    };
    recordSince('mediaguard.queue.wait', lease.readyAt, { attributes }, parent);
    return inSpan(
      'mediaguard.verification',
      () => this.#attemptWithin(lease),
      { attributes, kind: SpanKind.CONSUMER },
      parent,
    );
  }

  #isKiller({ attempt, failures }: Lease): boolean {
    return attempt - 1 - failures >= this.#options.maxAttempts * LOST_FACTOR;
  }

  #refuseKiller(lease: Lease): void {
    if (this.#isKiller(lease)) {
      throw new Error(
        `The process ended during ${lease.attempt - 1 - lease.failures} of ${lease.attempt - 1} attempts.`,
      );
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
    const failures = lease.failures + 1;
    if (failures >= this.#options.maxAttempts || this.#isKiller(lease)) {
      await this.#queue.bury(lease, EXHAUSTED, description);
      this.#metrics.attempts.inc({ result: 'dead' });
      this.#metrics.verifications.inc({ outcome: 'failed' });
      this.#log.error({ event: 'verification.dead', ...fields });
      return;
    }
    const delayMs = retryDelayMs(failures, this.#options.retryBaseMs);
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

/** After so many failures: exponential, capped, with half of it random so that retries of one outage spread out. */
export function retryDelayMs(failures: number, baseMs: number, random = Math.random): number {
  const full = Math.min(RETRY_CAP_MS, baseMs * 2 ** (failures - 1));
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
