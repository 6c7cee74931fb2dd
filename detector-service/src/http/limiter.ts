/** Keeps one tenant from crowding out the others: a token bucket of requests and a bound on uploads at the same time. */
import type { RequestHandler } from 'express';

import { callerOf } from './auth.js';
import { ProblemError } from './problems.js';

/** A burst may be this many seconds' worth of requests. */
const BURST_SECONDS = 10;
const MAX_IDLE_TENANTS = 10_000;

export class TokenBuckets {
  readonly #rate: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, { tokens: number; filledAt: number }>();

  constructor(ratePerSecond: number, now: () => number = Date.now) {
    this.#rate = ratePerSecond;
    this.#now = now;
  }

  /** Takes a token; returns 0, or the seconds after which there will be one. */
  take(name: string): number {
    const now = this.#now();
    const capacity = this.#rate * BURST_SECONDS;
    const bucket = this.#buckets.get(name) ?? { tokens: capacity, filledAt: now };
    const filled = bucket.tokens + ((now - bucket.filledAt) / 1000) * this.#rate;
    const tokens = Math.min(capacity, filled);
    if (this.#buckets.size >= MAX_IDLE_TENANTS) this.#buckets.clear();
    this.#buckets.set(name, { tokens: tokens >= 1 ? tokens - 1 : tokens, filledAt: now });
    return tokens >= 1 ? 0 : Math.ceil((1 - tokens) / this.#rate);
  }
}

export function limitRate(ratePerSecond: number): RequestHandler {
  const buckets = new TokenBuckets(ratePerSecond);
  return (request, _response, next) => {
    const waitSeconds = buckets.take(callerOf(request).tenantId);
    if (waitSeconds > 0)
      throw tooMany('limit.rate', 'Too many requests in a short time.', waitSeconds);
    next();
  };
}

export function limitUploads(maximum: number): RequestHandler {
  const uploads = new Map<string, number>();
  return (request, response, next) => {
    const { tenantId } = callerOf(request);
    const running = uploads.get(tenantId) ?? 0;
    if (running >= maximum) {
      throw tooMany('limit.uploads', `More than ${maximum} uploads at the same time.`, 1);
    }
    uploads.set(tenantId, running + 1);
    response.once('close', () => {
      const left = (uploads.get(tenantId) ?? 1) - 1;
      if (left > 0) uploads.set(tenantId, left);
      else uploads.delete(tenantId);
    });
    next();
  };
}

function tooMany(code: string, detail: string, waitSeconds: number): ProblemError {
  return new ProblemError(
    429,
    code,
    detail,
    'Send the request again after the time in Retry-After, with the same Idempotency-Key.',
    { headers: { 'Retry-After': String(waitSeconds) } },
  );
}
