/** Who may call, how much, and that one tenant never reaches another's data. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';

import type { VerificationResource } from '../../src/http/schemas/verification.js';
import { loadTokenIssuers } from '../../src/trust/token-issuers.js';
import { openApiFile } from '../support/contract.js';
import { runService, type RunningService } from '../support/running-service.js';
import { removeFolder } from '../support/service-data.js';

const ISSUER = 'https://login.example.com/';
const REMOTE_ISSUER = 'https://remote.example.com/';
const AUDIENCE = 'mediaguard';

let running: RunningService;
let folder: string;
let keyServer: Server;
let issuerKey: CryptoKey;
let strangerKey: CryptoKey;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-issuers-'));
  const issuer = await generateKeyPair('ES256');
  issuerKey = issuer.privateKey;
  strangerKey = (await generateKeyPair('ES256')).privateKey;
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(issuer.publicKey)), kid: 'k1' }] });
  keyServer = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(jwks);
  });
  await new Promise<void>((resolve) => keyServer.listen(0, '127.0.0.1', resolve));
  const { port } = keyServer.address() as AddressInfo;
  await writeFile(join(folder, 'jwks.json'), jwks);
  const entry = { audience: AUDIENCE, scopes: ['verifications:read', 'verifications:write'] };
  await writeFile(
    join(folder, 'issuers.json'),
    JSON.stringify([
      { ...entry, tenant: 'tokens', issuer: ISSUER, jwksFile: 'jwks.json' },
      {
        ...entry,
        tenant: 'remote',
        issuer: REMOTE_ISSUER,
        jwksUrl: `http://127.0.0.1:${port}/jwks`,
      },
    ]),
  );
  running = await runService({ MEDIAGUARD_TOKEN_ISSUERS: join(folder, 'issuers.json') });
});
afterAll(async () => {
  await running.stop();
  keyServer.close();
  await removeFolder(folder);
});

function tokenOf(
  claims: JWTPayload = {},
  key: CryptoKey | Uint8Array = issuerKey,
  alg = 'ES256',
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({
    iss: ISSUER,
    aud: AUDIENCE,
    sub: 'integration',
    iat: now,
    exp: now + 300,
    scope: 'verifications:read verifications:write usage:read',
    ...claims,
  })
    .setProtectedHeader({ alg, kid: 'k1' })
    .sign(key);
}

function bearer(credential: string): Record<string, string> {
  return { Authorization: `Bearer ${credential}` };
}

async function post(headers: Record<string, string>): Promise<Response> {
  return running.send('/v1/verifications', {
    method: 'POST',
    body: randomBytes(40),
    headers: { 'Content-Type': 'image/jpeg', Prefer: 'wait=10', ...headers },
  });
}

describe('a token of a registered issuer', () => {
  it.each([ISSUER, REMOTE_ISSUER])('of %s speaks for its tenant', async (iss) => {
    const headers = bearer(await tokenOf({ iss }));
    const posted = await post(headers);
    expect(posted.status).toBe(200);
    const { id } = (await posted.json()) as VerificationResource;

    expect((await running.send(`/v1/verifications/${id}`, { headers })).status).toBe(200);
    expect((await running.send(`/v1/verifications/${id}`)).status).toBe(404);
  });

  it('grants no more than its registration', async () => {
    const headers = bearer(await tokenOf());
    const response = await running.send('/v1/usage', { headers });

    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'auth.scope' });
  });

  const past = Math.floor(Date.now() / 1000) - 3_600;
  it.each<[string, () => Promise<string>]>([
    ['has expired', () => tokenOf({ exp: past })],
    ['never expires', () => tokenOf({ exp: undefined })],
    ['is not valid yet', () => tokenOf({ nbf: past + 7_200 })],
    ['is for another audience', () => tokenOf({ aud: 'another' })],
    ['is of an unknown issuer', () => tokenOf({ iss: 'https://evil.example.com/' })],
    ['is signed with another key', () => tokenOf({}, strangerKey)],
    ['is signed with a shared secret', () => tokenOf({}, randomBytes(32), 'HS256')],
    ['names no subject', () => tokenOf({ sub: undefined })],
    [
      'is not signed',
      async () => {
        const [, payload = ''] = (await tokenOf()).split('.');
        return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
      },
    ],
    ['is longer than any', async () => `${await tokenOf()}${'A'.repeat(9_000)}`],
  ])('is refused when it %s', async (_why, make) => {
    const response = await running.send('/v1/models', { headers: bearer(await make()) });

    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'auth.required' });
  });

  it.each([
    [{ jwksUrl: 'http://keys.example.com/' }, /0\.jwksUrl\]: must be https/],
    [{}, /needs either jwksUrl or jwksFile/],
    [{ jwksFile: 'a', scopes: ['everything'] }, /0\.scopes\.0/],
  ])('needs a sound registration, unlike %j', async (part, fault) => {
    const file = join(folder, 'wrong.json');
    const entry = { tenant: 't', issuer: 'i', audience: 'a', scopes: ['usage:read'], ...part };
    await writeFile(file, JSON.stringify([entry]));

    await expect(loadTokenIssuers(file)).rejects.toThrow(fault);
  });
});

describe('an API key', () => {
  it('ends when its time is up', async () => {
    const { apiKeys } = running.service.parts;
    const soon = await apiKeys.create('acme', 'past', undefined, new Date(Date.now() - 1_000));

    expect((await running.send('/v1/models', { headers: bearer(soon.key) })).status).toBe(401);
  });

  it('goes on beside its successor until the overlap ends', async () => {
    const { apiKeys } = running.service.parts;
    const old = await apiKeys.create('acme', 'old', ['usage:read']);
    const renewed = await apiKeys.renew(old.id, new Date(Date.now() + 60_000));
    if (!renewed) throw new Error('Expected a new key.');

    for (const { key } of [old, renewed]) {
      expect((await running.send('/v1/usage', { headers: bearer(key) })).status).toBe(200);
    }
    expect(await apiKeys.renew(old.id, new Date(Date.now() - 1_000))).toBeDefined();
    expect((await running.send('/v1/usage', { headers: bearer(old.key) })).status).toBe(401);
    expect(await apiKeys.renew(old.id, new Date())).toBeUndefined();
  });
});

describe('a daily quota', () => {
  it('is counted exactly, told in headers, and answered with 429', async () => {
    const headers = bearer(await running.createKey('quota'));
    await running.service.parts.tenants.change('quota', { dailyQuota: 3 });
    const statuses = await Promise.all(
      Array.from({ length: 6 }, async () => (await post(headers)).status),
    );
    const refused = await post(headers);

    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ code: 'limit.quota' });
    expect(refused.headers.get('RateLimit-Policy')).toMatch(/"day";q=3;w=86400/);
    expect(refused.headers.get('RateLimit')).toMatch(/"burst";r=\d+;t=0, "day";r=0;t=\d+/);
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect((await post({})).status).toBe(200);
  });
});

describe('another tenant', () => {
  it('gets nothing of a verification by any operation that names one', async () => {
    const posted = (await (
      await post({ 'Idempotency-Key': 'own' })
    ).json()) as VerificationResource;
    const stranger = bearer(await running.createKey('stranger'));
    const json = { ...stranger, 'Content-Type': 'application/json' };
    const decision = {
      decision: 'release',
      reason: 'mine now',
      decidedBy: 'stranger',
      decidedAt: new Date().toISOString(),
    };
    const bodies: Readonly<Record<string, unknown>> = {
      recordDecision: decision,
      createReleaseToken: { verificationId: posted.id },
    };
    const name = posted.evidence[0]?.name ?? '';
    const answers = new Map<string, number>();
    for (const [path, methods] of Object.entries(openApiFile.paths)) {
      for (const [method, { operationId }] of Object.entries(methods)) {
        if (!path.includes('{id}') && !(operationId in bodies)) continue;
        const address = path.replace('{id}', posted.id).replace('{name}', name);
        const body = bodies[operationId];
        const response = await running.send(address, {
          method: method.toUpperCase(),
          headers: body ? json : stranger,
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        answers.set(operationId, response.status);
        expect(await response.text()).not.toContain(posted.attestation ?? 'none');
      }
    }

    expect(Object.fromEntries(answers)).toMatchObject({
      getVerification: 404,
      getEvidence: 404,
      recordDecision: 404,
      createReleaseToken: 404,
    });
    expect([...answers.values()].every((status) => status === 404)).toBe(true);
    const own = await running.send(`/v1/verifications/${posted.id}`);
    expect(((await own.json()) as VerificationResource).decision).toBeUndefined();
  });

  it('gets no answer from its store, its idempotency keys or its usage', async () => {
    const stranger = bearer(await running.createKey('second-stranger'));
    const bytes = randomBytes(60);
    const send = async (headers: Record<string, string>) => {
      const response = await running.send('/v1/verifications', {
        method: 'POST',
        body: bytes,
        headers: {
          'Content-Type': 'image/jpeg',
          Prefer: 'wait=10',
          'Idempotency-Key': 'shared',
          ...headers,
        },
      });
      return (await response.json()) as VerificationResource;
    };
    const own = await send({});
    const before = running.pipeline.calls.length;
    const foreign = await send(stranger);
    const usage = await running.send('/v1/usage', { headers: stranger });

    expect(foreign.id).not.toBe(own.id);
    expect(running.pipeline.calls).toHaveLength(before + 1);
    expect(await usage.json()).toMatchObject({ days: [{ verifications: 1, bytes: 60 }] });
  });
});
