/**
 * `composite` and `composite/batch`: several requests in one. Each part runs through this same API. Parts are units of
 * work of their own; with `allOrNone` they share one, which the first refusal takes back as a whole.
 */
import type { Router, Request, Response } from 'express';
import type { Json } from '../org/contracts.js';
import { ApiError } from './api-error.js';
import { asUser, type RestContext } from './context.js';
import { callInProcess, type InnerAnswer } from './in-process.js';
import { requireObject } from './record-json.js';
import { resolveReferences } from './references.js';

const MAXIMUM_PARTS = 25;

interface PartAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Json;
}

/** One entry of `compositeResponse`. */
interface NamedAnswer extends PartAnswer {
  readonly referenceId: string;
}

/** Ends the shared unit of work of an all-or-none request with what its parts answered. */
class RolledBack extends Error {
  constructor(readonly answers: readonly NamedAnswer[]) {
    super('A part of the composite request was refused');
  }
}

const refusal = (status: number, errorCode: string, message: string): PartAnswer => ({
  status,
  headers: {},
  body: [{ errorCode, message }],
});

/** Runs one part with the caller's own credentials. */
function runRequest(
  { handle }: RestContext,
  request: Request,
  method: string,
  url: string,
  body: unknown,
): PartAnswer {
  if (!/^\/services\/data\/v\d+\.\d\//.test(url)) {
    return refusal(
      400,
      'INVALID_INPUT',
      `Expected a URL below /services/data/ but received ${url}.`,
    );
  }
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json',
    host: request.get('host') ?? 'localhost',
    'x-local-org': 'composite',
  };
  for (const name of ['authorization', 'cookie']) {
    const value = request.get(name);
    if (value) headers[name] = value;
  }
  let answer: InnerAnswer | null = null;
  callInProcess(
    handle,
    { method, url, headers, body, remoteAddress: request.ip ?? '127.0.0.1' },
    (given) => {
      answer = given;
    },
  );
  return answer
    ? partAnswer(answer)
    : refusal(400, 'INVALID_INPUT', `${method} ${url} cannot be part of a composite request.`);
}

function partAnswer({ status, headers, body }: InnerAnswer): PartAnswer {
  const text = body.toString('utf8');
  const isJson = (headers['content-type'] ?? '').includes('json');
  return {
    status,
    headers: headers['location'] ? { Location: headers['location'] } : {},
    body: text === '' ? null : isJson ? (JSON.parse(text) as Json) : text,
  };
}

function partsOf(body: unknown, name: string): Record<string, unknown>[] {
  const parts = requireObject(body, 'the request')[name];
  if (!Array.isArray(parts) || parts.length === 0 || parts.length > MAXIMUM_PARTS) {
    throw new ApiError(400, 'INVALID_INPUT', `Expected 1 to ${MAXIMUM_PARTS} entries in ${name}.`);
  }
  return parts.map((part) => requireObject(part, `an entry of ${name}`));
}

/** The parts' own names: each needs one, so that later parts and the caller can speak of it. */
function referenceIds(parts: readonly Record<string, unknown>[]): string[] {
  const ids = parts.map(({ referenceId }) => textOr(referenceId, ''));
  const wrong = ids.find((id, index) => !/^\w+$/.test(id) || ids.indexOf(id) !== index);
  if (wrong === undefined) return ids;
  throw new ApiError(
    400,
    'INVALID_INPUT',
    `Expected a referenceId of letters, digits and _ for every part, each used once, but received "${wrong}".`,
  );
}

const textOr = (value: unknown, fallback: string): string =>
  typeof value === 'string' ? value : fallback;

function runPart(
  context: RestContext,
  request: Request,
  part: Record<string, unknown>,
  answers: ReadonlyMap<string, Json>,
): PartAnswer {
  try {
    const url = String(resolveReferences(part['url'] ?? '', answers));
    const content = resolveReferences(part['body'], answers);
    return runRequest(context, request, textOr(part['method'], 'GET'), url, content);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const [{ errorCode, message } = { errorCode: 'UNKNOWN_EXCEPTION', message: error.message }] =
      error.entries;
    return refusal(error.status, errorCode, message);
  }
}

/** A refused request, or a collection with a refused record. */
const isRefused = ({ status, body }: PartAnswer): boolean =>
  status >= 400 ||
  (Array.isArray(body) &&
    body.some((row) => (row as { success?: unknown } | null)?.success === false));

/** Runs the parts in order, the answers of earlier ones at hand; all-or-none ends with the first refusal. */
function runParts(
  context: RestContext,
  request: Request,
  parts: readonly Record<string, unknown>[],
  allOrNone: boolean,
): NamedAnswer[] {
  const ids = referenceIds(parts);
  const bodies = new Map<string, Json>();
  const answers: NamedAnswer[] = [];
  for (const [index, part] of parts.entries()) {
    const referenceId = ids[index] ?? '';
    const answer = runPart(context, request, part, bodies);
    bodies.set(referenceId, answer.body);
    answers.push({ ...answer, referenceId });
    if (allOrNone && isRefused(answer)) throw new RolledBack(halted(answers, ids));
  }
  return answers;
}

/** The refused part says why; of the others nothing stays. */
const halted = (answers: readonly NamedAnswer[], ids: readonly string[]): NamedAnswer[] =>
  ids.map((referenceId, index) => {
    const answer = answers[index];
    if (answer && index === answers.length - 1) return answer;
    const message =
      'The transaction was rolled back since another operation in the same transaction failed.';
    return { ...refusal(400, 'PROCESSING_HALTED', message), referenceId };
  });

function runTogether(
  context: RestContext,
  request: Request,
  response: Response,
  parts: readonly Record<string, unknown>[],
): readonly NamedAnswer[] {
  try {
    return asUser(context, request, response, (tx) => {
      context.shared.transaction = tx;
      try {
        return runParts(context, request, parts, true);
      } finally {
        context.shared.transaction = null;
      }
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.answers;
    throw error;
  }
}

export function addCompositeRoutes(router: Router, context: RestContext): void {
  router.post('/composite', (request, response) => {
    const body = requireObject(request.body, 'the request');
    const parts = partsOf(body, 'compositeRequest');
    const answers =
      body['allOrNone'] === true
        ? runTogether(context, request, response, parts)
        : runParts(context, request, parts, false);
    response.json({
      compositeResponse: answers.map(({ status, headers, ...rest }) => ({
        body: rest.body,
        httpHeaders: headers,
        httpStatusCode: status,
        referenceId: rest.referenceId,
      })),
    });
  });

  router.post('/composite/batch', (request, response) => {
    const body = requireObject(request.body, 'the request');
    const results: Json[] = [];
    let hasErrors = false;
    for (const part of partsOf(body, 'batchRequests')) {
      if (hasErrors && body['haltOnError'] === true) {
        const message = 'Batch processing halted per request';
        results.push({
          statusCode: 412,
          result: [{ errorCode: 'BATCH_PROCESSING_HALTED', message }],
        });
        continue;
      }
      const url = textOr(part['url'], '').replace(/^\/?(?!services)/, '/services/data/');
      const method = textOr(part['method'], 'GET');
      const answer = runRequest(context, request, method, url, part['richInput']);
      hasErrors ||= answer.status >= 400;
      results.push({ statusCode: answer.status, result: answer.body });
    }
    response.json({ hasErrors, results });
  });
}
