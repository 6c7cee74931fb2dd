/** Asks for the body of a sender that waits to be asked (`Expect: 100-continue`), once nothing in its headers speaks against it. */
import type { Request, RequestHandler } from 'express';

const asked = new WeakSet<Request>();

export const askForBody: RequestHandler = (request, response, next) => {
  if (waitsToBeAsked(request)) {
    response.writeContinue();
    asked.add(request);
  }
  next();
};

/** Whether the sender still holds its body back. */
export function waitsToBeAsked(request: Request): boolean {
  return request.get('Expect')?.toLowerCase() === '100-continue' && !asked.has(request);
}
