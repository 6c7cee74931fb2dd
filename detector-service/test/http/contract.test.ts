import { readdirSync } from 'node:fs';
import { createPublicKey, randomBytes, verify } from 'node:crypto';

import { buildOpenApi } from '../../src/http/contract/openapi.js';
import type { VerificationResource } from '../../src/http/schemas/verification.js';
import { MediaRefusedError } from '../../src/verdict/types.js';
import { answerFaults, faultsOf, openApiFile } from '../support/contract.js';
import { example, EXAMPLES, schemaOfExample } from '../support/contract-examples.js';
import { runService, type RunningService } from '../support/running-service.js';
import { clearOutcome } from '../support/scripted-pipeline.js';

describe('the OpenAPI file', () => {
  it('is what the source describes', () => {
    expect(openApiFile).toEqual(JSON.parse(JSON.stringify(buildOpenApi())));
  });

  it('stays inside what Salesforce External Services read', () => {
    const text = JSON.stringify(openApiFile);
    for (const keyword of [
      'not',
      'oneOf',
      'anyOf',
      'allOf',
      'discriminator',
      'patternProperties',
    ]) {
      expect(text).not.toContain(`"${keyword}":`);
    }
    const ids = Object.values(openApiFile.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z]+$/);
  });
});

describe('the examples', () => {
  const names = readdirSync(EXAMPLES).filter((name) => name !== 'test-keys.json');
  const keys = example('test-keys.json') as { spkiBase64: string };

  it.each(names)('%s is of its schema', (name) => {
    expect(faultsOf(schemaOfExample(name), example(name))).toEqual([]);
  });

  it.each(['clear.json', 'synthetic.json', 'tampered.json'])(
    '%s carries an attestation that verifies and says the same',
    (name) => {
      const resource = example(name) as VerificationResource;
      const [head = '', body = '', signature = ''] = (resource.attestation ?? '').split('.');
      const key = createPublicKey({
        key: Buffer.from(keys.spkiBase64, 'base64'),
        format: 'der',
        type: 'spki',
      });
      const isValid = verify(
        'sha256',
        Buffer.from(`${head}.${body}`),
        { key, dsaEncoding: 'ieee-p1363' },
        Buffer.from(signature, 'base64url'),
      );

      expect(isValid).toBe(true);
      expect(JSON.parse(Buffer.from(body, 'base64url').toString('utf8'))).toMatchObject({
        sub: resource.id,
        externalId: resource.externalId,
        sha256: resource.media?.sha256,
        verdict: resource.verdict,
        score: resource.score,
      });
    },
  );
});

