/** One log line and one measurement a request. */
import type { RequestHandler } from 'express';

import type { Log } from '../ops/log.js';
import type { Metrics } from '../ops/metrics.js';

export function observe(log: Log, metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const startedAt = process.hrtime.bigint();
    response.once('close', () => {
      const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
      const route = routeOf(request.baseUrl, request.route);
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

/** The pattern of the address, never the address: ids stay out and the number of labels stays small. */
export function routeOf(baseUrl: string, route: unknown): string {
  if (typeof route !== 'object' || route === null || !('path' in route)) return 'none';
  return `${baseUrl}${String(route.path)}`;
}
