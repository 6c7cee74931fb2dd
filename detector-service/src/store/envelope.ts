/** The encryption of one vault object under a key of its own, AES-256-GCM: iv (12), ciphertext, tag (16). */
import { createCipheriv, createDecipheriv, randomBytes, type DecipherGCM } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';

import { SEAL_OVERHEAD } from './master-key.js';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** An object's key as the master key seals it. */
export const SEALED_KEY_BYTES = KEY_BYTES + SEAL_OVERHEAD;

export const newObjectKey = (): Buffer => randomBytes(KEY_BYTES);

/** The same in one go, for bytes at hand. */
export function encrypt(bytes: Buffer, key: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  return Buffer.concat([iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

export function encryption(key: Buffer): Transform {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, cipher.update(chunk));
    },
    flush(done) {
      done(null, Buffer.concat([cipher.final(), cipher.getAuthTag()]));
    },
  });
  stream.push(iv);
  return stream;
}

/**
 * Fails at its end when any byte was changed or is missing: what it gave until then must not be used.
 */
export class Decryption extends Transform {
  readonly #key: Buffer;
  #decipher: DecipherGCM | undefined;
  /** What came and is not decrypted: the iv while it is not whole, then always the last bytes, which may be the tag. */
  #pending = Buffer.alloc(0);

  constructor(key: Buffer) {
    super();
    this.#key = key;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let bytes = Buffer.concat([this.#pending, chunk]);
    if (!this.#decipher && bytes.length >= IV_BYTES) {
      this.#decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, IV_BYTES));
      bytes = bytes.subarray(IV_BYTES);
    }
    const ready = this.#decipher ? Math.max(0, bytes.length - TAG_BYTES) : 0;
    this.#pending = bytes.subarray(ready);
    done(null, this.#decipher?.update(bytes.subarray(0, ready)));
  }

  override _flush(done: TransformCallback): void {
    try {
      if (!this.#decipher || this.#pending.length !== TAG_BYTES) throw new Error('It ends early.');
      this.#decipher.setAuthTag(this.#pending);
      done(null, this.#decipher.final());
    } catch (error) {
      done(error as Error);
    }
  }
}
