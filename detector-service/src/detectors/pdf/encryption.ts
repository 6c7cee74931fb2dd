import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';

import {
  PdfStream,
  PdfString,
  dictOf,
  isArray,
  isDict,
  nameOf,
  numberOf,
  type PdfDict,
  type PdfValue,
} from './values.js';

/** Whether a document is encrypted, and whether everybody can read it: many are, with an empty password, only to forbid printing or editing. */
export type Lock = 'none' | 'opened' | 'attachments' | 'password' | 'recipients' | 'unknown';

/** Undoes the encryption of one object's strings and stream. */
export type Decrypt = (value: PdfValue, number: number, generation: number) => PdfValue;

export interface Opened {
  readonly lock: Lock;
  /** Null unless the lock is `opened`. */
  readonly decrypt: Decrypt | null;
}

type Resolve = (value: PdfValue | undefined) => PdfValue;
type Method = 'none' | 'rc4' | 'aes';

interface Handler {
  readonly version: number;
  readonly revision: number;
  readonly keyBytes: number;
  readonly owner: Buffer;
  readonly user: Buffer;
  readonly userKey: Buffer;
  readonly permissions: number;
  readonly encryptsMetadata: boolean;
  readonly strings: Method;
  readonly streams: Method;
  readonly fileId: Buffer;
}

/**
 * Tries the standard security handler with an empty user password (ISO 32000-2, 7.6.4): RC4 of 40 to 128 bits, AES-128 and AES-256.
 *
 * @param trailer holds `Encrypt` and `ID`
 */
export function openEncryption(trailer: PdfDict, resolve: Resolve): Opened {
  const dict = dictOf(resolve(trailer.get('Encrypt')));
  if (!dict) return { lock: 'none', decrypt: null };
  const filter = nameOf(resolve(dict.get('Filter')));
  if (filter !== 'Standard') {
    return { lock: filter === 'Adobe.PubSec' ? 'recipients' : 'unknown', decrypt: null };
  }
  const handler = handlerOf(dict, trailer, resolve);
  if (!handler) return { lock: 'unknown', decrypt: null };
  if (handler.strings === 'none' && handler.streams === 'none') {
    return { lock: 'attachments', decrypt: null };
  }
  const key = handler.version === 5 ? modernKey(handler) : classicKey(handler);
  return key
    ? { lock: 'opened', decrypt: decryptor(handler, key, dict, resolve) }
    : { lock: 'password', decrypt: null };
}

function handlerOf(dict: PdfDict, trailer: PdfDict, resolve: Resolve): Handler | null {
  const number = (key: string): number => numberOf(resolve(dict.get(key))) ?? 0;
  const bytes = (key: string): Buffer => {
    const value = resolve(dict.get(key));
    return value instanceof PdfString ? value.bytes : Buffer.alloc(0);
  };
  const ids = resolve(trailer.get('ID'));
  const id = isArray(ids) ? resolve(ids[0]) : null;
  const version = number('V');
  const bits = version === 1 ? 40 : number('Length') || (version === 4 ? 128 : 40);
  const keyBytes = version === 4 ? 16 : bits / 8;
  const isKnown = [1, 2, 4, 5].includes(version) && Number.isInteger(keyBytes);
  if (!isKnown || keyBytes < 5 || (version < 5 && keyBytes > 16)) return null;
  const method = (key: string): Method | null => {
    if (version < 4) return 'rc4';
    const name = nameOf(resolve(dict.get(key))) ?? 'Identity';
    if (name === 'Identity') return 'none';
    const filter = dictOf(resolve(dictOf(resolve(dict.get('CF')))?.get(name)));
    return METHODS[nameOf(resolve(filter?.get('CFM'))) ?? ''] ?? null;
  };
  const [strings, streams] = [method('StrF'), method('StmF')];
  if (!strings || !streams) return null;
  return {
    version,
    revision: number('R'),
    keyBytes,
    owner: bytes('O'),
    user: bytes('U'),
    userKey: bytes('UE'),
    permissions: number('P'),
    encryptsMetadata: resolve(dict.get('EncryptMetadata')) !== false,
    strings,
    streams,
    fileId: id instanceof PdfString ? id.bytes : Buffer.alloc(0),
  };
}

const METHODS: Readonly<Record<string, Method>> = {
  None: 'none',
  V2: 'rc4',
  AESV2: 'aes',
  AESV3: 'aes',
};

/** What fills up passwords, and all of an empty one (7.6.4.3.2). */
const PADDING = Buffer.from(
  '28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a',
  'hex',
);

/** Algorithms 2, 4, 5 and 6; null where the empty password is not the right one. */
function classicKey(handler: Handler): Buffer | null {
  const { owner, permissions, fileId, revision, keyBytes, encryptsMetadata, user } = handler;
  const rights = Buffer.alloc(4);
  rights.writeInt32LE(permissions | 0);
  const parts = [PADDING, owner.subarray(0, 32), rights, fileId];
  if (revision >= 4 && !encryptsMetadata) parts.push(Buffer.alloc(4, 0xff));
  let hash = md5(...parts);
  if (revision >= 3) {
    for (let round = 0; round < 50; round += 1) hash = md5(hash.subarray(0, keyBytes));
  }
  const key = hash.subarray(0, keyBytes);
  if (revision < 3) return rc4(key, PADDING).equals(user.subarray(0, 32)) ? key : null;
  let check = rc4(key, md5(PADDING, fileId));
  for (let round = 1; round <= 19; round += 1) {
    check = rc4(
      key.map((byte) => byte ^ round),
      check,
    );
  }
  return check.equals(user.subarray(0, 16)) ? key : null;
}

