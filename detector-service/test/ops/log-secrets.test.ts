/** Realistic traffic, faults included, with every line the service logs held against what must never be in one. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

import type { VerificationResource } from '../../src/http/schemas/verification.js';
import { createLog } from '../../src/ops/log.js';
import { FakeOrg, MISSING, TOKEN } from '../support/fake-org.js';
import { runService, type RunningService } from '../support/running-service.js';
import { clearOutcome } from '../support/scripted-pipeline.js';
import { removeFolder } from '../support/service-data.js';

const NAME = 'Smith-divorce-settlement';
const MEDIA = Buffer.from(`a face that must not leak ${randomBytes(8).toString('hex')}`);
const REVIEWER = 'jane.reviewer@example.com';
const REASON = 'the witness told us in confidence';
const UNKNOWN_KEY = `mg_${randomBytes(32).toString('base64url')}`;
const ISSUER = 'https://login.example.com/';

const lines: string[] = [];
let folder: string;
let org: FakeOrg;
let running: RunningService;
let token: string;
/** Every request's id, as it was answered. */
const requestIds: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-log-'));
  org = new FakeOrg();
  await org.open();
  const issuer = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(issuer.publicKey)), kid: 'k1' };
  await writeFile(join(folder, 'jwks.json'), JSON.stringify({ keys: [jwk] }));
  await writeFile(
    join(folder, 'issuers.json'),
    JSON.stringify([
      {
        tenant: 'acme',
        issuer: ISSUER,
        audience: 'mediaguard',
        jwksFile: 'jwks.json',
        scopes: ['verifications:read', 'verifications:write'],
      },
    ]),
  );
  token = await new SignJWT({ scope: 'verifications:read' })
    .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
    .setIssuer(ISSUER)
    .setAudience('mediaguard')
    .setSubject(REVIEWER)
    .setExpirationTime('5m')
    .sign(issuer.privateKey);
  running = await runService(
    {
      MEDIAGUARD_SALESFORCE_ORGS: await org.register(folder, 'acme'),
      MEDIAGUARD_TOKEN_ISSUERS: join(folder, 'issuers.json'),
      MEDIAGUARD_MAX_ATTEMPTS: '2',
    },
    undefined,
    createLog('trace', { write: (line) => void lines.push(line) }),
  );
  await makeTraffic();
  await running.stop();
});
afterAll(async () => {
  org.close();
  await removeFolder(folder);
});

async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await running.send(path, init);
  requestIds.push(response.headers.get('X-Request-Id') ?? 'none');
  return response;
}

const post = (
  body: NonNullable<RequestInit['body']>,
  headers: Record<string, string>,
): Promise<Response> =>
  send('/v1/verifications', { method: 'POST', body, headers: { Prefer: 'wait=10', ...headers } });
const json = { 'Content-Type': 'application/json' };
const contextOf = (externalId: string, fileName = `${NAME}.jpg`): string =>
  Buffer.from(
    JSON.stringify({
      externalId,
      fileName,
      uploadedBy: REVIEWER,
      channelKeyId: 'camera-1',
      signature: 'c2lnbmVkIGJvZHk',
    }),
  ).toString('base64url');

async function makeTraffic(): Promise<void> {
  const raw = (id: string, fileName?: string) =>
    post(MEDIA, { 'Content-Type': 'image/jpeg', 'MediaGuard-Context': contextOf(id, fileName) });
  const { id } = (await (await raw('068000000000101AAA')).json()) as VerificationResource;
  await send(`/v1/verifications/${id}/evidence/preview.jpg`);
  await send(`/v1/verifications/${id}/evidence/${NAME}.jpg`);
  const decision = {
    decision: 'confirm_fake',
    reason: REASON,
    decidedBy: REVIEWER,
    decidedAt: new Date().toISOString(),
  };
  await send(`/v1/verifications/${id}/decision`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify(decision),
  });
  await send('/v1/release-tokens', {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ verificationId: id }),
  });

  const form = new FormData();
  form.set('file', new Blob([MEDIA]), `${NAME}.png`);
  form.set('context', JSON.stringify({ fileName: `${NAME}.png` }));
  await post(form, {});
  const inline = { type: 'inline', base64: MEDIA.toString('base64') };
  await post(JSON.stringify({ source: inline, context: { fileName: NAME } }), json);
  // What cannot be read, or is not what it should be.
  await post(`{"source": {"type": "inline", "base64": "${inline.base64}", ${NAME}`, json);
  await post(JSON.stringify({ source: { type: NAME } }), json);
  await post(MEDIA, { 'Content-Type': 'image/jpeg', 'MediaGuard-Context': `${NAME}!` });
  // Text that the database cannot hold.
  await raw('068000000000102AAA', `${NAME}\u0000.jpg`);

  for (const credential of [token, `${token}x`, UNKNOWN_KEY, `${running.key}x`, NAME]) {
    await send(`/v1/verifications/${id}?name=${NAME}`, {
      headers: { Authorization: `Bearer ${credential}` },
    });
  }
  await faultsOfJobs(raw);
  await faultsOfOrgs();
}

