/** Who calls: an API key or the token of a registered issuer in `Authorization: Bearer`, checked before any of the body is read. */
import type { Request, RequestHandler } from 'express';

import type { ApiKeys, Caller, Scope } from '../store/api-keys.js';
import type { TokenIssuers } from '../trust/token-issuers.js';
import { ProblemError } from './problems.js';

declare module 'express-serve-static-core' {
  interface Request {
    /** Set by {@link authenticate}. */
    caller?: Caller;
  }
}

/** Longer than any key or token; a longer one is not even looked at. */
const MAX_CREDENTIAL_CHARACTERS = 8_192;

export function authenticate(keys: ApiKeys, issuers: TokenIssuers): RequestHandler {
  return async (request, _response, next) => {
    const [, key] = /^Bearer +([^ ]+)$/i.exec(request.get('Authorization') ?? '') ?? [];
    const caller =
      key && key.length <= MAX_CREDENTIAL_CHARACTERS
        ? await (key.includes('.') ? issuers.authenticate(key) : keys.authenticate(key))
        : undefined;
    if (!caller) {
      throw new ProblemError(
        401,
        'auth.required',
        key
          ? 'The API key or token is not known, has expired, or was revoked.'
          : 'Expected "Authorization: Bearer <API key or token>".',
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
        `The API key or token does not have the scope ${scope}.`,
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
