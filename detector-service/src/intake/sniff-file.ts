import { open } from 'node:fs/promises';

import { SNIFF_WINDOW, sniff, type SniffedType } from './sniff.js';

/** The type of a file on local disk, from its first and last bytes. */
export async function sniffFile(path: string, sizeBytes: number): Promise<SniffedType> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(Math.min(sizeBytes, SNIFF_WINDOW));
    await file.read(head, 0, head.length, 0);
    const tail = Buffer.alloc(Math.min(sizeBytes - head.length, SNIFF_WINDOW));
    await file.read(tail, 0, tail.length, sizeBytes - tail.length);
    return await sniff(head, tail);
  } finally {
    await file.close();
  }
}
