/**
 * `composite` and `composite/batch`: several requests in one. Each part is sent to this same API as a request of its
 * own, so each is a unit of work of its own; `allOrNone` over all parts is refused.
 */
import { Router, type Request } from 'express';
import type { Json } from '../org/contracts.js';
import { ApiError } from './api-error.js';
import type { RestContext } from './context.js';
import { requireObject } from './record-json.js';

const MAXIMUM_PARTS = 25;

interface PartAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Json;
}

/** Sends one part to this server with the caller's own credentials. */
async function send(
  origin: string,
  request: Request,
  method: string,
  url: string,
  body: unknown,
): Promise<PartAnswer> {
  const target = new URL(url, origin);
  if (target.origin !== origin || !target.pathname.startsWith('/services/')) {
    throw new ApiError(
      400,
      'INVALID_INPUT',
      `Expected a URL below /services/ but received ${url}.`,
    );
  }
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    'X-Local-Org': 'composite',
  };
  for (const name of ['authorization', 'cookie']) {
    const value = request.get(name);
    if (value) headers[name] = value;
  }
  const answer = await fetch(target, {
    method,
    headers,
    ...(body === undefined || method === 'GET' ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = (answer.headers.get('content-type') ?? '').includes('json');
  const location = answer.headers.get('location');
  return {
    status: answer.status,
    headers: location ? { Location: location } : {},
    body: text === '' ? null : isJson ? (JSON.parse(text) as Json) : text,
  };
}

/** Replaces `@{reference.path}` by values of earlier answers. */
export function resolveReferences(value: unknown, answers: ReadonlyMap<string, Json>): unknown {
  if (typeof value === 'string') {
    return value.replace(/@\{([^}]+)\}/g, (_, path: string) => {
      const [reference = '', ...steps] = path.replace(/\[(\d+)\]/g, '.$1').split('.');
      const start: unknown = answers.get(reference);
      const found = steps.reduce<unknown>(
        (current, step) => (current as Record<string, unknown> | null | undefined)?.[step],
        start,
      );
      if (found === undefined || found === null) {
        throw new ApiError(
          400,
          'PROCESSING_HALTED',
          `Invalid reference specified. No value for ${path} found.`,
        );
      }
      return typeof found === 'string' ? found : JSON.stringify(found);
    });
  }
  if (Array.isArray(value)) return value.map((entry) => resolveReferences(entry, answers));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, resolveReferences(entry, answers)]),
  );
}

function partsOf(body: unknown, name: string): Record<string, unknown>[] {
  const parts = requireObject(body, 'the request')[name];
  if (!Array.isArray(parts) || parts.length === 0 || parts.length > MAXIMUM_PARTS) {
    throw new ApiError(400, 'INVALID_INPUT', `Expected 1 to ${MAXIMUM_PARTS} entries in ${name}.`);
  }
  return parts.map((part) => requireObject(part, `an entry of ${name}`));
}

export function compositeRoutes(context: RestContext): Router {
  const router = Router();

  router.post('/composite', async (request, response) => {
    const body = requireObject(request.body, 'the request');
    if (body['allOrNone'] === true) {
      throw new ApiError(
        501,
        'NOT_IMPLEMENTED',
        'The local org runs the parts of a composite request one by one: use composite/sobjects for allOrNone.',
      );
    }
    const origin = context.baseUrl(request);
    const answers = new Map<string, Json>();
    const compositeResponse: Json[] = [];
    for (const part of partsOf(body, 'compositeRequest')) {
      const referenceId = textOr(part['referenceId'], '');
      const answer = await runPart(origin, request, part, answers);
      answers.set(referenceId, answer.body);
      compositeResponse.push({
        body: answer.body,
        httpHeaders: answer.headers,
        httpStatusCode: answer.status,
        referenceId,
      });
    }
    response.json({ compositeResponse });
  });

  router.post('/composite/batch', async (request, response) => {
    const body = requireObject(request.body, 'the request');
    const origin = context.baseUrl(request);
    const results: Json[] = [];
    let hasErrors = false;
    for (const part of partsOf(body, 'batchRequests')) {
      const url = textOr(part['url'], '').replace(/^\/?(?!services)/, '/services/data/');
      const answer = await send(
        origin,
        request,
        textOr(part['method'], 'GET'),
        url,
        part['richInput'],
      );
      hasErrors ||= answer.status >= 400;
      results.push({ statusCode: answer.status, result: answer.body });
      if (hasErrors && body['haltOnError'] === true) break;
    }
    response.json({ hasErrors, results });
  });
  return router;
}

const textOr = (value: unknown, fallback: string): string =>
  typeof value === 'string' ? value : fallback;

async function runPart(
  origin: string,
  request: Request,
  part: Record<string, unknown>,
  answers: ReadonlyMap<string, Json>,
): Promise<PartAnswer> {
  try {
    const url = String(resolveReferences(part['url'] ?? '', answers));
    const content = resolveReferences(part['body'], answers);
    return await send(origin, request, textOr(part['method'], 'GET'), url, content);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const [{ errorCode, message } = { errorCode: 'UNKNOWN_EXCEPTION', message: error.message }] =
      error.entries;
    return { status: error.status, headers: {}, body: [{ errorCode, message }] };
  }
}