describe('answers', () => {
  let running: RunningService;
  beforeAll(async () => {
    running = await runService();
  });
  afterAll(() => running.stop());
  beforeEach(() => {
    running.pipeline.script = clearOutcome;
  });

  const post = (path: string, body: RequestInit['body'], headers: Record<string, string> = {}) =>
    running.send(path, { method: 'POST', body, headers });
  const postMedia = (headers: Record<string, string> = {}) =>
    post('/v1/verifications', randomBytes(64), { 'Content-Type': 'image/jpeg', ...headers });
  const json = { 'Content-Type': 'application/json' };

  it('are as declared for verifications', async () => {
    const path = '/v1/verifications';
    expect(await answerFaults(path, 'post', await postMedia())).toEqual([]);
    const queued = await postMedia({ Prefer: 'respond-async' });
    expect(await answerFaults(path, 'post', queued)).toEqual([]);
    expect(await answerFaults(path, 'post', await post(path, '{', json))).toEqual([]);
    running.pipeline.script = () =>
      Promise.reject(new MediaRefusedError('media.unreadable', 'It cannot be decoded.'));
    const refused = await postMedia();
    expect(refused.status).toBe(422);
    expect(await answerFaults(path, 'post', refused)).toEqual([]);
    const { verificationId } = (await refused.json()) as { verificationId: string };
    const failed = await running.send(`${path}/${verificationId}`);
    expect(await answerFaults(`${path}/{id}`, 'get', failed)).toEqual([]);
    const missing = await running.send(`${path}/ver_none`);
    expect(await answerFaults(`${path}/{id}`, 'get', missing)).toEqual([]);
  });

  it('are as declared for decisions and release tokens', async () => {
    const { id } = (await (await postMedia({ Prefer: 'wait=10' })).json()) as { id: string };
    const decide = (decision: string) =>
      post(
        `/v1/verifications/${id}/decision`,
        JSON.stringify({
          decision,
          reason: 'Seen.',
          decidedBy: '005',
          decidedAt: '2026-01-01T01:00:00+01:00',
        }),
        json,
      );
    const release = () =>
      post('/v1/release-tokens', JSON.stringify({ verificationId: id, audience: 'crm' }), json);
    const tokens = '/v1/release-tokens';

    expect(await answerFaults(tokens, 'post', await release())).toEqual([]);
    const decided = await decide('confirm_fake');
    expect(await answerFaults('/v1/verifications/{id}/decision', 'post', decided)).toEqual([]);
    expect(await decided.json()).toMatchObject({ decision: { decision: 'confirm_fake' } });
    const refused = await release();
    expect(refused.status).toBe(409);
    expect(await answerFaults(tokens, 'post', refused)).toEqual([]);
    await decide('release');
    expect((await release()).status).toBe(200);
    const wrong = await decide('maybe');
    expect(wrong.status).toBe(422);
    expect(await answerFaults('/v1/verifications/{id}/decision', 'post', wrong)).toEqual([]);
  });

  it.each(['/v1/usage', '/v1/models', '/.well-known/jwks.json', '/healthz', '/readyz'])(
    'are as declared for %s',
    async (path) => {
      const response = await running.send(path);

      expect(response.status).toBe(200);
      expect(await answerFaults(path, 'get', response)).toEqual([]);
    },
  );

  it('count what was used', async () => {
    const before = await usedBytes();
    await postMedia({ Prefer: 'wait=10' });

    expect((await usedBytes()) - before).toBe(64);
    expect((await running.send('/v1/usage?from=2026-13-01')).status).toBe(422);
  });

  async function usedBytes(): Promise<number> {
    const usage = (await (await running.send('/v1/usage')).json()) as { days: { bytes: number }[] };
    return usage.days.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  it('serve the contract itself and metrics without a tenant in them', async () => {
    expect(await (await fetch(`${running.service.address}/openapi.json`)).json()).toEqual(
      openApiFile,
    );
    const metrics = await (await running.send('/metrics')).text();
    expect(metrics).toContain('mediaguard_verifications_total');
    expect(metrics).not.toContain('acme');
  });

  it.each([
    ['no key', '/v1/models', {}, 401, 'auth.required'],
    [
      'a key that is not known',
      '/v1/models',
      { Authorization: `Bearer mg_${'A'.repeat(43)}` },
      401,
      'auth.required',
    ],
    ['another scheme', '/v1/models', { Authorization: 'Basic YTpi' }, 401, 'auth.required'],
  ])('refuse %s', async (_name, path, headers: Record<string, string>, status, code) => {
    const response = await fetch(`${running.service.address}${path}`, { headers });

    expect(response.status).toBe(status);
    expect(response.headers.get('WWW-Authenticate')).toMatch(/^Bearer/);
    expect(await response.json()).toMatchObject({ code });
  });

  it('refuse a key without the scope, and a revoked key', async () => {
    const reader = await running.createKey('acme', ['verifications:read']);
    const headers = { Authorization: `Bearer ${reader}` };
    const scoped = await running.send('/v1/usage', { headers });
    expect(scoped.status).toBe(403);
    expect(await answerFaults('/v1/usage', 'get', scoped)).toEqual([]);
    expect((await running.send('/v1/models', { headers })).status).toBe(200);

    const { apiKeys } = running.service.parts;
    const records = await apiKeys.list();
    const record = records.find(({ scopes }) => scopes.length === 1);
    expect(await apiKeys.revoke(record?.keyId ?? '')).toBe(true);
    expect((await running.send('/v1/models', { headers })).status).toBe(401);
  });

  it.each([
    ['an unknown address', 'GET', '/v2/nothing', {}, 404],
    ['a wrong method', 'DELETE', '/v1/verifications', {}, 405],
    ['an answer type it cannot give', 'GET', '/v1/models', { Accept: 'application/xml' }, 406],
  ])('refuse %s', async (_name, method, path, headers, status) => {
    const response = await running.send(path, { method, headers });

    expect(response.status).toBe(status);
    expect(faultsOf('Problem', await response.json())).toEqual([]);
    if (status === 405) expect(response.headers.get('Allow')).toBe('POST');
  });
});

describe('a service at its limits', () => {
  it('answers 429 to a tenant that asks too fast, and only to that one', async () => {
    const running = await runService({ MEDIAGUARD_TENANT_RATE: '1' });
    const other = await running.createKey('other');
    const ask = (headers = {}) => running.send('/v1/models', { headers });
    const statuses: number[] = [];
    for (let count = 0; count < 12; count += 1) statuses.push((await ask()).status);
    const last = await ask();

    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(200));
    expect(last.status).toBe(429);
    expect(Number(last.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect((await ask({ Authorization: `Bearer ${other}` })).status).toBe(200);
    await running.stop();
  });

  it('answers 503 when the queue is full, and 503 to readiness', async () => {
    const running = await runService({ MEDIAGUARD_QUEUE_LIMIT: '1', MEDIAGUARD_WORKERS: '1' });
    running.pipeline.script = (_media, _context, signal) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      );
    const post = () =>
      running.send('/v1/verifications', {
        method: 'POST',
        body: randomBytes(10),
        headers: { 'Content-Type': 'image/png', Prefer: 'respond-async' },
      });
    expect((await post()).status).toBe(202);
    const refused = await post();

    expect(refused.status).toBe(503);
    expect(refused.headers.get('Retry-After')).toBeTruthy();
    expect(await refused.json()).toMatchObject({ code: 'queue.full' });
    expect((await running.send('/readyz')).status).toBe(503);
    await running.stop();
  });
});
