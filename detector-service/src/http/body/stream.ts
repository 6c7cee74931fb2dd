import { Readable } from 'node:stream';
import type { Request } from 'express';

/** The request's bytes as a stream of its own: when it fails half-way, the connection stays open for the answer. */
export function bodyStream(request: Request): Readable {
  return Readable.from(request.iterator({ destroyOnReturn: false }), { objectMode: false });
}
