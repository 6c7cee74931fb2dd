/** Asks for the body of a sender that waits to be asked (`Expect: 100-continue`), once nothing in its headers speaks against it. */
import type { RequestHandler } from 'express';

export const askForBody: RequestHandler = (request, response, next) => {
  if (request.get('Expect')?.toLowerCase() === '100-continue') response.writeContinue();
  next();
};
