/**
 * A request that never touches the network: it runs through the same routes, rights and error forms as any other, and
 * is answered before the call returns wherever its handler does not wait for something.
 */
import { IncomingMessage, ServerResponse, type RequestListener } from 'node:http';
import { Socket } from 'node:net';

export interface InnerRequest {
  readonly method: string;
  /** Path with its query. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** As the body parser of the route would have left it; undefined for none. */
  readonly body: unknown;
  readonly remoteAddress: string;
}

export interface InnerAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Headers that describe the body as it came; the body is given parsed, so that no parser waits for a stream. */
const OF_THE_BODY = new Set(['content-length', 'transfer-encoding', 'content-encoding']);

/** @param done hears the answer: at once, or later from a handler that waits */
export function callInProcess(
  listener: RequestListener,
  { method, url, headers, body, remoteAddress }: InnerRequest,
  done: (answer: InnerAnswer) => void,
): void {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress });
  const request = new IncomingMessage(socket);
  request.method = method;
  request.url = url;
  for (const [name, value] of Object.entries(headers)) {
    if (!OF_THE_BODY.has(name)) request.headers[name] = value;
  }
  request.push(null);
  if (body !== undefined) Object.assign(request, { body });
  listener(request, capture(request, done));
}

/** A response whose bytes are kept instead of sent. */
function capture(
  request: IncomingMessage,
  done: (answer: InnerAnswer) => void,
): ServerResponse<IncomingMessage> & { req: IncomingMessage } {
  const response = new ServerResponse(request);
  const chunks: Buffer[] = [];
  const keep = (chunk: unknown, encoding: unknown): void => {
    if (typeof chunk === 'string') {
      chunks.push(
        Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8'),
      );
    } else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  let isDone = false;
  Object.assign(response, {
    write(chunk: unknown, encoding?: unknown): boolean {
      keep(chunk, encoding);
      return true;
    },
    end(chunk?: unknown, encoding?: unknown): ServerResponse {
      if (isDone) return response;
      isDone = true;
      keep(chunk, encoding);
      if (!response.headersSent) response.writeHead(response.statusCode);
      const headers = Object.entries(response.getHeaders()).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : String(value),
      ]);
      response.emit('finish');
      done({
        status: response.statusCode,
        headers: Object.fromEntries(headers) as Record<string, string>,
        body: Buffer.concat(chunks),
      });
      return response;
    },
  });
  return response;
}
