import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import type { VerificationResource } from '../../src/http/schemas/verification.js';
import { readConfig } from '../../src/ops/config.js';
import { VaultUnavailableError } from '../../src/store/blobs/blob-store.js';
import { openBlobs } from '../../src/store/blobs/open-blobs.js';
import { MasterKey } from '../../src/store/master-key.js';
import { Vault } from '../../src/store/vault.js';
import { runService } from '../support/running-service.js';
import { S3_CREDENTIALS, S3Server } from '../support/s3-server.js';
import { removeFolder } from '../support/service-data.js';
import { useS3Credentials } from '../support/vault-places.js';

const MEBIBYTE = 1024 * 1024;
const server = new S3Server();
const masterKey = new MasterKey(randomBytes(32));
let folder: string;

useS3Credentials();
beforeAll(async () => {
  await server.open();
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-s3-'));
});
beforeEach(() => {
  server.objects.clear();
  server.requests.length = 0;
});
afterAll(async () => {
  server.close();
  await removeFolder(folder);
});

async function openVault(changed: Readonly<Record<string, string>> = {}): Promise<Vault> {
  const config = readConfig({ ...server.environment, ...changed, MEDIAGUARD_DATA: folder });
  return Vault.open(folder, await openBlobs(config), masterKey);
}

/** Chunks as they come from a socket. */
function* chunksOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

const partsSent = (): number =>
  server.requests.filter((line) => line.includes('partNumber=')).length;

describe('a large file', () => {
  it('goes in parts, of which one that fails is sent again', async () => {
    const vault = await openVault();
    const bytes = randomBytes(17 * MEBIBYTE);
    server.faults.push('503');
    const id = await vault.write(Readable.from(chunksOf(bytes)));

    expect(bytes.equals(await vault.read(id))).toBe(true);
    expect(partsSent()).toBe(3);
    expect([server.objects.size, server.uploads.size]).toEqual([1, 0]);
  });

  it('leaves no parts when its sender goes away', async () => {
    const vault = await openVault();
    const broken = Readable.from(
      (async function* () {
        yield* chunksOf(Buffer.alloc(18 * MEBIBYTE));
        await sleep(50);
        throw new Error('The sender went away.');
      })(),
    );

    await expect(vault.write(broken)).rejects.toThrow('The sender went away.');
    expect(partsSent()).toBeGreaterThan(0);
    expect([server.objects.size, server.uploads.size]).toEqual([0, 0]);
  });

  it('is cleared away when the writer was killed, once it is old enough', async () => {
    const vault = await openVault();
    const half = (key: string) => ({
      key: `media/guard/${key}`,
      metadata: {},
      contentType: '',
      initiatedAt: new Date(Date.now() - 60_000),
      parts: new Map(),
    });
    for (const name of ['a', 'b', 'c']) server.uploads.set(name, half(name));
    server.uploads.set('elsewhere', { ...half('x'), key: 'other/x' });

    expect(await vault.removeUnfinished(new Date(Date.now() - 120_000))).toBe(0);
    expect(await vault.removeUnfinished(new Date())).toBe(3);
    expect([...server.uploads.keys()]).toEqual(['elsewhere']);
    server.uploads.clear();
    // A store may not know this request; then it clears away by rules of its own.
    server.faults.push('501', '501', '501', '501');
    expect(await vault.removeUnfinished(new Date())).toBe(0);
    server.faults.length = 0;
  });
});

describe('a store that fails', () => {
  it('is told from a file that was changed when it breaks off half-way', async () => {
    const vault = await openVault();
    const id = await vault.writeBuffer(randomBytes(200_000));
    server.faults.push('cut');

    await expect(vault.read(id)).rejects.toBeInstanceOf(VaultUnavailableError);
    expect(await vault.read(id)).toHaveLength(200_000);
  });

  it.each([
    ['the secret', { AWS_SECRET_ACCESS_KEY: 'wrong' }, {}, 'SignatureDoesNotMatch'],
    ['the bucket', {}, { MEDIAGUARD_VAULT: 's3://no-such-bucket' }, 'NoSuchBucket'],
  ])('says which setting is wrong: %s', async (_what, credentials, settings, reason) => {
    Object.assign(process.env, credentials);
    const vault = await openVault(settings);
    const fault = await vault.writeBuffer(Buffer.from('a')).catch((error: unknown) => error);
    Object.assign(process.env, S3_CREDENTIALS);

    expect(fault).toBeInstanceOf(VaultUnavailableError);
    expect(String(fault)).toContain(reason);
    expect(String(fault)).not.toContain(S3_CREDENTIALS.AWS_SECRET_ACCESS_KEY);
  });
});

describe('the service on a bucket', () => {
  it('takes in, judges, gives evidence, and answers 503 while the bucket is away', async () => {
    const running = await runService(server.environment);
    const post = () =>
      running.send('/v1/verifications', {
        method: 'POST',
        body: randomBytes(500),
        headers: { 'Content-Type': 'image/jpeg', Prefer: 'wait=10' },
      });
    const judged = (await (await post()).json()) as VerificationResource;
    const evidence = await running.send(`/v1/verifications/${judged.id}/evidence/preview.jpg`);
    expect(judged.status).toBe('complete');
    expect(await evidence.text()).toBe('preview bytes');
    // The media is gone once it is judged; its evidence stays.
    expect(server.objects.size).toBe(1);

    server.faults.push('503', '503', '503', '503');
    const refused = await post();
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ code: 'store.unavailable' });
    expect(refused.headers.get('Retry-After')).toBe('5');
    expect((await post()).status).toBe(200);
    await running.stop();
  });

  it('does not start on one that it cannot write', async () => {
    const starting = runService({ ...server.environment, MEDIAGUARD_VAULT: 's3://no-such-bucket' });

    await expect(starting).rejects.toThrow(/no-such-bucket.*MEDIAGUARD_VAULT/);
  });
});
