import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { MEDIA_LIMITS, mediaLimits } from '../../src/intake/limits.js';
import { receiveMedia } from '../../src/intake/receive.js';

describe('receiveMedia', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mediaguard-receive-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('writes what it hashes', async () => {
    const chunks = ['one', 'two', 'three'].map((part) => Buffer.from(part));
    const held = await receiveMedia(Readable.from(chunks), folder);
    const bytes = await readFile(held.path);
    expect(bytes.toString()).toBe('onetwothree');
    expect(held).toMatchObject({
      sizeBytes: 11,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      md5: createHash('md5').update(bytes).digest('hex'),
    });
  });

  it.each<[string, Readable, string]>([
    ['too many bytes', Readable.from([Buffer.alloc(6), Buffer.alloc(6)]), 'media.too_large'],
    ['no bytes', Readable.from([]), 'media.empty'],
  ])('refuses %s and leaves nothing behind', async (_name, source, code) => {
    await expect(receiveMedia(source, folder, { limits: { maxBytes: 10 } })).rejects.toMatchObject({
      code,
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves nothing behind when aborted', async () => {
    const abort = new AbortController();
    const endless = new Readable({
      read() {
        this.push(Buffer.alloc(1024));
        abort.abort();
      },
    });
    await expect(receiveMedia(endless, folder, { signal: abort.signal })).rejects.toThrow();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('mediaLimits', () => {
  it('are frozen and refuse nonsense', () => {
    expect(Object.isFrozen(MEDIA_LIMITS)).toBe(true);
    expect(Object.isFrozen(mediaLimits({ maxBytes: 5 }))).toBe(true);
    expect(() => mediaLimits({ maxPixels: -1 })).toThrow(
      /maxPixels to be a whole number above 0 but received -1/,
    );
  });
});
