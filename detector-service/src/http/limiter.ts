/** Keeps one tenant from crowding out the others: a token bucket of requests, a bound on uploads at the same time, a daily quota. */
import type { RequestHandler, Response } from 'express';

import type { Database } from '../store/database.js';
import { SharedRates } from '../store/shared-rates.js';
import type { Tenants } from '../store/tenants.js';
import { callerOf } from './auth.js';
import { ProblemError } from './problems.js';
import { BURST_SECONDS, LocalBuckets, SharedBuckets, type RateBuckets } from './rate-buckets.js';

const MS_PER_DAY = 86_400_000;

/** The header fields are those of draft-ietf-httpapi-ratelimit-headers. */
export function limitRate(tenants: Tenants, database: Database): RequestHandler {
  const buckets: RateBuckets = database.isExclusive
    ? new LocalBuckets()
    : new SharedBuckets(new SharedRates(database));
  return async (request, response, next) => {
    const { tenantId } = callerOf(request);
    const { requestsPerSecond } = await tenants.limitsOf(tenantId);
    const { waitSeconds, remaining } = await buckets.take(tenantId, requestsPerSecond);
    response.set({
      'RateLimit-Policy': `"burst";q=${requestsPerSecond * BURST_SECONDS};w=${BURST_SECONDS}`,
      RateLimit: `"burst";r=${remaining};t=${waitSeconds}`,
    });
    if (waitSeconds > 0) {
      throw tooMany('limit.rate', 'Too many requests in a short time.', waitSeconds);
    }
    next();
  };
}

/** Each process counts its own: an upload is bound to the process that receives it. */
export function limitUploads(tenants: Tenants): RequestHandler {
  const uploads = new Map<string, number>();
  return async (request, response, next) => {
    const { tenantId } = callerOf(request);
    const { uploadsAtOnce } = await tenants.limitsOf(tenantId);
    const running = uploads.get(tenantId) ?? 0;
    if (running >= uploadsAtOnce) {
      throw tooMany('limit.uploads', `More than ${uploadsAtOnce} uploads at the same time.`, 1);
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

/** Refuses before the upload what the store would refuse after it; the store counts, and decides. */
export function limitQuota(tenants: Tenants): RequestHandler {
  return async (request, response, next) => {
    const { tenantId } = callerOf(request);
    const { dailyQuota } = await tenants.limitsOf(tenantId);
    if (dailyQuota === null) {
      next();
      return;
    }
    const left = Math.max(0, dailyQuota - (await tenants.acceptedToday(tenantId)));
    noteQuota(response, dailyQuota, left);
    if (left === 0) throw quotaExceeded();
    next();
  };
}

export function quotaExceeded(): ProblemError {
  return tooMany('limit.quota', 'The daily quota of this tenant is used up.', untilTomorrow());
}

function noteQuota(response: Response, quota: number, left: number): void {
  response.append('RateLimit-Policy', `"day";q=${quota};w=86400`);
  response.append('RateLimit', `"day";r=${left};t=${untilTomorrow()}`);
}

/** Seconds until the UTC day ends. */
function untilTomorrow(): number {
  return Math.ceil((MS_PER_DAY - (Date.now() % MS_PER_DAY)) / 1000);
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
