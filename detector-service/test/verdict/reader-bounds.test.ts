import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ChildPool } from '../../src/inference/child-pool.js';
import type { ExamineRequest } from '../../src/verdict/examine.js';

const never = new AbortController().signal;

describe('a credential reader that misbehaves', () => {
  let folder: string;
  let pool: ChildPool;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mediaguard-bounds-'));
    pool = new ChildPool({
      entry: new URL('./fixtures/examiner-with-bad-reader.ts', import.meta.url),
      size: 1,
      deadlineMs: 3000,
      setup: {},
    });
  });
  afterAll(async () => {
    await pool.close();
    await rm(folder, { recursive: true });
  });

  const request = async (text: string): Promise<ExamineRequest> => {
    const path = join(folder, 'letter.txt');
    await writeFile(path, text);
    return { path, sizeBytes: text.length, declaredType: undefined, fileName: 'letter.txt' };
  };

  it.each([
    ['hangs', 'Dear Sir, hang the reader.', 'deadline'],
    ['crashes', 'Dear Sir, crash the reader.', 'crash'],
  ])('costs one child where it %s, and the next file is examined', async (_how, text, kind) => {
    await expect(pool.run(await request(text), never)).rejects.toMatchObject({ kind });
    expect(await pool.run(await request('Dear Sir, all is well.'), never)).toMatchObject({
      media: { mediaType: 'text/plain' },
    });
  });
});
