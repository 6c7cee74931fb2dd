import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ReadGuard } from '../../../src/intake/container/guarded-source.js';
import { openMediaFile } from '../../../src/intake/container/media-file.js';
import { createPipeline } from '../../../src/verdict/pipeline.js';

/** An element of Matroska: id in hex, a size of two bytes, content. */
function element(id: string, content: Buffer, size = content.length): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(0x4000 | size);
  return Buffer.concat([Buffer.from(id, 'hex'), length, content]);
}

const HEAD = element('1a45dfa3', element('4282', Buffer.from('webm')));
/** The id of no element of a segment. */
const JUNK = Buffer.alloc(60, 0x43);
const SEGMENT = '18538067';
const INFO = element('1549a966', element('4d80', Buffer.from('a writer')));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-guarded-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(...parts: readonly Buffer[]): Promise<{ path: string; sizeBytes: number }> {
  const path = join(folder, 'file.webm');
  await writeFile(path, Buffer.concat(parts));
  return { path, sizeBytes: (await stat(path)).size };
}

describe('a WebM file behind whose broken element nothing can be found', () => {
  const parts = [HEAD, element(SEGMENT, Buffer.concat([INFO, JUNK]))];

  it('is refused at once, with what was expected', async () => {
    const { path, sizeBytes } = await fileOf(...parts);
    const started = performance.now();
    await expect(openMediaFile(path, sizeBytes)).rejects.toMatchObject({
      code: 'media.unreadable',
      message: expect.stringMatching(
        /^Expected elements .* broken headers: .* from byte \d+ of \d+ on; send the file again/,
      ) as string,
    });
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('is refused by the pipeline without a child being killed', async () => {
    const replaced: string[] = [];
    const pipeline = await createPipeline({
      processes: 1,
      limits: { examineMs: 20_000 },
      onChildReplaced: (reason) => replaced.push(reason),
    });
    const { path, sizeBytes } = await fileOf(...parts);
    const media = { path, sizeBytes, sha256: 'a'.repeat(64), md5: 'b'.repeat(32) };
    try {
      await expect(pipeline.verify(media, {}, AbortSignal.timeout(60_000))).rejects.toMatchObject({
        code: 'media.unreadable',
      });
      expect(replaced).toEqual([]);
    } finally {
      await pipeline.close();
    }
  }, 90_000);
});

it.each([
  ['whole', [HEAD, element(SEGMENT, INFO)]],
  ['cut off in the middle of an element', [HEAD, element(SEGMENT, INFO.subarray(0, 9), 4_000)]],
  [
    'with an element of an unknown kind before the known ones',
    [HEAD, element(SEGMENT, Buffer.concat([JUNK, INFO]))],
  ],
])('a WebM file %s is read as far as it goes', async (_, parts) => {
  const { path, sizeBytes } = await fileOf(...parts);
  const file = await openMediaFile(path, sizeBytes);
  file?.close();
  expect(file?.facts.format).toBe('WebM');
});

describe('the guard of reads', () => {
  it('lets a parser read a place again, and every byte of a file by itself', () => {
    const guard = new ReadGuard(1_000);
    for (let i = 0; i < 900; i += 1) guard.count(0, 8);
    for (let i = 0; i < 1_000; i += 1) guard.count(i, i + 1);
  });

  it('ends one that reads the same place for ever, or more than there is', () => {
    const again = (count: number, place: (i: number) => number) => () => {
      const guard = new ReadGuard(1_000);
      for (let i = 0; i < count; i += 1) guard.count(place(i), place(i) + 8);
    };
    expect(again(1_002, () => 992)).toThrow('from byte 992 of 1000 on');
    expect(again(11_001, (i) => i % 7)).toThrow('broken headers');
  });
});
