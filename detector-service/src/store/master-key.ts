/** The key that wraps every other key at rest: from the environment, or a file only its owner can read. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from './durable-files.js';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Bytes that {@link MasterKey.seal} adds to what it seals. */
export const SEAL_OVERHEAD = IV_BYTES + TAG_BYTES;

/**
 * The present key and, while keys are being changed, the ones before it: sealing uses the present one, opening takes whichever
 * fits.
 */
export class MasterKey {
  readonly #keys: readonly [Buffer, ...Buffer[]];

  constructor(present: Buffer, ...previous: readonly Buffer[]) {
    this.#keys = [present, ...previous];
    for (const key of this.#keys) {
      if (key.length !== KEY_BYTES) {
        throw new Error(`Expected a master key of ${KEY_BYTES} bytes but received ${key.length}.`);
      }
    }
  }

  /** AES-256-GCM; the result is iv, ciphertext, tag. `purpose` is bound to it and must be given again to open it. */
  seal(plain: Buffer, purpose: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#keys[0], iv).setAAD(Buffer.from(purpose));
    return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  /** @throws when the bytes were changed, or sealed with a key unknown here or for another purpose. */
  open(sealed: Buffer, purpose: string): Buffer {
    let fault: unknown;
    for (const key of this.#keys) {
      try {
        return openWith(key, sealed, purpose);
      } catch (error) {
        fault = error;
      }
    }
    throw fault;
  }

  /** Seals again what a previous key sealed; undefined when the present key did. */
  reseal(sealed: Buffer, purpose: string): Buffer | undefined {
    try {
      openWith(this.#keys[0], sealed, purpose);
      return undefined;
    } catch {
      return this.seal(this.open(sealed, purpose), purpose);
    }
  }
}

function openWith(key: Buffer, sealed: Buffer, purpose: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES))
    .setAAD(Buffer.from(purpose))
    .setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const body = sealed.subarray(IV_BYTES, sealed.length - TAG_BYTES);
  return Buffer.concat([decipher.update(body), decipher.final()]);
}

const keyFile = (dataFolder: string): string => join(dataFolder, 'master.key');

/** Puts a new key before the one in the data folder's file; both serve until {@link dropPreviousKeys}. */
export async function addMasterKey(dataFolder: string): Promise<void> {
  const earlier = await readFile(keyFile(dataFolder), 'utf8');
  await replaceKeyFile(dataFolder, `${randomBytes(KEY_BYTES).toString('base64')}\n${earlier}`);
}

/** Keeps the present key alone; only right once nothing is sealed with another. */
export async function dropPreviousKeys(dataFolder: string): Promise<void> {
  const [present = ''] = (await readFile(keyFile(dataFolder), 'utf8')).split('\n');
  await replaceKeyFile(dataFolder, `${present}\n`);
}

/** The file holds either all of the old text or all of the new. */
async function replaceKeyFile(dataFolder: string, text: string): Promise<void> {
  const partial = `${keyFile(dataFolder)}.partial`;
  await rm(partial, { force: true });
  const file = await open(partial, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(partial, keyFile(dataFolder));
  await syncFolder(dataFolder);
}

/** The configured keys, comma-separated with the present one first, or the data folder's own, made on first start. */
export async function loadMasterKey(dataFolder: string, configured?: string): Promise<MasterKey> {
  if (configured) return fromTexts(configured.split(','));
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const path = keyFile(dataFolder);
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
  try {
    return fromTexts((await readFile(path, 'utf8')).trim().split('\n'));
  } catch (error) {
    throw new Error(
      `The master key file ${path} does not hold ${KEY_BYTES} bytes in base64. Restore it from a backup: ` +
        'without it the held media, the evidence and the signing keys in this data folder cannot be read.',
      { cause: error },
    );
  }
}

function fromTexts(texts: readonly string[]): MasterKey {
  const [present = Buffer.alloc(0), ...previous] = texts.map((text) =>
    Buffer.from(text.trim(), 'base64'),
  );
  return new MasterKey(present, ...previous);
}
