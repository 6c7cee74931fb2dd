/** Every way a request can be refused, as RFC 9457 problem details: a stable code, what happened, and what to do next. */
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';

import { errorFields, type Log } from '../ops/log.js';
import { MediaRefusedError } from '../verdict/types.js';
import { waitsToBeAsked } from './body/continue.js';
import type { Problem } from './schemas/service.js';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  408: 'Request timed out',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Not processable',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Unavailable',
};

export interface ProblemOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly verificationId?: string;
}

/** A refusal with its HTTP status. `detail` and `next` are read by the caller: no internals. */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly next: string,
    readonly options: ProblemOptions = {},
  ) {
    super(detail);
    this.name = 'ProblemError';
  }
}

const MEDIA_STATUS: Readonly<Record<string, number>> = {
  'media.too_large': 413,
  'media.unsupported_type': 415,
  'media.empty': 400,
};

/** The problem of media that cannot be judged. */
export function mediaProblem(code: string, detail: string, verificationId?: string): ProblemError {
  return new ProblemError(
    MEDIA_STATUS[code] ?? 422,
    code,
    detail,
    'Do not send the same bytes again: judge the media by hand, or send it in a supported form and size.',
    { verificationId },
  );
}

export function notFound(): ProblemError {
  return new ProblemError(
    404,
    'resource.not_found',
    'Nothing stands at this address for this API key.',
    'Check the id; the list of addresses is at /openapi.json.',
  );
}

export function sendProblem(request: Request, response: Response, problem: ProblemError): void {
  const body: Problem = {
    type: `urn:mediaguard:problem:${problem.code}`,
    title: TITLES[problem.status] ?? 'Problem',
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    next: problem.next,
    requestId: request.id,
    ...(problem.options.verificationId && { verificationId: problem.options.verificationId }),
  };
  response
    .status(problem.status)
    .set({ ...problem.options.headers })
    .type('application/problem+json')
    .send(JSON.stringify(body));
}

/** Answers 405 with `Allow` on an address that exists but not for this method. */
export function methodNotAllowed(...allowed: readonly string[]): RequestHandler {
  return (request) => {
    throw new ProblemError(
      405,
      'request.method',
      `${request.method} is not possible here.`,
      `Use ${allowed.join(' or ')}.`,
      { headers: { Allow: allowed.join(', ') } },
    );
  };
}

export function problemHandler(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (request.destroyed && !request.complete) {
      log.info({ event: 'request.aborted', requestId: request.id });
      return;
    }
    const problem = toProblem(error);
    if (problem.status >= 500) {
      log.error({ event: 'request.failed', requestId: request.id, ...errorFields(error) });
    }
    if (response.headersSent) {
      next(error);
      return;
    }
    if (!request.complete) dropRest(request, response);
    sendProblem(request, response, problem);
  };
}

/**
 * Reads and drops what is left of the body, for a moment: closing at once would answer a sender in mid-body with a reset, on which it
 * gives up before it has read the answer (RFC 9112, section 9.6). "Connection: close" is not said then, because Node.js would close at
 * once. It is said to a sender that waits to be asked, since what it sends next may or may not be the body.
 */
function dropRest(request: Request, response: Response): void {
  const LINGER_MS = 2_000;
  if (waitsToBeAsked(request)) {
    response.set('Connection', 'close');
    return;
  }
  request.resume();
  response.once('finish', () => {
    const hangUp = setTimeout(() => request.destroy(), LINGER_MS).unref();
    request.once('close', () => clearTimeout(hangUp));
  });
}

function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof MediaRefusedError) return mediaProblem(error.code, error.message);
  const parsing = bodyParserProblem(error);
  if (parsing) return parsing;
  return new ProblemError(
    500,
    'internal',
    'The service failed to answer; nothing about the request was wrong.',
    'Send the request again later with the same Idempotency-Key; tell the operator the request id if it fails again.',
  );
}

/** Errors of Express and its body parser carry an HTTP status and a `type`. */
function bodyParserProblem(error: unknown): ProblemError | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  if (error.status === 413) {
    return new ProblemError(
      413,
      'media.too_large',
      'The JSON body is larger than inline media may be.',
      'Send larger media as the raw body, or by reference.',
    );
  }
  if (typeof error.status !== 'number' || error.status >= 500) return undefined;
  return new ProblemError(
    error.status,
    'request.malformed',
    'The request could not be read.',
    'Correct the request; the contract is at /openapi.json.',
  );
}
