/** What an operator does with the data of a stopped service: keep it, copy it, seal it anew, count its cost. */
import { randomBytes } from 'node:crypto';
import { cp, mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { sweep } from '../../src/jobs/retention.js';
import { createLog } from '../../src/ops/log.js';
import { readConfig } from '../../src/ops/config.js';
import { openStore, type Store } from '../../src/store/open.js';
import { Room } from '../../src/store/room.js';
import { VerificationStore } from '../../src/store/verifications.js';
import { SigningKeys } from '../../src/trust/signing-keys.js';
import { runHere } from '../support/program-here.js';
import { S3Server } from '../support/s3-server.js';
import { freshDataFolder, removeFolder } from '../support/service-data.js';
import { useS3Credentials } from '../support/vault-places.js';

let data: string;
/** A verification that ended 91 days ago, and the id of its evidence in the vault. */
let old: { readonly id: string; readonly blobId: string };

beforeAll(async () => {
  data = await freshDataFolder();
  old = await withStore({}, addOldVerification);
});
afterAll(() => removeFolder(data));

const run = (...args: string[]): Promise<string> => runHere(...args, '--data', data);

async function withStore<Result>(
  environment: Readonly<Record<string, string>>,
  work: (store: Store) => Promise<Result>,
): Promise<Result> {
  const store = await openStore(readConfig({ MEDIAGUARD_DATA: data, ...environment }));
  try {
    return await work(store);
  } finally {
    await store.database.close();
  }
}

/** Runs work with variables that the command line reads. */
async function withEnvironment<Result>(
  variables: Readonly<Record<string, string>>,
  work: () => Promise<Result>,
): Promise<Result> {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    return await work();
  } finally {
    process.env = before;
  }
}

async function addOldVerification({ database, vault, apiKeys, masterKey }: Store) {
  await apiKeys.create('acme', 'test');
  await new SigningKeys(database, masterKey).current();
  const blobId = await vault.writeBuffer(Buffer.from('evidence'));
  const { verification } = await new VerificationStore(database).accept(
    {
      tenantId: 'acme',
      fingerprint: '1',
      context: {},
      source: { type: 'upload' },
      media: {
        blobId: await vault.writeBuffer(Buffer.from('media')),
        sha256: 'a',
        md5: 'b',
        sizeBytes: 5,
      },
    },
    new Room(database, 10),
  );
  const outcome = {
    media: { mediaType: 'image/jpeg' },
    timing: { totalMs: 500, stages: { decode: 100 } },
  };
  await database.query(
    `update verification set status = 'complete', completed_at = now() - interval '91 days', outcome = $2 where id = $1`,
    [verification.id, JSON.stringify(outcome)],
  );
  await database.query(
    `insert into evidence (verification_id, name, kind, media_type, size_bytes, blob_id)
     values ($1, 'preview.jpg', 'preview', 'image/jpeg', 8, $2)`,
    [verification.id, blobId],
  );
  return { id: verification.id, blobId };
}

describe('legal-hold', () => {
  it('keeps a verification with its evidence past its time', async () => {
    expect(await run('legal-hold', old.id, '--reason', 'a lawsuit')).toBe(`${old.id} is kept.\n`);

    await withStore({}, async ({ database, vault }) => {
      const later = new Date(Date.now() + 2 * 60 * 60_000);
      await sweep({ database, vault, log: createLog('silent'), retentionDays: 90 }, later);
      expect(await new VerificationStore(database).find('acme', old.id)).toBeDefined();
      expect((await vault.read(old.blobId)).toString()).toBe('evidence');
    });
  });

  it('says what was wrong with its use', async () => {
    await expect(run('legal-hold', 'ver_none', '--reason', 'r')).rejects.toThrow(/ver_none/);
    await expect(run('legal-hold', old.id)).rejects.toThrow(/--reason <text>, or --clear/);
    await expect(run('legal-hold', old.id, '--reason', 'r', '--clear')).rejects.toThrow(/--clear/);
  });
});

