import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { decodeJwt } from 'jose';

import type { KnownMediaPageResource } from '../../src/http/schemas/known-media.js';
import type { VerificationResource } from '../../src/http/schemas/verification.js';
import { encodePictureFingerprint } from '../../src/intake/fingerprints/picture-text.js';
import { answerFaults } from '../support/contract.js';
import { COPIES, drawnPicture } from '../support/drawn-picture.js';
import { fingerprintOf } from '../support/fingerprint-of.js';
import { runService, type RunningService } from '../support/running-service.js';
import { clearOutcome } from '../support/scripted-pipeline.js';

let running: RunningService;
let fake: Buffer;
beforeAll(async () => {
  running = await runService({ MEDIAGUARD_WORKERS: '1' });
  running.pipeline.script = async (media, context, signal) => ({
    ...(await clearOutcome(media, context, signal)),
    fingerprints: [
      {
        kind: 'image',
        value: encodePictureFingerprint(await fingerprintOf(await readFile(media.path))),
      },
    ],
  });
  fake = await drawnPicture(11);
});
afterAll(() => running.stop());

async function verify(bytes: Buffer, key = running.key): Promise<VerificationResource> {
  const headers = { Prefer: 'wait=10', Authorization: `Bearer ${key}` };
  let response = await running.send('/v1/verifications', {
    method: 'POST',
    body: bytes,
    headers: { 'Content-Type': 'image/jpeg', ...headers },
  });
  const { id } = (await response.clone().json()) as VerificationResource;
  // On a busy machine the answer takes longer than one wait.
  while (response.ok) {
    const resource = (await response.json()) as VerificationResource;
    if (resource.status === 'complete') return resource;
    response = await running.send(`/v1/verifications/${id}`, { headers });
  }
  throw new Error(`Expected a verification but received status ${response.status}.`);
}

async function decide(id: string, decision: 'confirm_fake' | 'release'): Promise<void> {
  const response = await running.send(`/v1/verifications/${id}/decision`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      decision,
      reason: 'Seen by a person.',
      decidedBy: 'reviewer@example.com',
      decidedAt: '2026-01-15T09:30:00Z',
    }),
  });
  expect(response.status).toBe(200);
}

const known = ({ findings }: VerificationResource) =>
  findings.filter(({ code }) => code.startsWith('known.'));
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('a confirmed fake', () => {
  let first: VerificationResource;
  beforeAll(async () => {
    first = await verify(fake);
    expect(first.verdict).toBe('clear');
    await decide(first.id, 'confirm_fake');
  });

  it.each(Object.entries(COPIES))('is recognised when it comes back %s', async (_name, copy) => {
    const resource = await verify(await copy(fake));
    expect(resource.verdict).toBe('suspect');
    expect(known(resource)).toMatchObject([{ code: 'known.fake_copy', score: null }]);
    expect(known(resource)[0]?.detail).toContain(first.id);
  });

  it('is not hidden by the earlier clear answer for the same bytes, and the signature says so', async () => {
    const again = await verify(fake);
    expect(again.verdict).toBe('suspect');
    expect(known(again)).toMatchObject([{ code: 'known.fake', severity: 'critical' }]);
    expect(decodeJwt(again.attestation ?? '')).toMatchObject({ verdict: 'suspect' });
  });

  it('is nothing to another tenant', async () => {
    const key = await running.createKey('other');
    const resource = await verify(fake, key);
    expect(resource.verdict).toBe('clear');
    expect(known(resource)).toEqual([]);
    const list = await running.send('/v1/known-media', {
      headers: { Authorization: `Bearer ${key}` },
    });
    expect(await list.json()).toEqual({ entries: [], next: null });
    const removal = await running.send(`/v1/known-media/${sha256(fake)}`, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${key}` },
    });
    expect(removal.status).toBe(404);
  });

  it('makes no suspect of another picture', async () => {
    expect((await verify(await drawnPicture(12))).verdict).toBe('clear');
  });

  it('can be listed, exported, forgotten and imported again', async () => {
    const list = await running.send('/v1/known-media?standing=fake');
    expect(await answerFaults('/v1/known-media', 'get', list)).toEqual([]);
    const { entries } = (await list.json()) as KnownMediaPageResource;
    const [entry] = entries;
    expect(entry).toMatchObject({ sha256: sha256(fake), verificationId: first.id });

    const path = `/v1/known-media/${sha256(fake)}`;
    expect((await running.send(path, { method: 'DELETE' })).status).toBe(204);
    expect((await verify(fake)).verdict).toBe('clear');

    const { standing, reason, addedBy, fingerprints } = entry ?? {};
    const added = await running.send('/v1/known-media', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ standing, reason, addedBy, fingerprints, sha256: sha256(fake) }),
    });
    expect(await answerFaults('/v1/known-media', 'post', added)).toEqual([]);
    const mirrored = await COPIES['mirrored']?.(fake);
    expect((await verify(mirrored ?? fake)).verdict).toBe('suspect');
  });

  it('stops being one when a later decision releases it', async () => {
    await decide(first.id, 'release');
    const resource = await verify(fake);
    expect(known(resource)).toMatchObject([{ code: 'known.genuine', severity: 'info' }]);
    expect(resource.verdict).toBe('clear');
  });
});

describe('what was released', () => {
  it('informs about the same bytes and never clears: the verdict is that of the other findings', async () => {
    const { script } = running.pipeline;
    running.pipeline.script = async (media, context, signal) => ({
      ...(await script(media, context, signal)),
      verdict: 'not_evaluated',
      score: null,
      findings: [],
    });
    const bytes = await drawnPicture(13);
    await decide((await verify(bytes)).id, 'release');
    const again = await verify(bytes);
    running.pipeline.script = script;
    expect(known(again)).toMatchObject([{ code: 'known.genuine' }]);
    expect(again.verdict).toBe('not_evaluated');
  });
});

describe('the registry', () => {
  it('refuses fingerprints that are none, and keys without its scopes', async () => {
    const post = (body: object, key = running.key) =>
      running.send('/v1/known-media', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
        body: JSON.stringify(body),
      });
    const entry = { standing: 'fake', sha256: 'ab'.repeat(32), reason: 'r', addedBy: 'a' };
    const wrong = await post({ ...entry, fingerprints: [{ kind: 'image', value: 'i1.AQID' }] });
    expect(wrong.status).toBe(422);
    const reader = await running.createKey('acme', ['known-media:read']);
    expect((await post(entry, reader)).status).toBe(403);
  });
});
