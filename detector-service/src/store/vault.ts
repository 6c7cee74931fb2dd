/**
 * The vault: held media and evidence, encrypted. Each object has its own AES-256-GCM key, sealed by the master key and kept beside
 * it. An object is complete and durable before its id is given out.
 */
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, type Readable, type Writable, type Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

import { VaultUnavailableError, type BlobStore } from './blobs/blob-store.js';
import { Decryption, encrypt, encryption, newObjectKey } from './envelope.js';
import type { MasterKey } from './master-key.js';

export class VaultFileError extends Error {
  constructor(id: string, options?: ErrorOptions) {
    super(`The vault file ${id} is missing or was changed.`, options);
    this.name = 'VaultFileError';
  }
}

export class Vault {
  readonly #blobs: BlobStore;
  readonly #workFolder: string;
  readonly #masterKey: MasterKey;

  private constructor(blobs: BlobStore, workFolder: string, masterKey: MasterKey) {
    this.#blobs = blobs;
    this.#workFolder = workFolder;
    this.#masterKey = masterKey;
  }

  /** The data folder takes the decrypted copies of media while they are judged. */
  static async open(dataFolder: string, blobs: BlobStore, masterKey: MasterKey): Promise<Vault> {
    const workFolder = join(dataFolder, 'work');
    await mkdir(workFolder, { recursive: true, mode: 0o700 });
    return new Vault(blobs, workFolder, masterKey);
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

  /** Stores the bytes of a stream, led through others; resolves with the id once they are kept durably. */
  async write(bytes: Readable, ...through: Transform[]): Promise<string> {
    // A sender may go away before anything reads; the pipeline below reports it, but until then nobody listens.
    bytes.on('error', () => undefined);
    const id = randomBytes(16).toString('hex');
    const key = newObjectKey();
    const body = new PassThrough();
    const stored = this.#blobs.write(id, this.#masterKey.seal(key, id), body);
    stored.catch((error: unknown) => body.destroy(error as Error));
    const sent = pipeline([bytes, ...through, encryption(key), body]);
    // Both end before anything is said: a store that is still cleaning up must not outlive the answer.
    for (const result of await Promise.allSettled([sent, stored])) {
      if (result.status === 'rejected') throw result.reason;
    }
    return id;
  }

  /** The same for bytes at hand. */
  async writeBuffer(bytes: Buffer): Promise<string> {
    const id = randomBytes(16).toString('hex');
    const key = newObjectKey();
    await this.#blobs.write(id, this.#masterKey.seal(key, id), encrypt(bytes, key));
    return id;
  }

  /** Small files only, such as evidence. */
  async read(id: string): Promise<Buffer> {
    const bytes = new PassThrough();
    const [whole] = await Promise.all([buffer(bytes), this.#decrypt(id, bytes)]);
    return whole;
  }

  /**
   * Gives the decrypted bytes as a private file for as long as `work` runs; the file is proven unchanged before `work` starts
   * and is gone when it ends.
   */
  async withFile<Result>(id: string, work: (path: string) => Promise<Result>): Promise<Result> {
    const path = join(this.#workFolder, randomBytes(16).toString('hex'));
    try {
      await this.#decrypt(id, createWriteStream(path, { mode: 0o600, flags: 'wx' }));
      return await work(path);
    } finally {
      await rm(path, { force: true });
    }
  }

  /** Idempotent. */
  remove(id: string): Promise<void> {
    return this.#blobs.remove(id);
  }

  /** Ids of what was last written before the given time. */
  olderThan(time: Date): AsyncIterable<string> {
    return this.#blobs.olderThan(time);
  }

  /** Removes what writers that were killed left unfinished; resolves with how many. */
  removeUnfinished(before: Date): Promise<number> {
    return this.#blobs.removeUnfinished(before);
  }

  /** Seals each key again that a previous master key sealed; resolves with how many. Safe beside services that know both. */
  async reseal(): Promise<number> {
    let resealed = 0;
    for await (const id of this.olderThan(new Date(Date.now() + 1_000))) {
      try {
        const isNew = await this.#blobs.renewKey(id, (sealed) =>
          this.#masterKey.reseal(sealed, id),
        );
        if (isNew) resealed += 1;
      } catch (error) {
        throw faultOf(id, error);
      }
    }
    return resealed;
  }

  /** Throws when the vault cannot be written. */
  async probe(): Promise<void> {
    await this.remove(await this.writeBuffer(Buffer.from('probe')));
  }

  async #decrypt(id: string, target: Writable): Promise<void> {
    try {
      const { sealedKey, body } = await this.#blobs.open(id);
      // Listened to from here on: it may fail before the pipeline does.
      body.on('error', () => undefined);
      await pipeline(body, new Decryption(this.#openKey(id, sealedKey, body)), target);
    } catch (error) {
      const fault = faultOf(id, error);
      target.destroy(fault);
      throw fault;
    }
  }

  #openKey(id: string, sealedKey: Buffer, body: Readable): Buffer {
    try {
      return this.#masterKey.open(sealedKey, id);
    } catch (error) {
      body.destroy();
      throw error;
    }
  }
}

function faultOf(id: string, error: unknown): Error {
  return error instanceof VaultUnavailableError ? error : new VaultFileError(id, { cause: error });
}
