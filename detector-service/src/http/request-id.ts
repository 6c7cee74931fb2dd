/** Gives every request an id, taken from the caller's `X-Request-Id` when it is short and plain. */
import type { RequestHandler } from 'express';

import { newId } from '../store/ids.js';

declare module 'express-serve-static-core' {
  interface Request {
    /** Returned as `X-Request-Id`, in problems and in logs. */
    id: string;
  }
}

export const requestId: RequestHandler = (request, response, next) => {
  const given = request.get('X-Request-Id');
  request.id = given && /^[A-Za-z0-9._-]{1,64}$/.test(given) ? given : newId('req');
  response.set('X-Request-Id', request.id);
  next();
};
