/** The key pair of the examples. It is public, and worth nothing anywhere else. */
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';

import type { Signer } from '../../src/trust/signing-keys.js';

export interface TestKeys {
  readonly note: string;
  readonly kid: string;
  readonly publicJwk: JWK;
  /** SubjectPublicKeyInfo in DER, base64: the form Apex `Crypto.verify` takes. */
  readonly spkiBase64: string;
  readonly privateJwk: JWK;
}

/** Reads the fixed pair; makes it if the file does not exist yet. */
export async function loadTestKeys(file: URL): Promise<TestKeys> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as TestKeys;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const pair = await generateKeyPair('ES256', { extractable: true });
  const publicPart = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(publicPart);
  const publicKey = createPublicKey({ key: publicPart as JsonWebKey, format: 'jwk' });
  const keys: TestKeys = {
    note: 'Signs the attestations of these examples and nothing else. Never trust it in an org.',
    kid,
    publicJwk: { ...publicPart, kid, alg: 'ES256', use: 'sig' },
    spkiBase64: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    privateJwk: await exportJWK(pair.privateKey),
  };
  await writeFile(file, `${JSON.stringify(keys, null, 2)}\n`);
  return keys;
}

export async function signerOf(keys: TestKeys): Promise<Signer> {
  const privateKey = await importJWK(keys.privateJwk, 'ES256');
  if (privateKey instanceof Uint8Array) throw new Error('Expected an EC key in test-keys.json.');
  return { kid: keys.kid, privateKey };
}
