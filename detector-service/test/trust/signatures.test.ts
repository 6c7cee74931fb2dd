import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';

import { openStore, type Store } from '../../src/store/open.js';
import { signAttestation, signReleaseToken } from '../../src/trust/attestation.js';
import { SigningKeys } from '../../src/trust/signing-keys.js';
import { freshDataFolder, removeFolder } from '../support/service-data.js';

let folder: string;
let store: Store;
let keys: SigningKeys;

beforeAll(async () => {
  folder = await freshDataFolder();
  store = await openStore({ dataFolder: folder });
  keys = new SigningKeys(store.database, store.masterKey);
});
afterAll(async () => {
  await store.database.close();
  await removeFolder(folder);
});

const issuance = {
  issuer: 'https://detector.example.com',
  issuedAt: new Date(),
  expiresAt: new Date(Date.now() + 60_000),
};
const verdict = {
  verificationId: 'ver_1',
  externalId: '068000000000001AAA',
  sha256: 'ab'.repeat(32),
  md5: 'cd'.repeat(16),
  sizeBytes: 12,
  verdict: 'clear' as const,
  score: 0.1,
  models: [{ id: 'image', version: '1.0.0' }],
};

/** DER of an ECDSA signature, as Apex builds it: two ASN.1 integers, shortest form, never negative. */
function toDer(raw: Buffer): Buffer {
  const integer = (bytes: Buffer): Buffer => {
    let start = 0;
    while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
    const value = bytes.subarray(start);
    const padded = (value[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), value]) : value;
    return Buffer.concat([Buffer.from([0x02, padded.length]), padded]);
  };
  const body = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

describe('an attestation', () => {
  it('verifies with the published keys and carries what was judged', async () => {
    const token = await signAttestation(await keys.current(), verdict, issuance);
    const { payload, protectedHeader } = await jwtVerify(
      token,
      createLocalJWKSet(await keys.jwks()),
      { issuer: issuance.issuer, typ: 'mediaguard-attestation+jwt', algorithms: ['ES256'] },
    );
    const { verificationId, ...claims } = verdict;

    expect(protectedHeader.kid).toBe((await keys.current()).kid);
    expect(payload).toMatchObject({ ...claims, sub: verificationId });
    expect(payload.jti).toMatch(/^att_/);
    expect(payload.exp).toBe(Math.floor(issuance.expiresAt.getTime() / 1000));
  });

  it('verifies as DER, the form Apex takes, and not when a byte changes', async () => {
    // Many signatures, because DER differs in length with the leading bits of r and s.
    for (let round = 0; round < 50; round += 1) {
      const token = await signAttestation(await keys.current(), verdict, issuance);
      const [head = '', body = '', signature = ''] = token.split('.');
      const [jwk] = (await keys.jwks()).keys;
      const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
      const der = toDer(Buffer.from(signature, 'base64url'));

      expect(verify('sha256', Buffer.from(`${head}.${body}`), key, der)).toBe(true);
      expect(verify('sha256', Buffer.from(`${head}.${body}x`), key, der)).toBe(false);
    }
  });
});

describe('a release token', () => {
  it('is no attestation, and is bound to its audience', async () => {
    const { verificationId, externalId, sha256 } = verdict;
    const token = await signReleaseToken(
      await keys.current(),
      { verificationId, externalId, sha256, verdict: 'clear', ground: 'cleared', audience: 'crm' },
      issuance,
    );
    const jwks = createLocalJWKSet(await keys.jwks());

    await expect(
      jwtVerify(token, jwks, { typ: 'mediaguard-release+jwt', audience: 'crm' }),
    ).resolves.toBeDefined();
    await expect(jwtVerify(token, jwks, { typ: 'mediaguard-attestation+jwt' })).rejects.toThrow();
    await expect(jwtVerify(token, jwks, { audience: 'other' })).rejects.toThrow();
  });
});

describe('rotation', () => {
  it('signs with the new key and still publishes the old one', async () => {
    const before = await signAttestation(await keys.current(), verdict, issuance);
    const oldKid = (await keys.current()).kid;
    const newKid = await keys.rotate();
    const after = await signAttestation(await keys.current(), verdict, issuance);
    const published = await keys.jwks();
    const jwks = createLocalJWKSet(published);

    expect(newKid).not.toBe(oldKid);
    expect(published.keys.map(({ kid }) => kid)).toEqual([newKid, oldKid]);
    expect((await jwtVerify(before, jwks)).protectedHeader.kid).toBe(oldKid);
    expect((await jwtVerify(after, jwks)).protectedHeader.kid).toBe(newKid);
  });

  it('never stores or publishes a private key in the clear', async () => {
    const rows = await store.database.query<{ sealed_private_jwk: string }>(
      'select sealed_private_jwk from signing_key',
    );
    for (const row of rows) {
      expect(Buffer.from(row.sealed_private_jwk, 'base64').toString('latin1')).not.toContain('"d"');
    }
    expect(JSON.stringify(await keys.jwks())).not.toContain('"d"');
  });

  it('reads its keys again after a restart', async () => {
    const again = new SigningKeys(store.database, store.masterKey);

    expect((await again.current()).kid).toBe((await keys.current()).kid);
  });
});
