import { open, type FileHandle } from 'node:fs/promises';

import { CustomSource, FilePathSource, type Source } from 'mediabunny';

import { MediaRefusedError } from '../../verdict/types.js';

/** Reads of one and the same place in a row after which the parser is not getting on. Whole files of every kind stay below 50. */
const MOST_REPEATS = 1_000;
/** Reads of a whole file: each advances by a byte at least. */
const FREE_READS = 10_000;
/** Parsers read a few bytes at a time. */
const BLOCK_BYTES = 65_536;

/** The bytes with which Matroska and WebM begin. */
const EBML = Buffer.from('1a45dfa3', 'hex');

/**
 * A file as mediabunny reads it. The parser of Matroska and WebM seeks the next element behind a broken one and, eight bytes before the end of what it
 * searches, asks for the same bytes for ever, without a pause in which a timer could end it. Its reads therefore all come through here, past the
 * library's cache, and are stopped where they repeat. Other formats keep the cache, which makes long sound two to three times as fast.
 */
export async function guardedSource(path: string, sizeBytes: number): Promise<Source> {
  const handleUnhandledError = (): undefined => undefined;
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(EBML.length), 0, EBML.length, 0);
    if (!buffer.equals(EBML)) {
      await file.close();
      return new FilePathSource(path, { handleUnhandledError });
    }
  } catch (error) {
    await file.close();
    throw error;
  }
  const guard = new ReadGuard(sizeBytes);
  const blocks = new Blocks(file, sizeBytes);
  return new CustomSource({
    getSize: () => sizeBytes,
    read(start, end) {
      guard.count(start, end);
      return blocks.read(start, end);
    },
    dispose: () => void file.close(),
    maxCacheSize: 0,
    prefetchProfile: 'none',
    handleUnhandledError,
  });
}

/** Counts reads and ends a parser that is not getting on. */
export class ReadGuard {
  readonly #sizeBytes: number;
  #reads = 0;
  #repeats = 0;
  #start = -1;
  #end = -1;

  constructor(sizeBytes: number) {
    this.#sizeBytes = sizeBytes;
  }

  /** @throws MediaRefusedError `media.unreadable` */
  count(start: number, end: number): void {
    this.#repeats = start === this.#start && end === this.#end ? this.#repeats + 1 : 0;
    this.#start = start;
    this.#end = end;
    this.#reads += 1;
    if (this.#repeats < MOST_REPEATS && this.#reads < FREE_READS + this.#sizeBytes) return;
    throw new MediaRefusedError(
      'media.unreadable',
      `Expected elements that follow one another to the end of the file but received broken headers: no element can be found from byte ${start} of ${this.#sizeBytes} on; send the file again, or another copy of it.`,
    );
  }
}

/** Hands out small pieces of the block that was read last. */
class Blocks {
  readonly #file: FileHandle;
  readonly #sizeBytes: number;
  #at = 0;
  #bytes = new Uint8Array(0);

  constructor(file: FileHandle, sizeBytes: number) {
    this.#file = file;
    this.#sizeBytes = sizeBytes;
  }

  /** @returns a copy: the caller may keep it */
  read(start: number, end: number): Uint8Array | Promise<Uint8Array> {
    const isHere = start >= this.#at && end <= this.#at + this.#bytes.length;
    return isHere ? this.#piece(start, end) : this.#load(start, end);
  }

  async #load(start: number, end: number): Promise<Uint8Array> {
    const length = Math.min(Math.max(end - start, BLOCK_BYTES), this.#sizeBytes - start);
    const bytes = new Uint8Array(length);
    const { bytesRead } = await this.#file.read(bytes, 0, length, start);
    if (bytesRead < end - start) {
      throw new Error(`Expected ${end - start} bytes at ${start} but received ${bytesRead}.`);
    }
    this.#at = start;
    this.#bytes = bytes.subarray(0, bytesRead);
    return this.#bytes.slice(0, end - start);
  }

  #piece(start: number, end: number): Uint8Array {
    return this.#bytes.slice(start - this.#at, end - this.#at);
  }
}
