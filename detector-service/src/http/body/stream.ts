import { PassThrough, type Readable } from 'node:stream';
import type { Request } from 'express';

/**
 * The request's bytes as a stream of its own. When its reader fails half-way the request itself stays open, so that the answer can still
 * be sent; when the sender goes away the stream fails.
 */
export function bodyStream(request: Request): Readable {
  const bytes = new PassThrough();
  // It may have gone while its turn was waited for, and then nothing tells of it any more.
  if (request.destroyed) return bytes.destroy(new Error('The sender went away.'));
  request.once('error', (error) => bytes.destroy(error));
  request.once('close', () => {
    if (!request.complete) bytes.destroy(new Error('The sender went away.'));
  });
  bytes.once('close', () => request.unpipe(bytes));
  return request.pipe(bytes);
}
