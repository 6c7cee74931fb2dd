/**
 * The vault: held media and evidence as encrypted files. Each file has its own AES-256-GCM key, sealed by the master key at its
 * head. Layout: magic (4), sealed key (60), iv (12), ciphertext, tag (16). A file is complete and on disk before its id is given out.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, mkdtemp, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, Writable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MasterKey } from './master-key.js';
import { SEAL_OVERHEAD } from './master-key.js';
import { syncFolder } from './durable-files.js';

const MAGIC = Buffer.from('MGV1');
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = MAGIC.length + KEY_BYTES + SEAL_OVERHEAD + IV_BYTES;

export class VaultFileError extends Error {
  constructor(id: string, options?: ErrorOptions) {
    super(`The vault file ${id} is missing or was changed.`, options);
    this.name = 'VaultFileError';
  }
}

export class Vault {
  readonly #folder: string;
  readonly #workFolder: string;
  readonly #masterKey: MasterKey;

  private constructor(folder: string, workFolder: string, masterKey: MasterKey) {
    this.#folder = folder;
    this.#workFolder = workFolder;
    this.#masterKey = masterKey;
  }

  /** Opens the vault under the data folder. */
  static async open(dataFolder: string, masterKey: MasterKey): Promise<Vault> {
    const vault = new Vault(join(dataFolder, 'vault'), join(dataFolder, 'work'), masterKey);
    await mkdir(vault.#folder, { recursive: true, mode: 0o700 });
    await mkdir(vault.#workFolder, { recursive: true, mode: 0o700 });
    return vault;
  }

  /**
   * Decrypted copies that a crash left behind. Others may be at work in the folder: then only what is older than any of their
   * work can be.
   */
  async clearWorkFolder(before = new Date(Date.now() + 1_000)): Promise<void> {
    for (const name of await readdir(this.#workFolder)) {
      const path = join(this.#workFolder, name);
      const info = await stat(path).catch(() => undefined);
      if (info && info.mtime < before) await rm(path, { recursive: true, force: true });
    }
  }

  /** Stores the bytes of a stream, led through others; resolves with the id once they are safe on disk. */
  async write(bytes: Readable, ...through: Transform[]): Promise<string> {
    // A sender may go away before the file is open; the pipeline below reports it, but until then nobody listens.
    bytes.on('error', () => undefined);
    const id = randomBytes(16).toString('hex');
    const path = this.#pathOf(id);
    const partial = `${path}.partial`;
    const key = randomBytes(KEY_BYTES);
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(partial, 'wx', 0o600);
    try {
      await file.write(Buffer.concat([MAGIC, this.#masterKey.seal(key, id), iv]));
      await pipeline([bytes, ...through, cipher, appendTo(file)]);
      await file.write(cipher.getAuthTag());
      await file.sync();
      await file.close();
      await rename(partial, path);
      await syncFolder(dirname(path));
      return id;
    } catch (error) {
      await file.close().catch(() => undefined);
      await rm(partial, { force: true });
      throw error;
    }
  }

  writeBuffer(bytes: Buffer): Promise<string> {
    return this.write(Readable.from([bytes]));
  }

  /** Small files only, such as evidence. */
  async read(id: string): Promise<Buffer> {
    try {
      const stored = await readFile(this.#pathOf(id));
      const decipher = this.#decipher(id, stored.subarray(0, HEAD_BYTES));
      decipher.setAuthTag(stored.subarray(stored.length - TAG_BYTES));
      const body = stored.subarray(HEAD_BYTES, stored.length - TAG_BYTES);
      return Buffer.concat([decipher.update(body), decipher.final()]);
    } catch (error) {
      throw new VaultFileError(id, { cause: error });
    }
  }

  /**
   * Gives the decrypted bytes as a private file for as long as `work` runs; the file is proven unchanged before `work` starts
   * and is gone when it ends.
   */
  async withFile<Result>(id: string, work: (path: string) => Promise<Result>): Promise<Result> {
    const folder = await mkdtemp(join(this.#workFolder, 'media-'));
    try {
      const path = join(folder, 'media');
      await this.#decryptTo(id, path);
      return await work(path);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Idempotent. */
  async remove(id: string): Promise<void> {
    await rm(this.#pathOf(id), { force: true });
  }

  /** Ids of files last written before the given time, partial files included. */
  async *olderThan(time: Date): AsyncGenerator<string> {
    for (const shard of await readdir(this.#folder)) {
      for (const name of await readdir(join(this.#folder, shard))) {
        const info = await stat(join(this.#folder, shard, name)).catch(() => undefined);
        if (info && info.mtime < time) yield name;
      }
    }
  }

  /**
   * Seals the key of each file again that a previous master key sealed; resolves with how many. Safe beside running services that
   * know both keys: the sealed key is replaced in place by one write of the same length, and the rest of the file stays.
   */
  async reseal(): Promise<number> {
    let resealed = 0;
    for await (const id of this.olderThan(new Date(Date.now() + 1_000))) {
      if (id.endsWith('.partial')) continue;
      const file = await open(this.#pathOf(id), 'r+').catch(() => undefined);
      if (!file) continue;
      try {
        const sealed = Buffer.alloc(KEY_BYTES + SEAL_OVERHEAD);
        await file.read(sealed, 0, sealed.length, MAGIC.length);
        const renewed = this.#masterKey.reseal(sealed, id);
        if (!renewed) continue;
        await file.write(renewed, 0, renewed.length, MAGIC.length);
        await file.sync();
        resealed += 1;
      } catch (error) {
        throw new VaultFileError(id, { cause: error });
      } finally {
        await file.close();
      }
    }
    return resealed;
  }

  /** Throws when the vault cannot be written. */
  async probe(): Promise<void> {
    await this.remove(await this.writeBuffer(Buffer.from('probe')));
  }

  async #decryptTo(id: string, target: string): Promise<void> {
    let file: FileHandle | undefined;
    try {
      file = await open(this.#pathOf(id), 'r');
      const { size } = await file.stat();
      const head = Buffer.alloc(HEAD_BYTES);
      const tag = Buffer.alloc(TAG_BYTES);
      await file.read(head, 0, HEAD_BYTES, 0);
      await file.read(tag, 0, TAG_BYTES, size - TAG_BYTES);
      const decipher = this.#decipher(id, head).setAuthTag(tag);
      const isEmpty = size === HEAD_BYTES + TAG_BYTES;
      const body = isEmpty
        ? Readable.from([])
        : createReadStream(this.#pathOf(id), { start: HEAD_BYTES, end: size - TAG_BYTES - 1 });
      await pipeline(body, decipher, createWriteStream(target, { mode: 0o600, flags: 'wx' }));
    } catch (error) {
      throw new VaultFileError(id, { cause: error });
    } finally {
      await file?.close();
    }
  }

  #decipher(id: string, head: Buffer) {
    const sealed = head.subarray(MAGIC.length, HEAD_BYTES - IV_BYTES);
    const key = this.#masterKey.open(sealed, id);
    return createDecipheriv('aes-256-gcm', key, head.subarray(HEAD_BYTES - IV_BYTES));
  }

  #pathOf(id: string): string {
    return join(this.#folder, id.slice(0, 2), id);
  }
}

/** Leaves the file open: its tag and its flush to disk are still to come. */
function appendTo(file: FileHandle): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      file.appendFile(chunk).then(() => done(), done);
    },
  });
}
