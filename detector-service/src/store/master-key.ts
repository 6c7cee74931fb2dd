/** The key that wraps every other key at rest: from the environment, or a file only its owner can read. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from './durable-files.js';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Bytes that {@link MasterKey.seal} adds to what it seals. */
export const SEAL_OVERHEAD = IV_BYTES + TAG_BYTES;

export class MasterKey {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    if (key.length !== KEY_BYTES) {
      throw new Error(`Expected a master key of ${KEY_BYTES} bytes but received ${key.length}.`);
    }
    this.#key = key;
  }

  /** AES-256-GCM; the result is iv, ciphertext, tag. `purpose` is bound to it and must be given again to open it. */
  seal(plain: Buffer, purpose: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv).setAAD(Buffer.from(purpose));
    return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  /** @throws when the bytes were changed, or sealed with another key or for another purpose. */
  open(sealed: Buffer, purpose: string): Buffer {
    const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(0, IV_BYTES))
      .setAAD(Buffer.from(purpose))
      .setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const body = sealed.subarray(IV_BYTES, sealed.length - TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]);
  }
}

/** The configured key, or the data folder's own, made on first start. */
export async function loadMasterKey(dataFolder: string, configured?: string): Promise<MasterKey> {
  if (configured) return new MasterKey(Buffer.from(configured, 'base64'));
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const path = join(dataFolder, 'master.key');
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(`${randomBytes(KEY_BYTES).toString('base64')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await syncFolder(dataFolder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await chmod(path, 0o600);
  }
  const key = Buffer.from((await readFile(path, 'utf8')).trim(), 'base64');
  if (key.length !== KEY_BYTES) {
    throw new Error(
      `The master key file ${path} does not hold ${KEY_BYTES} bytes in base64. Restore it from a backup: ` +
        'without it the held media, the evidence and the signing keys in this data folder cannot be read.',
    );
  }
  return new MasterKey(key);
}