/** Attempts that fail, and a vault file that was changed. */
async function faultsOfJobs(raw: (id: string) => Promise<Response>): Promise<void> {
  running.pipeline.script = async ({ path }) => {
    await readFile(`${path}.missing`);
    throw new Error('Unreachable.');
  };
  await post(randomBytes(40), {
    'Content-Type': 'image/jpeg',
    'MediaGuard-Context': contextOf('x'),
  });
  running.pipeline.script = clearOutcome;
  const kept = (await (await raw('068000000000103AAA')).json()) as VerificationResource;
  await running.service.parts.database.query(
    `update evidence set blob_id = repeat('0', 32) where verification_id = $1`,
    [kept.id],
  );
  await send(`/v1/verifications/${kept.id}/evidence/preview.jpg`);
}

/** Pulls and pushes, with logins and answers that fail. */
async function faultsOfOrgs(): Promise<void> {
  const pull = (contentVersionId: string): Promise<Response> =>
    post(
      JSON.stringify({
        source: { type: 'salesforce', contentVersionId },
        context: { fileName: `${NAME}.mov` },
      }),
      { ...json, Prefer: 'respond-async' },
    );
  org.expiredTokens = 1;
  org.brokenLogins = 1;
  org.answers.push(500, 302, 400);
  await pull('068000000000104AAA');
  await pull('068000000000105AAA');
  await pull(MISSING);
  const { deliveries, queue } = running.service.parts;
  const isBusy = async (): Promise<boolean> => {
    const { ready, delayed, leased } = await queue.depth();
    return ready + delayed + leased + (await deliveries.depth()).waiting > 0;
  };
  // The test's own limit ends it otherwise.
  while (await isBusy()) await sleep(50);
}

const events = (): Set<unknown> =>
  new Set(lines.map((line) => (JSON.parse(line) as { event: unknown }).event));

it('is about traffic that went well and badly', () => {
  expect([...events()]).toEqual(
    expect.arrayContaining([
      'request.done',
      'request.failed',
      'verification.complete',
      'verification.refused',
      'verification.retried',
      'verification.dead',
      'decision.recorded',
      'delivery.done',
      'delivery.retried',
      'delivery.dead',
    ]),
  );
});

it('holds no name, secret, token or byte', () => {
  const log = lines.join('');
  const forbidden = [
    NAME,
    REVIEWER,
    REASON,
    MEDIA.toString(),
    MEDIA.subarray(0, 18).toString(),
    MEDIA.subarray(0, 18).toString('base64'),
    MEDIA.subarray(0, 18).toString('hex'),
    running.key,
    UNKNOWN_KEY,
    token,
    TOKEN,
    'c2lnbmVkIGJvZHk',
  ];
  for (const text of forbidden) expect(log).not.toContain(text);
  // API keys, JWS of any kind, private keys, and headers that carry one.
  expect(log).not.toMatch(/mg_[\w-]{20}|eyJ[\w-]{8,}|BEGIN [A-Z ]*KEY|Bearer|grant_type/i);
});

it('lets every request be found by its id', () => {
  const logged = new Set(
    lines
      .map((line) => JSON.parse(line) as { event: string; requestId?: string })
      .filter(({ event }) => event === 'request.done')
      .map(({ requestId }) => requestId),
  );

  expect(requestIds.length).toBeGreaterThan(15);
  expect(requestIds.filter((id) => !logged.has(id))).toEqual([]);
});
