import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { VerificationResource } from '../../src/http/schemas/verification.js';
import type { Problem } from '../../src/http/schemas/service.js';
import { MediaRefusedError } from '../../src/verdict/types.js';
import { runService, type RunningService } from '../support/running-service.js';
import { clearOutcome } from '../support/scripted-pipeline.js';

let running: RunningService;

beforeAll(async () => {
  running = await runService({
    MEDIAGUARD_MAX_BYTES: '200000',
    MEDIAGUARD_INLINE_MAX_BYTES: '50000',
    MEDIAGUARD_WORKERS: '2',
  });
});
afterAll(() => running.stop());
beforeEach(() => {
  running.pipeline.script = clearOutcome;
  running.pipeline.calls.length = 0;
});

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const contextHeader = (context: object) =>
  Buffer.from(JSON.stringify(context)).toString('base64url');

function postRaw(
  bytes: RequestInit['body'],
  headers: Record<string, string> = {},
): Promise<Response> {
  return running.send('/v1/verifications', {
    method: 'POST',
    body: bytes,
    headers: { 'Content-Type': 'image/jpeg', Prefer: 'wait=10', ...headers },
  });
}

function postJson(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return postRaw(JSON.stringify(body), { 'Content-Type': 'application/json', ...headers });
}

const resourceOf = async (response: Response) => (await response.json()) as VerificationResource;
const problemOf = async (response: Response) => {
  expect(response.headers.get('Content-Type')).toContain('application/problem+json');
  return (await response.json()) as Problem;
};

describe('the three body forms', () => {
  const bytes = randomBytes(40_000);
  const context = { externalId: '068000000000001AAA', fileName: 'Übersicht 📷.jpg' };

  it('takes the raw body with its context in a header', async () => {
    const response = await postRaw(bytes, { 'MediaGuard-Context': contextHeader(context) });

    expect(response.status).toBe(200);
    const resource = await resourceOf(response);
    expect(resource).toMatchObject({
      status: 'complete',
      externalId: context.externalId,
      verdict: 'clear',
      media: { sha256: sha256(bytes), sizeBytes: bytes.length, declaredType: 'image/jpeg' },
    });
    expect(response.headers.get('Content-Location')).toBe(`/v1/verifications/${resource.id}`);
    expect(response.headers.get('Preference-Applied')).toBe('wait=10');
  });

  it.each(['before', 'after'])('takes a form whose context stands %s the file', async (place) => {
    const form = new FormData();
    const text = JSON.stringify({ ...context, signature: null });
    if (place === 'before') form.set('context', text);
    form.set('file', new Blob([bytes], { type: 'image/png' }), 'a.png');
    if (place === 'after') form.set('context', text);
    const response = await running.send('/v1/verifications', {
      method: 'POST',
      body: form,
      headers: { Prefer: 'wait=10' },
    });

    expect(response.status).toBe(200);
    expect(await resourceOf(response)).toMatchObject({
      externalId: context.externalId,
      media: { sha256: sha256(bytes), declaredType: 'image/png' },
    });
  });

  it('takes JSON with the bytes in base64', async () => {
    const response = await postJson({
      source: { type: 'inline', base64: bytes.toString('base64') },
      context,
    });

    expect(response.status).toBe(200);
    expect((await resourceOf(response)).media?.sha256).toBe(sha256(bytes));
  });

  it.each([
    ['a form without a file', () => form({ context: '{}' }), 400, 'request.form'],
    ['a form with a strange part', () => form({ file: 'x', other: 'y' }), 400, 'request.form'],
    [
      'a form with a broken context',
      () => form({ file: 'x', context: '{' }),
      400,
      'request.context',
    ],
    ['JSON that is not JSON', () => postJsonText('{"source":'), 400, 'request.malformed'],
    [
      'JSON of an unknown source',
      () => postJson({ source: { type: 'ftp' } }),
      422,
      'request.invalid',
    ],
    [
      'a header that is not base64url',
      () => postRaw('x', { 'MediaGuard-Context': '{}' }),
      400,
      'request.context',
    ],
    [
      'a context with a wrong field',
      () => postRaw('x', { 'MediaGuard-Context': contextHeader({ capturedAt: 'yesterday' }) }),
      400,
      'request.context',
    ],
    [
      'a URL-encoded form',
      () => postRaw('a=b', { 'Content-Type': 'application/x-www-form-urlencoded' }),
      415,
      'request.content_type',
    ],
    [
      'compressed bytes',
      () => postRaw('x', { 'Content-Encoding': 'gzip' }),
      415,
      'request.encoding',
    ],
    ['no bytes', () => postRaw(''), 400, 'media.empty'],
    [
      'an org that is not registered',
      () => postJson({ source: { type: 'salesforce', contentVersionId: '068000000000001AAA' } }),
      422,
      'source.unknown_org',
    ],
  ])('refuses %s', async (_name, send, status, code) => {
    const response = await send();

    expect(response.status).toBe(status);
    expect(await problemOf(response)).toMatchObject({
      status,
      code,
      requestId: response.headers.get('X-Request-Id'),
    });
    expect(running.pipeline.calls).toHaveLength(0);
  });

  function form(parts: Record<string, string>): Promise<Response> {
    const data = new FormData();
    for (const [name, value] of Object.entries(parts)) {
      if (name === 'context') data.set(name, value);
      else data.set(name, new Blob([value]), 'name.bin');
    }
    return running.send('/v1/verifications', { method: 'POST', body: data });
  }

  function postJsonText(text: string): Promise<Response> {
    return postRaw(text, { 'Content-Type': 'application/json' });
  }
});

