/** Whatever comes as a form: its media whole, or a refusal with a code that leaves nothing in the vault. */
import { randomBytes } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { mkdtemp } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Request } from 'express';
import fc from 'fast-check';

import { receiveMultipart } from '../../src/http/body/multipart.js';
import type { Received } from '../../src/http/body/received.js';
import { ProblemError } from '../../src/http/problems.js';
import { openBlobs } from '../../src/store/blobs/open-blobs.js';
import { MasterKey } from '../../src/store/master-key.js';
import { Vault } from '../../src/store/vault.js';
import { MediaRefusedError } from '../../src/verdict/types.js';
import { removeFolder } from '../support/service-data.js';

const MAX_BYTES = 2_000;
const BOUNDARY = 'x-boundary';
const FORM = `multipart/form-data; boundary=${BOUNDARY}`;
let folder: string;
let vault: Vault;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-form-'));
  const blobs = await openBlobs({ dataFolder: folder });
  vault = await Vault.open(folder, blobs, new MasterKey(randomBytes(32)));
});
afterAll(() => removeFolder(folder));

/** A request whose body came in these pieces and ended there. */
function requestOf(pieces: readonly Uint8Array[], contentType = FORM): Request {
  const request = new IncomingMessage(new Socket());
  request.headers = { 'content-type': contentType };
  for (const piece of pieces) request.push(Buffer.from(piece));
  request.push(null);
  request.complete = true;
  return request as Request;
}

async function receiveOr(request: Request): Promise<Received | string> {
  try {
    return await receiveMultipart(request, vault, MAX_BYTES);
  } catch (error) {
    if (error instanceof MediaRefusedError) return error.code;
    if (error instanceof ProblemError && error.status >= 400 && error.status < 500) {
      return error.code;
    }
    throw error;
  }
}

/** Empties the vault; resolves with how many files were in it. */
async function clearVault(): Promise<number> {
  const later = new Date(Date.now() + 1_000);
  let files = await vault.removeUnfinished(later);
  for await (const id of vault.olderThan(later)) {
    await vault.remove(id);
    files += 1;
  }
  return files;
}

function part(name: string, content: Uint8Array, fileName?: string): Buffer {
  const file = fileName === undefined ? '' : `; filename="${fileName}"\r\nContent-Type: image/png`;
  return Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`),
    content,
    Buffer.from('\r\n'),
  ]);
}
const END = Buffer.from(`--${BOUNDARY}--\r\n`);

function cut(body: Buffer, at: readonly number[]): Buffer[] {
  const places = [...new Set(at.map((place) => place % (body.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, index) => body.subarray(from, places[index] ?? body.length));
}

it('gives the media of a sound form back, however it is cut into pieces', async () => {
  const media = fc.uint8Array({ minLength: 1, maxLength: MAX_BYTES });
  const places = fc.array(fc.nat(3_000), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(media, places, fc.boolean(), async (bytes, at, isFileFirst) => {
      const file = part('file', bytes, 'a.png');
      const context = part('context', Buffer.from('{"externalId":"one"}'));
      const parts = isFileFirst ? [file, context] : [context, file];
      const received = await receiveOr(requestOf(cut(Buffer.concat([...parts, END]), at)));
      if (typeof received === 'string') throw new Error(`Refused: ${received}`);

      expect(received.context).toMatchObject({ externalId: 'one', fileName: 'a.png' });
      const stored = await vault.read(received.media?.blobId ?? '');
      expect(Buffer.compare(stored, bytes)).toBe(0);
      expect(await clearVault()).toBe(1);
    }),
    { numRuns: 60 },
  );
});

it('refuses any other form with a code, and keeps nothing of it', async () => {
  const content = fc.oneof(
    fc.uint8Array({ maxLength: MAX_BYTES + 500 }),
    fc.json().map((text) => Buffer.from(text)),
  );
  const name = fc.constantFrom('file', 'context', 'other', '', '"', '__proto__');
  const fileName = fc.option(fc.constantFrom('a.png', '', '../../a', '\u0000'), { nil: undefined });
  const piece = fc.oneof(
    fc.tuple(name, content, fileName).map((values) => part(...values)),
    fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom(END, Buffer.from(`--${BOUNDARY}\r\n`), Buffer.from('\r\n\r\n')),
  );
  const contentType = fc.constantFrom(FORM, 'multipart/form-data', `${FORM}-other`, 'multipart/x');
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), contentType, async (pieces, type) => {
      const received = await receiveOr(requestOf(pieces, type));
      const isRefused = typeof received === 'string';
      if (isRefused) expect(received).toMatch(/^(?:request\.(?:form|context)|media\.\w+)$/);

      expect(await clearVault()).toBe(isRefused ? 0 : 1);
    }),
    { numRuns: 150 },
  );
});
