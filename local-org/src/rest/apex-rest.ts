/** `/services/apexrest`: the package's `@RestResource` classes. */
import express, { Router } from 'express';
import { ApiError } from './api-error.js';
import { asUser, type RestContext } from './context.js';

/** Salesforce's own limit for synchronous Apex REST. */
const MAXIMUM_BODY = '6mb';

export function apexRestRoutes(context: RestContext): Router {
  const { org } = context;
  const router = Router();
  router.use(express.raw({ type: () => true, limit: MAXIMUM_BODY }), (request, response) => {
    const prefix = org.project.namespace ? `/${org.project.namespace}` : '';
    const path = request.path.startsWith(`${prefix}/`)
      ? request.path.slice(prefix.length)
      : request.path;
    const answer = asUser(context, request, response, (tx) =>
      org.apex.callRest(tx, {
        method: request.method,
        path,
        parameters: strings(request.query),
        headers: strings(request.headers),
        body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
        remoteAddress: request.ip ?? '127.0.0.1',
      }),
    );
    if (!answer) {
      throw new ApiError(404, 'NOT_FOUND', `Could not find a match for URL ${request.path}`);
    }
    response.status(answer.status).set(answer.headers).send(answer.body);
  });
  return router;
}

const strings = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  );
