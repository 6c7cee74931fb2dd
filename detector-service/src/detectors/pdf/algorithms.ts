import type { AlgorithmIdentifier } from 'pkijs';
import { RSASSAPSSParams } from 'pkijs';
import { constants, createHash, verify, type KeyObject } from 'node:crypto';

/** Digest algorithms by object identifier, under the names that OpenSSL has for them. */
const DIGESTS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.5': 'md5',
  '1.3.14.3.2.26': 'sha1',
  '1.3.36.3.2.1': 'ripemd160',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.7': 'sha3-224',
  '2.16.840.1.101.3.4.2.8': 'sha3-256',
  '2.16.840.1.101.3.4.2.9': 'sha3-384',
  '2.16.840.1.101.3.4.2.10': 'sha3-512',
  '2.16.840.1.101.3.4.2.12': 'shake256',
};

/** Signature algorithms that name their digest. */
const SIGNATURE_DIGESTS: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'md5',
  '1.2.840.113549.1.1.5': 'sha1',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.113549.1.1.14': 'sha224',
  '2.16.840.1.101.3.4.3.13': 'sha3-224',
  '2.16.840.1.101.3.4.3.14': 'sha3-256',
  '2.16.840.1.101.3.4.3.15': 'sha3-384',
  '2.16.840.1.101.3.4.3.16': 'sha3-512',
  '1.2.840.10045.4.1': 'sha1',
  '1.2.840.10045.4.3.1': 'sha224',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '2.16.840.1.101.3.4.3.9': 'sha3-224',
  '2.16.840.1.101.3.4.3.10': 'sha3-256',
  '2.16.840.1.101.3.4.3.11': 'sha3-384',
  '2.16.840.1.101.3.4.3.12': 'sha3-512',
  '1.2.840.10040.4.3': 'sha1',
  '2.16.840.1.101.3.4.3.2': 'sha256',
};

const RSA_PSS = '1.2.840.113549.1.1.10';
/** RSA, EC and DSA keys, for which the digest stands beside them. */
const KEY_ALGORITHMS = new Set(['1.2.840.113549.1.1.1', '1.2.840.10045.2.1', '1.2.840.10040.4.1']);
const EDWARDS = new Set(['1.3.101.112', '1.3.101.113']);

/** Digests in which collisions can be made. */
export const WEAK_DIGESTS: ReadonlySet<string> = new Set(['md5', 'sha1']);

export function digestName(oid: string): string | null {
  return DIGESTS[oid] ?? null;
}

/** @returns null where OpenSSL here does not know the algorithm */
export function digest(name: string, parts: readonly Buffer[]): Buffer | null {
  try {
    const hash = createHash(name, name === 'shake256' ? { outputLength: 64 } : undefined);
    for (const part of parts) hash.update(part);
    return hash.digest();
  } catch {
    return null;
  }
}

/**
 * Verifies a signature value.
 *
 * @param digestOf the digest algorithm that stands beside the signature algorithm
 * @returns null where the algorithm or key is not supported
 */
export function verifySignature(
  algorithm: AlgorithmIdentifier,
  digestOf: string,
  key: KeyObject,
  data: Buffer,
  signature: Buffer,
): boolean | null {
  const { algorithmId } = algorithm;
  try {
    if (EDWARDS.has(algorithmId)) return verify(null, data, key, signature);
    if (algorithmId === RSA_PSS) return verifyPss(algorithm, digestOf, key, data, signature);
    const name = KEY_ALGORITHMS.has(algorithmId) ? digestOf : SIGNATURE_DIGESTS[algorithmId];
    if (!name) return null;
    // Some writers name one digest and use the other; either way the key's owner signed exactly this data.
    return verify(name, data, key, signature) || verify(digestOf, data, key, signature);
  } catch {
    return null;
  }
}

function verifyPss(
  algorithm: AlgorithmIdentifier,
  digestOf: string,
  key: KeyObject,
  data: Buffer,
  signature: Buffer,
): boolean | null {
  const parameters = new RSASSAPSSParams({ schema: algorithm.algorithmParams });
  const name = digestName(parameters.hashAlgorithm.algorithmId) ?? digestOf;
  return verify(
    name,
    data,
    { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: parameters.saltLength },
    signature,
  );
}