describe('limits', () => {
  it('refuses a length past the limit before it reads a byte', async () => {
    const response = await postRaw(randomBytes(200_001));

    expect(response.status).toBe(413);
    expect((await problemOf(response)).code).toBe('media.too_large');
  });

  it('refuses inline media past its own limit', async () => {
    const base64 = randomBytes(60_000).toString('base64');
    const response = await postJson({ source: { type: 'inline', base64 } });

    expect(response.status).toBe(413);
    expect((await problemOf(response)).code).toBe('media.too_large');
  });

  it.each([
    ['has no parts', ''],
    [
      'breaks off in its file',
      'Content-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc',
    ],
  ])('refuses a form that %s', async (_how, rest) => {
    const response = await running.send('/v1/verifications', {
      method: 'POST',
      body: `--x\r\n${rest}`,
      headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
    });

    expect(response.status).toBe(400);
    expect((await problemOf(response)).code).toBe('request.form');
  });
});

describe('waiting', () => {
  it('answers 202 at once when asked to, and the result stands at Location later', async () => {
    const response = await postRaw(randomBytes(100), { Prefer: 'respond-async' });

    expect(response.status).toBe(202);
    expect(response.headers.get('Retry-After')).toBe('2');
    expect(response.headers.get('Preference-Applied')).toBe('respond-async');
    const location = response.headers.get('Location') ?? '';
    const later = await running.send(location, { headers: { Prefer: 'wait=10' } });
    expect(await resourceOf(later)).toMatchObject({ status: 'complete', verdict: 'clear' });
  });

  it('answers 202 when the time is up', async () => {
    running.pipeline.script = async (...given) => {
      await sleep(1_500);
      return clearOutcome(...given);
    };
    const startedAt = Date.now();
    const response = await postRaw(randomBytes(100), { Prefer: 'wait=1' });

    expect(response.status).toBe(202);
    expect(Date.now() - startedAt).toBeLessThan(1_450);
    expect((await resourceOf(response)).verdict).toBeNull();
  });
});

