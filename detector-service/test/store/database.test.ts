import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startRetention, sweep } from '../../src/jobs/retention.js';
import { createLog } from '../../src/ops/log.js';
import { openDatabase } from '../../src/store/database.js';
import { FolderInUseError } from '../../src/store/folder-lock.js';
import { setLegalHold } from '../../src/store/legal-hold.js';
import { openStore } from '../../src/store/open.js';
import { Room } from '../../src/store/room.js';
import { VerificationStore } from '../../src/store/verifications.js';
import { freshDataFolder, removeFolder } from '../support/service-data.js';

describe('the embedded database', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await freshDataFolder();
  });
  afterEach(() => removeFolder(folder));

  it('refuses a second process on its folder, and opens again once it is free', async () => {
    const first = await openDatabase({ dataFolder: folder });

    await expect(openDatabase({ dataFolder: folder })).rejects.toBeInstanceOf(FolderInUseError);
    await first.close();
    await (await openDatabase({ dataFolder: folder })).close();
  });

  it('opens after a crash left an empty lock file', async () => {
    await writeFile(join(folder, 'database', 'postmaster.pid'), '');
    const database = await openDatabase({ dataFolder: folder });

    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
    await database.close();
  });

  it('forgets what is past its time, and files nothing refers to', async () => {
    const { database, vault, apiKeys } = await openStore({ dataFolder: folder });
    await apiKeys.create('acme', 'test');
    const store = new VerificationStore(database);
    const blobId = await vault.writeBuffer(Buffer.from('kept'));
    const orphan = await vault.writeBuffer(Buffer.from('orphan'));
    const media = { blobId, sha256: 'aa', md5: 'bb', sizeBytes: 4 };
    const accept = (fingerprint: string) =>
      store.accept(
        { tenantId: 'acme', fingerprint, context: {}, source: { type: 'upload' }, media },
        new Room(database, 10),
      );
    const waiting = (await accept('1')).verification;
    const old = (await accept('2')).verification;
    const kept = (await accept('3')).verification;
    expect(await setLegalHold(database, kept.id, 'a lawsuit')).toBe(true);
    expect(await setLegalHold(database, 'ver_none', 'a lawsuit')).toBe(false);
    await database.query(
      `update verification set status = 'complete', completed_at = now() - interval '91 days' where id = any($1)`,
      [[old.id, kept.id]],
    );
    const later = new Date(Date.now() + 2 * 60 * 60_000);
    await sweep({ database, vault, log: createLog('silent'), retentionDays: 90 }, later);

    expect(await store.find('acme', waiting.id)).toBeDefined();
    expect(await store.find('acme', old.id)).toBeUndefined();
    expect(await store.find('acme', kept.id)).toBeDefined();
    expect((await vault.read(blobId)).toString()).toBe('kept');
    await expect(vault.read(orphan)).rejects.toThrow();
    await database.close();
  });

  it('is tidied up at the start, also while the vault is out of reach', async () => {
    const { database, vault } = await openStore({ dataFolder: folder });
    await database.script(`create table churned (id integer);
      insert into churned select generate_series(1, 10)`);
    const rowsPlannedFor = async (): Promise<number | undefined> => {
      const found = await database.query<{ rows: number }>(
        `select reltuples as rows from pg_class where relname = 'churned'`,
      );
      return found[0]?.rows;
    };
    expect(await rowsPlannedFor()).toBe(-1);
    vault.clearWorkFolder = () => Promise.reject(new Error('The vault is out of reach.'));

    const parts = { database, vault, log: createLog('silent'), retentionDays: 90 };
    await startRetention(parts).stop();

    expect(await rowsPlannedFor()).toBe(10);
    await database.close();
  });
});
