/**
 * OpenTelemetry spans. Only the API is used: without an SDK, which the operator adds with `--import`, nothing is recorded. Like the
 * logs, spans name a verification by its id and hold no file name, byte, key or message of an error.
 */
import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type SpanOptions,
} from '@opentelemetry/api';

import { VERSION } from './version.js';

const tracer = trace.getTracer('mediaguard', VERSION);

/** Work as a span below the present one, or below `parent`. */
export function inSpan<Result>(
  name: string,
  work: (span: Span) => Promise<Result>,
  options: SpanOptions = {},
  parent: Context = context.active(),
): Promise<Result> {
  return tracer.startActiveSpan(name, options, parent, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setAttribute('error.type', error instanceof Error ? error.name : 'unknown');
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** A span that began before this process knew of it and ends now. */
export function recordSince(
  name: string,
  startTime: Date,
  options: SpanOptions,
  parent: Context,
): void {
  tracer.startSpan(name, { ...options, startTime }, parent).end();
}

/** Starts a span that its holder ends, below whatever the caller's headers name. */
export function startRemote(
  name: string,
  headers: Readonly<Record<string, unknown>>,
  options: SpanOptions,
): { readonly span: Span; readonly inside: Context } {
  const parent = propagation.extract(context.active(), headers);
  const span = tracer.startSpan(name, options, parent);
  return { span, inside: trace.setSpan(parent, span) };
}

/** The present span as a `traceparent` (W3C Trace Context), to go on from later; null when there is none. */
export function presentTrace(): string | null {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent ?? null;
}

export function contextOf(traceparent: string | null): Context {
  return traceparent === null ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent });
}
