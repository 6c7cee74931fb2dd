/** What the service says of itself: usage, models, public keys, health, metrics and its contract. */
import { Router } from 'express';

import { readMonth, readStageCosts } from '../../cost/month.js';
import { readUsage } from '../../cost/usage.js';
import { JOB_STATES } from '../../jobs/queue.js';
import { VERSION } from '../../ops/version.js';
import { callerOf, requireScope } from '../auth.js';
import type { ServiceParts } from '../parts.js';
import { methodNotAllowed, ProblemError } from '../problems.js';
import { createReadinessCheck } from '../readiness.js';
import {
  usageQuerySchema,
  type HealthResource,
  type ModelsResource,
  type UsageResource,
} from '../schemas/service.js';
import { parseInput } from '../validation.js';

const DAYS = 30;
const MS_PER_DAY = 86_400_000;

/** Open to anyone: what a verifier or a load balancer needs. */
export function openRoutes(parts: ServiceParts, openApi: unknown): Router {
  const checkReadiness = createReadinessCheck(parts);
  const router = Router();
  router
    .route('/healthz')
    .get((_request, response) => {
      const answer: HealthResource = { status: 'ok', version: VERSION };
      response.json(answer);
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/readyz')
    .get(async (_request, response) => {
      const readiness = await checkReadiness();
      response.status(readiness.isReady ? 200 : 503).json(readiness);
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/.well-known/jwks.json')
    .get(async (_request, response) => {
      response.set('Cache-Control', 'public, max-age=300').json(await parts.keys.jwks());
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/openapi.json')
    .get((_request, response) => {
      response.json(openApi);
    })
    .all(methodNotAllowed('GET'));
  return router;
}

/** Need an API key. */
export function accountRoutes(parts: ServiceParts): Router {
  const router = Router();
  router
    .route('/v1/usage')
    .get(requireScope('usage:read'), async (request, response) => {
      const query = parseInput(usageQuerySchema, request.query, 'query');
      const today = Date.now();
      const to = query.to ?? dayOf(today);
      const from = query.from ?? dayOf(today - (DAYS - 1) * MS_PER_DAY);
      if (!isDay(from) || !isDay(to) || from > to) {
        throw new ProblemError(
          422,
          'request.invalid',
          'Expected from and to to be calendar days, from not after to.',
          'Send days as YYYY-MM-DD.',
        );
      }
      const { tenantId } = callerOf(request);
      const { monthlyBudgetMicros } = await parts.tenants.limitsOf(tenantId);
      const answer: UsageResource = {
        from,
        to,
        currency: 'USD',
        days: [...(await readUsage(parts.database, tenantId, from, to))],
        stages: [...(await readStageCosts(parts.database, tenantId, from, to))],
        month: {
          ...(await readMonth(parts.database, tenantId)),
          budgetMicros: monthlyBudgetMicros,
        },
      };
      response.json(answer);
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/v1/models')
    .get(requireScope('verifications:read'), (_request, response) => {
      const answer: ModelsResource = {
        models: parts.lineups
          .describe()
          .map(({ id, version, sha256, state, card }) => ({ id, version, sha256, state, card })),
      };
      response.json(answer);
    })
    .all(methodNotAllowed('GET'));
  return router;
}

/** Every process of the service has its own. */
export function metricsRoutes(parts: ServiceParts): Router {
  const router = Router();
  router
    .route('/metrics')
    .get(requireScope('metrics:read'), async (_request, response) => {
      const depth = await parts.queue.depth();
      for (const state of JOB_STATES) {
        parts.metrics.queueDepth.set({ state }, depth[state]);
      }
      const { waiting, dead } = await parts.deliveries.depth();
      parts.metrics.deliveryDepth.set({ state: 'waiting' }, waiting);
      parts.metrics.deliveryDepth.set({ state: 'dead' }, dead);
      const { registry } = parts.metrics;
      response.set('Content-Type', registry.contentType).send(await registry.metrics());
    })
    .all(methodNotAllowed('GET'));
  return router;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && dayOf(time) === text;
}
