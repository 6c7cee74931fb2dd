/** Crypto, EncodingUtil and UUID. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  randomUUID,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import { ApexBlob } from '../../values/values.js';
import { throwApex } from '../run/exceptions.js';
import { NativeObject, type Value } from '../values/reference.js';
import { asText, instance, type Call } from './call.js';
import { defineType } from './registry.js';

const DIGESTS: Readonly<Record<string, string>> = {
  MD5: 'md5',
  SHA1: 'sha1',
  'SHA-1': 'sha1',
  SHA256: 'sha256',
  'SHA-256': 'sha256',
  SHA384: 'sha384',
  'SHA-384': 'sha384',
  SHA512: 'sha512',
  'SHA-512': 'sha512',
  'SHA3-256': 'sha3-256',
  'SHA3-384': 'sha3-384',
  'SHA3-512': 'sha3-512',
};

function noSuch(algorithm: string): never {
  throwApex('NoSuchElementException', `Unable to find a provider for ${algorithm}`);
}

const blob = (bytes: Buffer): ApexBlob => new ApexBlob(bytes);

function digestOf(name: string): string {
  return DIGESTS[name.toUpperCase()] ?? noSuch(name);
}

function mac(c: Call): Buffer {
  const name = c.text(0);
  const digest = digestOf(/^hmac-?(\w+)$/i.exec(name)?.[1] ?? name);
  return createHmac(digest, c.blob(2).bytes).update(c.blob(1).bytes).digest();
}

/** Signature algorithms; ECDSA signatures are DER, keys are PKCS#8 and SPKI in DER. */
const SIGNATURES: Readonly<Record<string, string>> = {
  'RSA-SHA1': 'sha1',
  RSA: 'sha1',
  'RSA-SHA256': 'sha256',
  'RSA-SHA384': 'sha384',
  'RSA-SHA512': 'sha512',
  'ECDSA-SHA256': 'sha256',
  'ECDSA-SHA384': 'sha384',
  'ECDSA-SHA512': 'sha512',
};

function signatureDigest(name: string): string {
  return SIGNATURES[name.toUpperCase()] ?? noSuch(name);
}