/** Algorithms 2.A and 2.B for AES-256. */
function modernKey({ revision, user, userKey }: Handler): Buffer | null {
  if (user.length < 48 || userKey.length < 32) return null;
  const hash = (salt: Buffer): Buffer => (revision >= 6 ? hardened(salt) : sha(256, salt));
  if (!hash(user.subarray(32, 40)).equals(user.subarray(0, 32))) return null;
  return aesWithoutPadding(hash(user.subarray(40, 48)), userKey.subarray(0, 32));
}

/** Algorithm 2.B with an empty password. */
function hardened(salt: Buffer): Buffer {
  let key = sha(256, salt);
  for (let round = 0; ; round += 1) {
    const text = Buffer.alloc(key.length * 64);
    for (let copy = 0; copy < 64; copy += 1) key.copy(text, copy * key.length);
    const cipher = createCipheriv('aes-128-cbc', key.subarray(0, 16), key.subarray(16, 32));
    cipher.setAutoPadding(false);
    const encrypted = cipher.update(text);
    const rest = encrypted.subarray(0, 16).reduce((sum, byte) => sum + byte, 0) % 3;
    key = sha(([256, 384, 512] as const)[rest] ?? 256, encrypted);
    const last = encrypted[encrypted.length - 1] ?? 0;
    if (round >= 63 && last <= round - 32 + 1) return key.subarray(0, 32);
  }
}

function decryptor(handler: Handler, key: Buffer, encryption: PdfDict, resolve: Resolve): Decrypt {
  return (value, number, generation) => {
    const own = handler.version === 5 ? () => key : keysOf(key, number, generation);
    const undo = (data: Buffer, method: Method): Buffer => {
      if (method === 'none') return data;
      return method === 'rc4' ? rc4(own(false), data) : aes(own(true), data);
    };
    const visit = (item: PdfValue): PdfValue => {
      if (item instanceof PdfString) {
        return new PdfString(undo(item.bytes, handler.strings), item.start, item.end);
      }
      if (isArray(item)) return item.map(visit);
      // The dictionary that tells how to decrypt cannot be encrypted itself.
      if (isDict(item)) return item === encryption ? item : visitDict(item);
      if (item instanceof PdfStream) {
        const dict = visitDict(item.dict);
        return new PdfStream(dict, isPlain(dict) ? item.raw : undo(item.raw, handler.streams));
      }
      return item;
    };
    const visitDict = (dict: PdfDict): PdfDict => {
      // A signature's value stands outside of what is signed, and outside of encryption.
      const isSignature = dict.has('ByteRange');
      return new Map(
        [...dict].map(([name, item]) => [
          name,
          isSignature && name === 'Contents' ? item : visit(item),
        ]),
      );
    };
    const isPlain = (dict: PdfDict): boolean => {
      const type = nameOf(resolve(dict.get('Type')));
      const filters = resolve(dict.get('Filter'));
      const first = nameOf(isArray(filters) ? resolve(filters[0]) : filters);
      return (
        type === 'XRef' ||
        first === 'Crypt' ||
        (type === 'Metadata' && !handler.encryptsMetadata && handler.version >= 4)
      );
    };
    return visit(value);
  };
}

/** Algorithm 1: each object has its own key. */
function keysOf(key: Buffer, number: number, generation: number): (isAes: boolean) => Buffer {
  return (isAes) => {
    const suffix = Buffer.alloc(5);
    suffix.writeUIntLE(number & 0xffffff, 0, 3);
    suffix.writeUInt16LE(generation & 0xffff, 3);
    const salt = isAes ? Buffer.from('sAlT') : Buffer.alloc(0);
    return md5(key, suffix, salt).subarray(0, Math.min(16, key.length + 5));
  };
}

/** The first block is the initialisation vector; data that is no whole number of blocks is damaged, and what can be had of it is returned. */
function aes(key: Buffer, data: Buffer): Buffer {
  const whole = data.subarray(16, data.length - (data.length % 16));
  if (data.length < 32) return Buffer.alloc(0);
  const plain = decipher(key, data.subarray(0, 16), whole);
  const padding = plain[plain.length - 1] ?? 0;
  return padding >= 1 && padding <= 16 ? plain.subarray(0, plain.length - padding) : plain;
}

function aesWithoutPadding(key: Buffer, data: Buffer): Buffer {
  return decipher(key, Buffer.alloc(16), data);
}

function decipher(key: Buffer, vector: Buffer, data: Buffer): Buffer {
  const cipher = createDecipheriv(key.length === 32 ? 'aes-256-cbc' : 'aes-128-cbc', key, vector);
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

/** OpenSSL keeps this broken cipher out of reach; PDF still needs it for reading. */
function rc4(key: Uint8Array, data: Buffer): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, i) => i);
  for (let i = 0, j = 0; i < 256; i += 1) {
    j = (j + (state[i] as number) + (key[i % key.length] as number)) & 255;
    [state[i], state[j]] = [state[j] as number, state[i] as number];
  }
  const out = Buffer.alloc(data.length);
  for (let n = 0, i = 0, j = 0; n < data.length; n += 1) {
    i = (i + 1) & 255;
    j = (j + (state[i] as number)) & 255;
    [state[i], state[j]] = [state[j] as number, state[i] as number];
    out[n] =
      (data[n] as number) ^ (state[((state[i] as number) + (state[j] as number)) & 255] as number);
  }
  return out;
}

function md5(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function sha(bits: 256 | 384 | 512, data: Buffer): Buffer {
  return createHash(`sha${bits}`).update(data).digest();
}
