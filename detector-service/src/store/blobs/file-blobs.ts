/** Encrypted objects as files. Layout: magic (4), sealed key (60), then the body. */
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Writable, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { syncFolder } from '../durable-files.js';
import { SEALED_KEY_BYTES } from '../envelope.js';
import type { Blob, BlobStore } from './blob-store.js';

const MAGIC = Buffer.from('MGV1');
const HEAD_BYTES = MAGIC.length + SEALED_KEY_BYTES;
const PARTIAL = '.partial';

export class FileBlobs implements BlobStore {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(folder: string): Promise<FileBlobs> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new FileBlobs(folder);
  }

  async write(id: string, sealedKey: Buffer, body: Readable | Buffer): Promise<void> {
    const path = this.#pathOf(id);
    const partial = `${path}${PARTIAL}`;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(partial, 'wx', 0o600);
    try {
      // Small objects go in one piece: each step waits its turn among all that the process does.
      if (Buffer.isBuffer(body)) {
        await file.writeFile(Buffer.concat([MAGIC, sealedKey, body]));
      } else {
        await file.write(Buffer.concat([MAGIC, sealedKey]));
        await pipeline(body, appendTo(file));
      }
      await file.sync();
      await file.close();
      await rename(partial, path);
      await syncFolder(dirname(path));
    } catch (error) {
      await file.close().catch(() => undefined);
      await rm(partial, { force: true });
      throw error;
    }
  }

  async open(id: string): Promise<Blob> {
    const file = await open(this.#pathOf(id), 'r');
    try {
      const sealedKey = await readSealedKey(file);
      return { sealedKey, body: file.createReadStream({ start: HEAD_BYTES }) };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async remove(id: string): Promise<void> {
    await rm(this.#pathOf(id), { force: true });
  }

  /** In place, by one write of the same length: safe beside readers that know both master keys. */
  async renewKey(id: string, renew: (sealedKey: Buffer) => Buffer | undefined): Promise<boolean> {
    const file = await open(this.#pathOf(id), 'r+').catch(() => undefined);
    if (!file) return false;
    try {
      const renewed = renew(await readSealedKey(file));
      if (!renewed) return false;
      await file.write(renewed, 0, renewed.length, MAGIC.length);
      await file.sync();
      return true;
    } finally {
      await file.close();
    }
  }

  async *olderThan(time: Date): AsyncGenerator<string> {
    for await (const name of this.#namesBefore(time)) {
      if (!name.endsWith(PARTIAL)) yield name;
    }
  }

  async removeUnfinished(before: Date): Promise<number> {
    let removed = 0;
    for await (const name of this.#namesBefore(before)) {
      if (!name.endsWith(PARTIAL)) continue;
      await rm(this.#pathOf(name), { force: true });
      removed += 1;
    }
    return removed;
  }

  async *#namesBefore(time: Date): AsyncGenerator<string> {
    for (const shard of await readdir(this.#folder)) {
      for (const name of await readdir(join(this.#folder, shard))) {
        const info = await stat(join(this.#folder, shard, name)).catch(() => undefined);
        if (info && info.mtime < time) yield name;
      }
    }
  }

  #pathOf(id: string): string {
    return join(this.#folder, id.slice(0, 2), id);
  }
}

async function readSealedKey(file: FileHandle): Promise<Buffer> {
  const sealedKey = Buffer.alloc(SEALED_KEY_BYTES);
  await file.read(sealedKey, 0, sealedKey.length, MAGIC.length);
  return sealedKey;
}

/** Leaves the file open: its flush to disk is still to come. */
function appendTo(file: FileHandle): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      file.appendFile(chunk).then(() => done(), done);
    },
  });
}
