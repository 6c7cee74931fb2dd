/** Where the vault keeps its encrypted objects: a folder or an S3 bucket. */
import type { Readable } from 'node:stream';

/** The store cannot be reached, or does not let the service in. The message is safe to log; what was asked may be tried again. */
export class VaultUnavailableError extends Error {
  override readonly name = 'VaultUnavailableError';
}

/** What is kept for one id: its sealed key beside the bytes that this key encrypts, so that the key can be sealed anew alone. */
export interface Blob {
  readonly sealedKey: Buffer;
  readonly body: Readable;
}

export interface BlobStore {
  /** Resolves once all is kept durably. Until then, and when the body or the store fails, nothing is found under the id. */
  write(id: string, sealedKey: Buffer, body: Readable | Buffer): Promise<void>;
  /** Rejects with any error for an id that is not kept. */
  open(id: string): Promise<Blob>;
  /** Idempotent. */
  remove(id: string): Promise<void>;
  /** Replaces the sealed key by what `renew` makes of it; false when that is undefined, or nothing is kept under the id. */
  renewKey(id: string, renew: (sealedKey: Buffer) => Buffer | undefined): Promise<boolean>;
  /** Ids of all that was last written before the given time. */
  olderThan(time: Date): AsyncIterable<string>;
  /** Removes what writers that were killed left unfinished; resolves with how many. */
  removeUnfinished(before: Date): Promise<number>;
}
