/** Who calls: an API key in `Authorization: Bearer`, checked before any of the body is read. */
import type { Request, RequestHandler } from 'express';

import type { ApiKeys, Caller, Scope } from '../store/api-keys.js';
import { ProblemError } from './problems.js';

declare module 'express-serve-static-core' {
  interface Request {
    /** Set by {@link authenticate}. */
    caller?: Caller;
  }
}

export function authenticate(keys: ApiKeys): RequestHandler {
  return async (request, _response, next) => {
    const [, key] = /^Bearer +([^ ]+)$/i.exec(request.get('Authorization') ?? '') ?? [];
    const caller = key && (await keys.authenticate(key));
    if (!caller) {
      throw new ProblemError(
        401,
        'auth.required',
        key
          ? 'The API key is not known, or was revoked.'
          : 'Expected "Authorization: Bearer <API key>".',
        'Send a live API key; make one with: npx mediaguard keys create',
        { headers: { 'WWW-Authenticate': 'Bearer realm="mediaguard"' } },
      );
    }
    request.caller = caller;
    next();
  };
}

export function requireScope(scope: Scope): RequestHandler {
  return (request, _response, next) => {
    if (!callerOf(request).scopes.includes(scope)) {
      throw new ProblemError(
        403,
        'auth.scope',
        `The API key does not have the scope ${scope}.`,
        `Use a key with this scope; make one with: npx mediaguard keys create --scopes ${scope}`,
      );
    }
    next();
  };
}

/** The authenticated caller. */
export function callerOf(request: Request): Caller {
  if (!request.caller) throw new Error('A route without authentication asked who calls.');
  return request.caller;
}
