import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPublicKey } from 'node:crypto';
import { jwtVerify } from 'jose';

import type { VerificationResource } from '../../src/http/schemas/verification.js';
import { loadSalesforceOrgs } from '../../src/salesforce/orgs.js';
import { runService, type RunningService } from '../support/running-service.js';
import { removeFolder } from '../support/service-data.js';

const ORG_ID = '00D000000000001AAA';
const FOUND = '068000000000001AAA';
const MISSING = '068000000000002AAA';
const HUGE = '068000000000003AAA';
const REDIRECTED = '068000000000004AAA';

const bytes = randomBytes(30_000);
const pair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** An org as far as the pull needs one. It really checks the assertion and the token. */
class FakeOrg {
  readonly server: Server = createServer(
    (request, response) => void this.#answer(request, response),
  );
  readonly paths: string[] = [];
  logins = 0;
  expiredTokens = 0;

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    this.paths.push(path);
    if (path === '/services/oauth2/token') {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      const claims = await jwtVerify(form.get('assertion') ?? '', createPublicKey(pair.publicKey), {
        issuer: 'client',
        subject: 'integration@example.com',
        audience: this.url,
      }).catch(() => undefined);
      this.logins += 1;
      response.writeHead(claims ? 200 : 400, { 'Content-Type': 'application/json' });
      const grant = { access_token: `token-${this.logins}`, instance_url: this.url };
      response.end(JSON.stringify(claims ? grant : { error: 'invalid_grant' }));
      return;
    }
    if (
      request.headers.authorization !== `Bearer token-${this.logins}` ||
      this.expiredTokens-- > 0
    ) {
      response.writeHead(401).end();
    } else if (path.includes(MISSING)) response.writeHead(404).end();
    else if (path.includes(REDIRECTED)) {
      response.writeHead(302, { Location: 'http://169.254.169.254/' }).end();
    } else if (path.includes(HUGE)) {
      response.writeHead(200);
      const timer = setInterval(() => response.write(randomBytes(50_000)), 5);
      response.once('close', () => clearInterval(timer));
    } else response.writeHead(200).end(bytes);
  }
}

let org: FakeOrg;
let running: RunningService;
let folder: string;

beforeAll(async () => {
  org = new FakeOrg();
  await new Promise<void>((resolve) => org.server.listen(0, '127.0.0.1', resolve));
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-orgs-'));
  await writeFile(join(folder, 'key.pem'), pair.privateKey);
  await writeFile(
    join(folder, 'orgs.json'),
    JSON.stringify([
      {
        orgId: ORG_ID,
        tenant: 'acme',
        loginUrl: org.url,
        instanceUrl: org.url,
        clientId: 'client',
        username: 'integration@example.com',
        privateKeyFile: 'key.pem',
      },
    ]),
  );
  running = await runService({
    MEDIAGUARD_SALESFORCE_ORGS: join(folder, 'orgs.json'),
    MEDIAGUARD_MAX_BYTES: '200000',
    MEDIAGUARD_MAX_ATTEMPTS: '2',
  });
});
afterAll(async () => {
  await running.stop();
  org.server.closeAllConnections();
  org.server.close();
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
    media: { sizeBytes: bytes.length },
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