describe('cost-model', () => {
  const ask = (...args: string[]): Promise<string> =>
    run('cost-model', '--volume', '72000', ...args);

  it('counts from what was measured, and from what is stated', async () => {
    const printed = await ask('--mix', 'image=0.5,video=0.5', '--seconds', 'video=4.5');

    // 72,000 of (0.5 + 4.5) / 2 seconds are 50 core hours, at 0.05 USD each.
    expect(printed).toContain('image: 0.500 core seconds each, measured on 1\n');
    expect(printed).toContain('video: 4.500 core seconds each, as stated\n');
    expect(printed).toContain('50.0 core hours a month at 0.05 USD an hour: 2.50 USD of work\n');
    expect(printed).toContain('1 cores to stand the busiest hour');
  });

  it('names a kind that nothing was measured of', async () => {
    await expect(ask('--mix', 'audio=1')).rejects.toThrow(/"audio".*--seconds audio=N/);
  });
});

describe('backup', () => {
  it('copies what a service with the master key starts on', async () => {
    const folder = join(data, '..', `backup-${randomBytes(4).toString('hex')}`);
    expect(await run('backup', folder)).toContain(`Copied to ${folder}.`);
    expect(await readdir(folder)).toEqual(['database', 'vault']);

    await cp(join(data, 'master.key'), join(folder, 'master.key'));
    await withStore({ MEDIAGUARD_DATA: folder }, async ({ database, vault }) => {
      expect(await new VerificationStore(database).find('acme', old.id)).toBeDefined();
      expect((await vault.read(old.blobId)).toString()).toBe('evidence');
    });
    await removeFolder(folder);
  });

  it('neither overwrites a folder nor pretends to copy what it cannot', async () => {
    const folder = join(data, 'there-already');
    await mkdir(folder);
    await expect(run('backup', folder)).rejects.toThrow(/EEXIST/);
    await withEnvironment({ DATABASE_URL: 'postgres://db/mediaguard' }, () =>
      expect(run('backup', join(data, 'new'))).rejects.toThrow(/PostgreSQL server with its own/),
    );
  });
});

describe('keys rotate-master', () => {
  const keyFile = (): Promise<string> => readFile(join(data, 'master.key'), 'utf8');

  it('seals files and signing keys anew, and leaves one key in the file', async () => {
    const before = (await keyFile()).trim();
    // The media, the evidence, and one signing key.
    expect(await run('keys', 'rotate-master')).toContain('Sealed 2 vault files and 1 signing keys');

    const after = (await keyFile()).trim();
    expect(after).toMatch(/^[\w+/]{43}=$/);
    expect(after).not.toBe(before);
    await withStore({}, async ({ database, vault, masterKey }) => {
      expect((await vault.read(old.blobId)).toString()).toBe('evidence');
      expect(await new SigningKeys(database, masterKey).current()).toBeDefined();
    });
    await withStore({ MEDIAGUARD_MASTER_KEY: before }, ({ vault }) =>
      expect(vault.read(old.blobId)).rejects.toThrow(/missing or was changed/),
    );
  });

  it('changes configured keys, the new one first', async () => {
    const present = (await keyFile()).trim();
    const next = randomBytes(32).toString('base64');
    const printed = await withEnvironment({ MEDIAGUARD_MASTER_KEY: `${next},${present}` }, () =>
      run('keys', 'rotate-master'),
    );

    expect(printed).toContain('can be taken out of MEDIAGUARD_MASTER_KEY');
    expect((await keyFile()).trim()).toBe(present);
    await withStore({ MEDIAGUARD_MASTER_KEY: next }, async ({ vault }) => {
      expect((await vault.read(old.blobId)).toString()).toBe('evidence');
    });
  });
});

describe('with the vault in a bucket', () => {
  const server = new S3Server();
  useS3Credentials();
  beforeAll(() => server.open());
  afterAll(() => server.close());

  it('backup says that it leaves the bucket alone, and rotate-master reaches into it', async () => {
    await removeFolder(data);
    data = await freshDataFolder();
    const { blobId } = await withStore(server.environment, addOldVerification);
    const folder = join(data, 'copy');
    await withEnvironment(server.environment, async () => {
      expect(await run('backup', folder)).toMatch(/bucket held-media and is not copied/);
      expect(await run('keys', 'rotate-master')).toContain('Sealed 2 vault files');
    });

    expect(await readdir(folder)).toEqual(['database']);
    await withStore(server.environment, async ({ vault }) => {
      expect((await vault.read(blobId)).toString()).toBe('evidence');
    });
  });
});
