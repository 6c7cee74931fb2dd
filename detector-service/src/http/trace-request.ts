/** A span for each request, in the trace of the caller when it names one. */
import { context, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { RequestHandler } from 'express';

import { startRemote } from '../ops/tracing.js';
import { routeNameOf } from './route-name.js';

export const traceRequest: RequestHandler = (request, response, next) => {
  const { method } = request;
  const route = routeNameOf(request.path);
  const { span, inside } = startRemote(method, request.headers, {
    kind: SpanKind.SERVER,
    attributes: { 'http.request.method': method, 'mediaguard.request_id': request.id },
  });
  response.once('close', () => {
    span.updateName(`${method} ${route}`);
    span.setAttributes({
      'http.route': route,
      'http.response.status_code': response.statusCode,
    });
    if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  });
  context.with(inside, next);
};
