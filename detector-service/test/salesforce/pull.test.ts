import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { VerificationResource } from '../../src/http/schemas/verification.js';
import { loadSalesforceOrgs } from '../../src/salesforce/orgs.js';
import {
  FakeOrg,
  FOUND,
  HUGE,
  MEDIA,
  MISSING,
  ORG_ID,
  REDIRECTED,
  type Transfer,
} from '../support/fake-org.js';
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
    MEDIAGUARD_MAX_BYTES: '200000',
    MEDIAGUARD_MAX_ATTEMPTS: '2',
  });
});
afterAll(async () => {
  await running.stop();
  org.close();
  await removeFolder(folder);
});

async function verify(contentVersionId: string): Promise<VerificationResource> {
  const accepted = await running.send('/v1/verifications', {
    method: 'POST',
    body: JSON.stringify({ source: { type: 'salesforce', contentVersionId } }),
    headers: { 'Content-Type': 'application/json' },
  });
  expect(accepted.status).toBe(202);
  const location = accepted.headers.get('Location') ?? '';
  const ended = await running.send(location, { headers: { Prefer: 'wait=10' } });
  return (await ended.json()) as VerificationResource;
}

it('pulls the bytes with a token of its own and judges them', async () => {
  const resource = await verify(FOUND);

  expect(resource).toMatchObject({
    status: 'complete',
    externalId: FOUND,
    media: { sizeBytes: MEDIA.length },
  });
  expect(org.paths).toContain(`/services/data/v65.0/sobjects/ContentVersion/${FOUND}/VersionData`);
});

it('logs in again when the token is no longer taken', async () => {
  org.expiredTokens = 1;
  const before = org.logins;
  const resource = await verify('068000000000009AAA');

  expect(resource.status).toBe('complete');
  expect(org.logins).toBe(before + 1);
});

it.each([
  ['that does not exist', MISSING, 'source.not_found'],
  ['past the limit', HUGE, 'media.too_large'],
])('refuses a file %s', async (_name, id, code) => {
  expect(await verify(id)).toMatchObject({ status: 'failed', problem: { code } });
});

it('follows no redirect', async () => {
  expect(await verify(REDIRECTED)).toMatchObject({
    status: 'failed',
    problem: { code: 'verification.exhausted' },
  });
});

describe('a connection that breaks', () => {
  let count = 0;
  const media = randomBytes(150_000);
  const sha256 = createHash('sha256').update(media).digest('hex');
  beforeEach(() => {
    org.ranges.length = 0;
  });

  function pull(transfer: Omit<Transfer, 'media'> & { media?: Buffer }) {
    const id = `0680000000001${String((count += 1)).padStart(2, '0')}AAA`;
    org.transfers.set(id, { media, ...transfer });
    return { id, resource: verify(id) };
  }

  it.each([
    ['by the parts that are missing', { isRanged: true, etag: '"v1"' }],
    ['without an ETag', { isRanged: true }],
    ['from an org that sends the whole file again', { isRanged: false }],
    ['of a length that is not known', { isRanged: true, isLengthKnown: false }],
  ])('is made up for %s', async (_how, behaviour) => {
    const { resource } = pull({ ...behaviour, cuts: [40_000, 90_000] });

    expect(await resource).toMatchObject({
      status: 'complete',
      media: { sha256, sizeBytes: media.length },
    });
    expect(org.ranges).toHaveLength(3);
    expect(org.ranges[0]).toBe('');
    expect(org.ranges[1]).toMatch(/^bytes=\d+-$/);
  });

  it('is no harm when it breaks behind the last byte', async () => {
    const cuts = [media.length];
    const { resource } = pull({ isRanged: true, isLengthKnown: false, cuts });

    expect(await resource).toMatchObject({ status: 'complete', media: { sha256 } });
    expect(org.ranges).toEqual(['', `bytes=${media.length}-`]);
  });

  it('never joins two different files: the next attempt begins anew', async () => {
    const other = randomBytes(150_000);
    const { id, resource } = pull({ isRanged: true, etag: '"v1"', cuts: [40_000] });
    while (org.ranges.length === 0) await sleep(1);
    org.transfers.set(id, { media: other, isRanged: true, etag: '"v2"', cuts: [] });

    expect(await resource).toMatchObject({
      status: 'complete',
      media: { sha256: createHash('sha256').update(other).digest('hex') },
    });
    expect(org.ranges).toEqual(['', 'bytes=40000-', '']);
  });

  it('is given up when it breaks again and again', async () => {
    const { resource } = pull({ isRanged: true, cuts: Array.from({ length: 20 }, () => 100) });

    expect(await resource).toMatchObject({
      status: 'failed',
      problem: { code: 'verification.exhausted' },
    });
    // Two attempts of five tries.
    expect(org.ranges).toHaveLength(10);
  });
});

it('is not possible for another tenant', async () => {
  const other = await running.createKey('other');
  const response = await running.send('/v1/verifications', {
    method: 'POST',
    body: JSON.stringify({
      source: { type: 'salesforce', contentVersionId: FOUND, orgId: ORG_ID },
    }),
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${other}` },
  });

  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({ code: 'source.unknown_org' });
});

it('names what is wrong with a registration', async () => {
  const file = join(folder, 'wrong.json');
  await writeFile(
    file,
    JSON.stringify([{ orgId: ORG_ID, tenant: 'a', loginUrl: 'http://example.com' }]),
  );

  await expect(loadSalesforceOrgs(file)).rejects.toThrow(/0\.loginUrl.*https/s);
});
