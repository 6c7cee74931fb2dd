/**
 * The bytes of a ContentVersion as one stream, however often the connection breaks. Salesforce does not document whether `VersionData`
 * answers to `Range`, so both answers are taken: a part goes on where the last one broke off, and a whole file is read again up to that
 * place and must be the same until there.
 */
import { createHash, type Hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { tooLarge } from '../intake/measure.js';
import { MediaRefusedError } from '../verdict/types.js';
import type { SalesforceOrg } from './orgs.js';
import type { AccessTokens } from './token.js';

/** The org answered in a way that may pass: the work is tried again later. The message is safe to log. */
export class SalesforcePullError extends Error {
  override readonly name = 'SalesforcePullError';
}

export interface VersionDataSource {
  readonly org: SalesforceOrg;
  readonly tokens: AccessTokens;
  readonly contentVersionId: string;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** Breaks in a row, each before {@link PROGRESS_BYTES} more came, after which it is given up. */
const MAX_BREAKS = 5;
const PROGRESS_BYTES = 1024 * 1024;
/** Before the next try; doubles with each break in a row. */
const PAUSE_MS = 50;
/** For an answer, and then for each piece of it. */
const IDLE_MS = 20_000;

/** @throws {SalesforcePullError | MediaRefusedError} */
export async function* versionData(source: VersionDataSource): AsyncGenerator<Buffer> {
  const done = createHash('sha256');
  let received = 0;
  let isComplete = false;
  let breaks = 0;
  let whole: Whole = { etag: null, size: undefined };
  while (!isComplete) {
    const before = received;
    try {
      const part = await openPart(source, received, whole, done);
      whole = part.whole;
      for await (const chunk of part.chunks) {
        done.update(chunk);
        received += chunk.length;
        yield chunk;
      }
      isComplete = whole.size === undefined || received === whole.size;
      if (!isComplete) throw new BrokenError();
    } catch (error) {
      if (!(error instanceof BrokenError) || source.signal.aborted) throw error;
      breaks = received - before >= PROGRESS_BYTES ? 1 : breaks + 1;
      if (breaks >= MAX_BREAKS) {
        throw new SalesforcePullError(
          `The connection to org ${source.org.orgId} broke ${breaks} times in a row, the last time after ${received} bytes.`,
          { cause: error.cause },
        );
      }
      await sleep(PAUSE_MS * 2 ** breaks, undefined, { signal: source.signal });
    }
  }
}

/** The connection broke, or stood still. */
class BrokenError extends Error {}

/** What the first answer said of the file, which later ones must agree with. */
interface Whole {
  /** A strong one, or null. */
  readonly etag: string | null;
  readonly size: number | undefined;
}

interface Part {
  readonly whole: Whole;
  readonly chunks: AsyncIterable<Buffer>;
}

async function openPart(
  source: VersionDataSource,
  from: number,
  known: Whole,
  done: Hash,
): Promise<Part> {
  const watch = new StallWatch();
  const range: Record<string, string> =
    from === 0 ? {} : { Range: `bytes=${from}-`, ...(known.etag && { 'If-Range': known.etag }) };
  const response = await watch
    .over(request(source, range, watch.signal))
    .catch((error: unknown) => {
      // Before the first byte nothing is lost by leaving the next try to the queue, which waits longer.
      throw from > 0 && error instanceof TypeError ? new BrokenError('', { cause: error }) : error;
    });
  const chunks = chunksOf(response, watch);
  if (from === 0) {
    const whole = { etag: strongTagOf(response), size: lengthOf(response) };
    if ((whole.size ?? 0) > source.maxBytes) {
      await response.body?.cancel();
      throw tooLarge(source.maxBytes);
    }
    return { whole, chunks };
  }
  if (response.status === 416) {
    await response.body?.cancel();
    if (response.headers.get('Content-Range') !== `bytes */${from}`) throw changed(source);
    return { whole: { ...known, size: from }, chunks: nothing() };
  }
  if (response.status !== 206)
    return { whole: known, chunks: skipSame(chunks, from, done, source) };
  const [, start, total = '*'] =
    /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('Content-Range') ?? '') ?? [];
  const size = total === '*' ? known.size : Number(total);
  if (Number(start) !== from || (known.size !== undefined && size !== known.size)) {
    await response.body?.cancel();
    throw changed(source);
  }
  return { whole: { ...known, size }, chunks };
}

/** Only the registered address is ever called: redirects are refused, the id was checked when it was accepted. */
async function request(
  { org, tokens, contentVersionId, signal }: VersionDataSource,
  range: Readonly<Record<string, string>>,
  stalled: AbortSignal,
): Promise<Response> {
  const path = `/services/data/v${org.apiVersion}/sobjects/ContentVersion/${contentVersionId}/VersionData`;
  const ask = async (): Promise<Response> => {
    const authorization = `Bearer ${await tokens.get(org)}`;
    return fetch(`${org.instanceUrl}${path}`, {
      // Compressed on the way, the bytes could be neither counted nor resumed.
      headers: { Authorization: authorization, 'Accept-Encoding': 'identity', ...range },
      redirect: 'error',
      signal: AbortSignal.any([signal, stalled]),
    });
  };
  let response = await ask();
  if (response.status === 401) {
    await response.body?.cancel();
    tokens.forget(org);
    response = await ask();
  }
  if (response.ok || (response.status === 416 && range['Range'])) return response;
  await response.body?.cancel();
  if (response.status === 404) {
    throw new MediaRefusedError(
      'source.not_found',
      'The ContentVersion does not exist in the org, or its integration user may not see it.',
    );
  }
  throw new SalesforcePullError(`Org ${org.orgId} answered HTTP ${response.status}.`);
}

/** Gives up on an org that is silent; a reader that is slow does not count. */
class StallWatch {
  readonly #controller = new AbortController();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  async over<Result>(wait: Promise<Result>): Promise<Result> {
    const timer = setTimeout(() => this.#controller.abort(), IDLE_MS);
    try {
      return await wait;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** @throws {BrokenError} when they break off, or stop coming. */
async function* chunksOf(response: Response, watch: StallWatch): AsyncGenerator<Buffer> {
  if (!response.body) return;
  const reader = response.body.getReader();
  try {
    for (;;) {
      const next = await watch.over(reader.read()).catch((error: unknown) => {
        throw new BrokenError('', { cause: error });
      });
      if (next.done) return;
      yield Buffer.from(next.value);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** The org sent the file from its start: what came before is read again and left out, and must be what it was. */
async function* skipSame(
  chunks: AsyncIterable<Buffer>,
  count: number,
  done: Hash,
  source: VersionDataSource,
): AsyncGenerator<Buffer> {
  const expected = done.copy().digest('hex');
  const again = createHash('sha256');
  let left = count;
  for await (const chunk of chunks) {
    const skipped = chunk.subarray(0, left);
    if (skipped.length > 0) {
      again.update(skipped);
      left -= skipped.length;
      if (left === 0 && again.digest('hex') !== expected) throw changed(source);
    }
    if (skipped.length < chunk.length) yield chunk.subarray(skipped.length);
  }
  if (left > 0) throw changed(source);
}

async function* nothing(): AsyncGenerator<Buffer> {
  // Everything has come already.
}

function changed({ org }: VersionDataSource): SalesforcePullError {
  return new SalesforcePullError(
    `Org ${org.orgId} went on with other bytes than it began with. The file is pulled again from its start.`,
  );
}

function strongTagOf(response: Response): string | null {
  const etag = response.headers.get('ETag');
  return etag?.startsWith('"') ? etag : null;
}

function lengthOf(response: Response): number | undefined {
  const text = response.headers.get('Content-Length');
  return text === null ? undefined : Number(text);
}