function guarded<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throwApex(
      'SecurityException',
      `${what}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function signed(c: Call): Value {
  const digest = signatureDigest(c.text(0));
  return guarded('Invalid private key', () => {
    const key = createPrivateKey({ key: c.blob(2).bytes, format: 'der', type: 'pkcs8' });
    return blob(sign(digest, c.blob(1).bytes, key));
  });
}

function verified(c: Call): Value {
  const digest = signatureDigest(c.text(0));
  const key = guarded('Invalid public key', () =>
    createPublicKey({ key: c.blob(3).bytes, format: 'der', type: 'spki' }),
  );
  const expected = c.text(0).toUpperCase().startsWith('ECDSA') ? 'ec' : 'rsa';
  if (key.asymmetricKeyType !== expected)
    throwApex('SecurityException', 'Invalid public key for the algorithm');
  return verify(digest, c.blob(1).bytes, key, c.blob(2).bytes);
}

function cipherName(algorithm: string, key: Buffer): string {
  const bits = /^AES(128|192|256)$/i.exec(algorithm)?.[1] ?? noSuch(algorithm);
  if (key.length * 8 !== Number(bits))
    throwApex(
      'InvalidParameterValueException',
      `Invalid private key. Must be ${Number(bits) / 8} bytes.`,
    );
  return `aes-${bits}-cbc`;
}

function encrypt(algorithm: string, key: Buffer, iv: Buffer, data: Buffer): Buffer {
  const cipher = createCipheriv(cipherName(algorithm, key), key, iv);
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

function decrypt(algorithm: string, key: Buffer, iv: Buffer, data: Buffer): Buffer {
  return guarded('Given final block not properly padded', () => {
    const cipher = createDecipheriv(cipherName(algorithm, key), key, iv);
    return Buffer.concat([cipher.update(data), cipher.final()]);
  });
}

const IV_BYTES = 16;

defineType({
  name: 'Crypto',
  statics: {
    'Blob generateDigest(String algorithm, Blob input)': (c) =>
      blob(
        createHash(digestOf(c.text(0)))
          .update(c.blob(1).bytes)
          .digest(),
      ),
    'Blob generateMac(String algorithm, Blob input, Blob key)': (c) => blob(mac(c)),
    'Boolean verifyHMac(String algorithm, Blob input, Blob key, Blob mac)': (c) => {
      const [expected, given] = [mac(c), c.blob(3).bytes];
      return expected.length === given.length && timingSafeEqual(expected, given);
    },
    'Blob sign(String algorithm, Blob input, Blob privateKey)': signed,
    'Boolean verify(String algorithm, Blob input, Blob signature, Blob publicKey)': verified,
    'Blob generateAesKey(Integer bits)': (c) => blob(randomBytes(c.integer(0) / 8)),
    'Blob encryptWithManagedIV(String algorithm, Blob key, Blob data)': (c) => {
      const iv = randomBytes(IV_BYTES);
      return blob(Buffer.concat([iv, encrypt(c.text(0), c.blob(1).bytes, iv, c.blob(2).bytes)]));
    },
    'Blob decryptWithManagedIV(String algorithm, Blob key, Blob data)': (c) => {
      const { bytes } = c.blob(2);
      return blob(
        decrypt(c.text(0), c.blob(1).bytes, bytes.subarray(0, IV_BYTES), bytes.subarray(IV_BYTES)),
      );
    },
    'Blob encrypt(String algorithm, Blob key, Blob iv, Blob data)': (c) =>
      blob(encrypt(c.text(0), c.blob(1).bytes, c.blob(2).bytes, c.blob(3).bytes)),
    'Blob decrypt(String algorithm, Blob key, Blob iv, Blob data)': (c) =>
      blob(decrypt(c.text(0), c.blob(1).bytes, c.blob(2).bytes, c.blob(3).bytes)),
    'Integer getRandomInteger()': () => randomBytes(4).readInt32BE(),
    'Long getRandomLong()': () => randomBytes(8).readBigInt64BE(),
  },
});

/** As Java's URLEncoder: a space becomes a plus sign. */
function urlEncode(text: string): string {
  return encodeURIComponent(text)
    .replace(/%20/g, '+')
    .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function fromHex(text: string): Buffer {
  if (!/^([0-9a-f]{2})*$/i.test(text))
    throwApex('InvalidParameterValueException', `Invalid hex text: ${text}`);
  return Buffer.from(text, 'hex');
}

function fromBase64(text: string): Buffer {
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text))
    throwApex('StringException', 'Unrecognized base64 character');
  return Buffer.from(text, 'base64');
}

defineType({
  name: 'EncodingUtil',
  statics: {
    'String base64Encode(Blob input)': (c) => c.blob(0).bytes.toString('base64'),
    'Blob base64Decode(String text)': (c) => blob(fromBase64(c.text(0))),
    'String convertToHex(Blob input)': (c) => c.blob(0).bytes.toString('hex'),
    'Blob convertFromHex(String text)': (c) => blob(fromHex(c.text(0))),
    'String urlEncode(String text, String charset)': (c) => urlEncode(c.text(0)),
    'String urlDecode(String text, String charset)': (c) =>
      guarded('Invalid encoding', () => decodeURIComponent(c.text(0).replace(/\+/g, ' '))),
  },
});

class UuidValue extends NativeObject {
  readonly identity: string;

  constructor(readonly text: string) {
    super('UUID');
    this.identity = `uuid:${text}`;
  }
}

defineType<UuidValue>({
  name: 'UUID',
  self: instance(UuidValue, 'UUID'),
  statics: {
    'UUID randomUUID()': () => new UuidValue(randomUUID()),
    'UUID fromString(String text)': (c) => {
      const text = asText(c.value(0)).toLowerCase();
      if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text))
        throwApex('IllegalArgumentException', `Invalid UUID string: ${text}`);
      return new UuidValue(text);
    },
  },
  methods: { 'String toString()': (self) => self.text },
});
