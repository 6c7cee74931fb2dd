/** The HTTP application: middleware in the order that keeps cheap refusals before expensive work. */
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';

import { UnknownOrgError } from '../salesforce/orgs.js';
import { VaultUnavailableError } from '../store/blobs/blob-store.js';
import { DatabaseUnavailableError } from '../store/database.js';
import { QueueFullError } from '../store/room.js';
import { IdempotencyConflictError, QuotaExceededError } from '../store/verifications.js';
import { authenticate } from './auth.js';
import { buildOpenApi } from './contract/openapi.js';
import { limitRate, quotaExceeded } from './limiter.js';
import { observe } from './observe.js';
import type { ServiceParts } from './parts.js';
import { notFound, problemHandler, ProblemError } from './problems.js';
import { requestId } from './request-id.js';
import { decisionRoutes, releaseTokenRoutes } from './routes/decisions.js';
import { knownMediaRoutes } from './routes/known-media.js';
import { accountRoutes, metricsRoutes, openRoutes } from './routes/service.js';
import { verificationRoutes } from './routes/verifications.js';
import { traceRequest } from './trace-request.js';

export function createApp(parts: ServiceParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(requestId, observe(parts.log, parts.metrics), traceRequest, helmet(), acceptsJson);
  app.use(openRoutes(parts, buildOpenApi()));
  app.use(
    authenticate(parts.apiKeys, parts.tokenIssuers),
    limitRate(parts.tenants, parts.database),
    refuseWhileDraining(parts),
  );
  if (parts.config.role !== 'worker') {
    app.use('/v1/verifications', verificationRoutes(parts), decisionRoutes(parts));
    app.use('/v1/release-tokens', releaseTokenRoutes(parts));
    app.use('/v1/known-media', knownMediaRoutes(parts));
    app.use(accountRoutes(parts));
  }
  app.use(metricsRoutes(parts));
  app.use(() => {
    throw notFound();
  });
  app.use(storeProblems, problemHandler(parts.log));
  return app;
}

/** Everything some route answers with: `accepts` compares whole types, so none of these may be a range. */
const ANSWER_TYPES = [
  'application/json',
  'application/problem+json',
  'image/jpeg',
  'image/png',
  'text/plain',
];

const acceptsJson: RequestHandler = (request, _response, next) => {
  if (!request.accepts(ANSWER_TYPES)) {
    throw new ProblemError(
      406,
      'request.accept',
      'The service answers in JSON, which the Accept header rules out.',
      'Send "Accept: application/json".',
    );
  }
  next();
};

function refuseWhileDraining(parts: ServiceParts): RequestHandler {
  return (request, _response, next) => {
    if (parts.isDraining() && request.method === 'POST') {
      throw unavailable('service.stopping', 'The service is stopping.', '5');
    }
    next();
  };
}

/** Turns what the store refuses into problems. */
const storeProblems: express.ErrorRequestHandler = (error: unknown, _request, _response, next) => {
  if (error instanceof IdempotencyConflictError) {
    next(
      new ProblemError(
        422,
        'idempotency.conflict',
        'This Idempotency-Key was used before, for other media.',
        'Use a new key for new bytes; use the same key only to send the same bytes again.',
      ),
    );
  } else if (error instanceof QuotaExceededError) {
    next(quotaExceeded());
  } else if (error instanceof QueueFullError) {
    next(unavailable('queue.full', 'More work is waiting than the service may hold.', '15'));
  } else if (error instanceof DatabaseUnavailableError) {
    next(unavailable('store.unavailable', 'The database of the service cannot be reached.', '5'));
  } else if (error instanceof VaultUnavailableError) {
    next(unavailable('store.unavailable', 'The vault of the service cannot be reached.', '5'));
  } else if (error instanceof UnknownOrgError) {
    next(
      new ProblemError(
        422,
        'source.unknown_org',
        error.message,
        'Have the operator register the org in the file of MEDIAGUARD_SALESFORCE_ORGS.',
      ),
    );
  } else {
    next(error);
  }
};

function unavailable(code: string, detail: string, retryAfter: string): ProblemError {
  return new ProblemError(
    503,
    code,
    detail,
    'Send the request again after the time in Retry-After, with the same Idempotency-Key.',
    { headers: { 'Retry-After': retryAfter } },
  );
}
