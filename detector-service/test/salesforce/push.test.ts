import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLocalJWKSet, jwtVerify } from 'jose';

import type { VerificationResource } from '../../src/http/schemas/verification.js';
import { FakeOrg, FOUND } from '../support/fake-org.js';
import { runService, type RunningService } from '../support/running-service.js';
import { removeFolder } from '../support/service-data.js';

let org: FakeOrg;
let running: RunningService;
let folder: string;

beforeAll(async () => {
  org = new FakeOrg();
  await org.open();
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-orgs-'));
  running = await runService({
    MEDIAGUARD_SALESFORCE_ORGS: await org.register(folder, 'acme'),
    MEDIAGUARD_MAX_ATTEMPTS: '1',
  });
});
afterAll(async () => {
  await running.stop();
  org.close();
  await removeFolder(folder);
});
beforeEach(() => {
  org.verdicts.length = 0;
  org.answers.length = 0;
});

async function sendLater(
  externalId: string,
  headers: Record<string, string> = {},
): Promise<VerificationResource> {
  const context = Buffer.from(JSON.stringify({ externalId })).toString('base64url');
  const response = await running.send('/v1/verifications', {
    method: 'POST',
    body: randomBytes(50),
    headers: {
      'Content-Type': 'image/jpeg',
      'MediaGuard-Context': context,
      Prefer: 'respond-async',
      ...headers,
    },
  });
  return (await response.json()) as VerificationResource;
}

/** Resolves once it holds; the test's own limit ends it otherwise. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(50);
}

const pending = () => running.service.parts.deliveries.depth();

it('brings a late verdict to the org, attested, until it is acknowledged', async () => {
  org.answers.push(503, 401, 302);
  const { id } = await sendLater(FOUND);
  await until(() => org.verdicts.length >= 4);
  await until(async () => (await pending()).waiting === 0);

  const verdict = org.verdicts.at(-1);
  expect(verdict).toMatchObject({ id, externalId: FOUND, status: 'complete', verdict: 'clear' });
  const jwks = await (await fetch(`${running.service.address}/.well-known/jwks.json`)).json();
  const { payload } = await jwtVerify(
    verdict?.attestation ?? '',
    createLocalJWKSet(jwks as { keys: [] }),
  );
  expect(payload).toMatchObject({ sub: id, externalId: FOUND, verdict: 'clear' });
  expect(org.paths.some((path) => path.includes('169.254'))).toBe(false);
});

it('brings the verdict on media it pulled', async () => {
  const response = await running.send('/v1/verifications', {
    method: 'POST',
    body: JSON.stringify({ source: { type: 'salesforce', contentVersionId: FOUND } }),
    headers: { 'Content-Type': 'application/json' },
  });
  const { id } = (await response.json()) as VerificationResource;
  await until(() => org.verdicts.some((verdict) => verdict.id === id));
});

it('keeps what the org refuses for an operator', async () => {
  org.answers.push(422);
  const { id } = await sendLater(FOUND);
  await until(async () => (await pending()).dead === 1);
  const { deliveries } = running.service.parts;

  expect(await deliveries.list(10)).toMatchObject([{ verificationId: id, state: 'dead' }]);
  expect(await deliveries.reviveDead()).toBe(1);
  await until(() => org.verdicts.length === 2);
});

it('brings nothing of failed work, of other ids, or of other tenants', async () => {
  const stranger = { Authorization: `Bearer ${await running.createKey('stranger')}` };
  const script = running.pipeline.script;
  await sendLater('record-1');
  await sendLater(FOUND, stranger);
  running.pipeline.script = () => Promise.reject(new Error('broken'));
  const { id } = await sendLater(FOUND);
  await running.send(`/v1/verifications/${id}`, { headers: { Prefer: 'wait=10' } });
  running.pipeline.script = script;
  const last = await sendLater(FOUND);
  await until(() => org.verdicts.length > 0);
  await until(async () => (await pending()).waiting === 0);

  expect(org.verdicts.map((verdict) => verdict.id)).toEqual([last.id]);
  expect(await running.service.parts.database.query('select 1 from delivery')).toEqual([]);
});
