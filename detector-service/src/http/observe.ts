/** One log line and one measurement a request. */
import type { RequestHandler } from 'express';

import type { Log } from '../ops/log.js';
import type { Metrics } from '../ops/metrics.js';
import { routeNameOf } from './route-name.js';

export function observe(log: Log, metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const startedAt = process.hrtime.bigint();
    const route = routeNameOf(request.path);
    response.once('close', () => {
      const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
      const status = String(response.statusCode);
      metrics.requests.observe({ method: request.method, route, status }, seconds);
      log.debug({
        event: 'request.done',
        requestId: request.id,
        method: request.method,
        route,
        status: response.statusCode,
        ms: Math.round(seconds * 1000),
        keyId: request.caller?.keyId,
      });
    });
    next();
  };
}
