import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sweep } from '../../src/jobs/retention.js';
import { createLog } from '../../src/ops/log.js';
import { openDatabase, type Database } from '../../src/store/database.js';
import { FolderInUseError } from '../../src/store/folder-lock.js';
import { migrate } from '../../src/store/migrations.js';
import { openStore } from '../../src/store/open.js';
import { VerificationStore } from '../../src/store/verifications.js';
import { JobQueue } from '../../src/jobs/queue.js';
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
        10,
      );
    const waiting = (await accept('1')).verification;
    const old = (await accept('2')).verification;
    await database.query(
      `update verification set status = 'complete', completed_at = now() - interval '91 days' where id = $1`,
      [old.id],
    );
    const later = new Date(Date.now() + 2 * 60 * 60_000);
    await sweep({ database, vault, log: createLog('silent'), retentionDays: 90 }, later);

    expect(await store.find('acme', waiting.id)).toBeDefined();
    expect(await store.find('acme', old.id)).toBeUndefined();
    expect((await vault.read(blobId)).toString()).toBe('kept');
    await expect(vault.read(orphan)).rejects.toThrow();
    await database.close();
  });
});

const POSTGRES = findPostgres();
// A newcomer may do without a PostgreSQL server; in CI a missing one is a failure.
const describePostgres = POSTGRES || process.env['CI'] ? describe : describe.skip;

describePostgres('a PostgreSQL server', () => {
  let folder: string;
  let database: Database;

  beforeAll(async () => {
    if (!POSTGRES) {
      throw new Error(
        'No PostgreSQL server found. Install one (Debian: "apt-get install postgresql").',
      );
    }
    folder = await mkdtemp(join(tmpdir(), 'mediaguard-pg-'));
    await chmod(folder, 0o777);
    asPostgres('initdb', ['-D', join(folder, 'data'), '--no-sync', '-A', 'trust']);
    asPostgres('pg_ctl', [
      ...['-D', join(folder, 'data'), '-w', '-l', join(folder, 'log')],
      ...['-o', `-k ${folder} -c listen_addresses=''`, 'start'],
    ]);
    database = await openDatabase({
      dataFolder: folder,
      databaseUrl: `postgres://postgres@/postgres?host=${encodeURIComponent(folder)}`,
    });
  });
  afterAll(async () => {
    await database.close();
    asPostgres('pg_ctl', ['-D', join(folder, 'data'), '-m', 'immediate', 'stop']);
    await removeFolder(folder);
  });

  it('takes the same schema, also from several processes at once, and the same queue', async () => {
    await Promise.all([migrate(database), migrate(database), migrate(database)]);
    await database.query(`insert into tenant (id) values ('acme')`);
    const store = new VerificationStore(database);
    const queue = new JobQueue(database, 200);
    const { verification } = await store.accept(
      { tenantId: 'acme', fingerprint: 'f', context: {}, source: { type: 'upload' } },
      10,
    );
    const takers = await Promise.all(['a', 'b', 'c'].map((holder) => queue.take(holder)));

    expect(takers.filter(Boolean)).toHaveLength(1);
    expect(takers.find(Boolean)).toMatchObject({ verificationId: verification.id, attempt: 1 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await queue.take('d')).toMatchObject({ verificationId: verification.id, attempt: 2 });
    expect((await store.find('acme', verification.id))?.createdAt).toBeInstanceOf(Date);
  });

  function asPostgres(program: string, args: readonly string[]): void {
    const path = join(POSTGRES ?? '', program);
    const quoted = [path, ...args].map((part) => `'${part}'`).join(' ');
    if (process.getuid?.() === 0)
      execFileSync('su', ['postgres', '-c', quoted], { stdio: 'ignore' });
    else execFileSync(path, [...args], { stdio: 'ignore' });
  }
});

/** The folder of PostgreSQL's programs on this machine, if it has them and a user that may run them. */
function findPostgres(): string | undefined {
  const found = spawnSync('sh', ['-c', 'ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1']);
  const folder = found.stdout.toString().trim();
  if (!folder) return undefined;
  const isRoot = process.getuid?.() === 0;
  const hasUser = spawnSync('id', ['postgres']).status === 0;
  return isRoot && !hasUser ? undefined : folder;
}