describe('an idempotency key', () => {
  it('gives the same verification for the same bytes', async () => {
    const bytes = randomBytes(100);
    const first = await resourceOf(await postRaw(bytes, { 'Idempotency-Key': 'a0X1' }));
    const second = await resourceOf(await postRaw(bytes, { 'Idempotency-Key': 'a0X1' }));

    expect(second.id).toBe(first.id);
    expect(running.pipeline.calls).toHaveLength(1);
  });

  it('gives one verification for requests at the same time', async () => {
    const bytes = randomBytes(5_000);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => postRaw(bytes, { 'Idempotency-Key': 'a0X2' })),
    );
    const ids = await Promise.all(answers.map(async (answer) => (await resourceOf(answer)).id));

    expect(new Set(ids).size).toBe(1);
    expect(running.pipeline.calls).toHaveLength(1);
  });

  it('is refused for other bytes', async () => {
    await postRaw(randomBytes(100), { 'Idempotency-Key': 'a0X3' });
    const response = await postRaw(randomBytes(100), { 'Idempotency-Key': 'a0X3' });

    expect(response.status).toBe(422);
    expect((await problemOf(response)).code).toBe('idempotency.conflict');
  });

  it('may be used by another tenant for other bytes', async () => {
    const other = await running.createKey('other');
    await postRaw(randomBytes(100), { 'Idempotency-Key': 'a0X4' });
    const response = await postRaw(randomBytes(100), {
      'Idempotency-Key': 'a0X4',
      Authorization: `Bearer ${other}`,
    });

    expect(response.status).toBe(200);
  });
});

describe('known bytes', () => {
  it('are answered from the store, with an attestation of their own', async () => {
    const bytes = randomBytes(100);
    const header = (externalId: string) => ({
      'MediaGuard-Context': contextHeader({ externalId }),
    });
    const first = await resourceOf(await postRaw(bytes, header('one')));
    const second = await resourceOf(await postRaw(bytes, header('two')));

    expect(running.pipeline.calls).toHaveLength(1);
    expect(second.id).not.toBe(first.id);
    expect(second).toMatchObject({ externalId: 'two', verdict: 'clear', cost: { micros: 0 } });
    expect(second.attestation).not.toBe(first.attestation);
    const evidence = await running.send(second.evidence[0]?.href ?? '');
    expect(await evidence.text()).toBe('preview bytes');
  });

  it('are judged again for another tenant, and when they are signed', async () => {
    const bytes = randomBytes(100);
    const other = await running.createKey('other');
    await postRaw(bytes);
    await postRaw(bytes, { Authorization: `Bearer ${other}` });
    const signed = { 'MediaGuard-Context': contextHeader({ signature: 'abc' }) };
    await postRaw(bytes, signed);
    await postRaw(bytes, signed);

    expect(running.pipeline.calls).toHaveLength(4);
  });
});

describe('media that cannot be judged', () => {
  it('is refused with its code, and stays readable as failed', async () => {
    running.pipeline.script = () =>
      Promise.reject(new MediaRefusedError('media.unsupported_type', 'Not a kind of media.'));
    const response = await postRaw(randomBytes(100));

    expect(response.status).toBe(415);
    const problem = await problemOf(response);
    expect(problem.code).toBe('media.unsupported_type');
    const standing = await running.send(`/v1/verifications/${problem.verificationId}`);
    expect(standing.status).toBe(200);
    expect(await resourceOf(standing)).toMatchObject({
      status: 'failed',
      verdict: 'not_evaluated',
      attestation: null,
      problem: { code: 'media.unsupported_type', isRetryable: false },
    });
  });
});

describe('tenants', () => {
  it('never see each other', async () => {
    const { id, evidence } = await resourceOf(await postRaw(randomBytes(100)));
    const headers = { Authorization: `Bearer ${await running.createKey('spy')}` };
    const decision = {
      decision: 'release',
      reason: 'r',
      decidedBy: 'u',
      decidedAt: '2026-01-01T00:00:00Z',
    };
    const attempts = await Promise.all([
      running.send(`/v1/verifications/${id}`, { headers }),
      running.send(evidence[0]?.href ?? '', { headers }),
      running.send(`/v1/verifications/${id}/decision`, {
        method: 'POST',
        body: JSON.stringify(decision),
        headers: { ...headers, 'Content-Type': 'application/json' },
      }),
      running.send('/v1/release-tokens', {
        method: 'POST',
        body: JSON.stringify({ verificationId: id }),
        headers: { ...headers, 'Content-Type': 'application/json' },
      }),
    ]);

    expect(attempts.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  });
});
