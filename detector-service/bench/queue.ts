import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { JobQueue } from '../src/jobs/queue.js';
import { EXHAUSTED } from '../src/jobs/worker.js';
import { openDatabase, type Database } from '../src/store/database.js';
import { migrate } from '../src/store/migrations.js';
import { print } from './data.js';

const TENANTS = 20;
const WORKED_OFF = 300;
const SHALLOW = 1_000;

/**
 * Time to take one job and end it, with 1,000 and with 100,000 waiting (`MEDIAGUARD_BENCH_DEPTH` sets the second number). The database is
 * the server of MEDIAGUARD_BENCH_DATABASE_URL, all of whose verifications are removed, or an embedded one of its own.
 */
export async function benchQueue(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mediaguard-bench-'));
  const databaseUrl = process.env['MEDIAGUARD_BENCH_DATABASE_URL'];
  const deep = Number(process.env['MEDIAGUARD_BENCH_DEPTH'] ?? 100_000);
  const database = await openDatabase({ dataFolder: folder, ...(databaseUrl && { databaseUrl }) });
  try {
    await migrate(database);
    const shallowMs = await msPerJob(database, SHALLOW);
    const deepMs = await msPerJob(database, deep);
    print(`${databaseUrl ? 'PostgreSQL' : 'embedded database'}, ${TENANTS} tenants`);
    print(`${SHALLOW} waiting: ${shallowMs.toFixed(2)} ms a job`);
    print(
      `${deep} waiting: ${deepMs.toFixed(2)} ms a job, ${(deepMs / shallowMs).toFixed(2)} times`,
    );
  } finally {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function msPerJob(database: Database, depth: number): Promise<number> {
  await fill(database, depth);
  const queue = new JobQueue(database, 60_000);
  const startedAt = performance.now();
  for (let done = 0; done < WORKED_OFF; done += 1) {
    const lease = await queue.take('bench');
    if (!lease) throw new Error(`Expected ${WORKED_OFF} jobs but found ${done}.`);
    await queue.refuse(lease, EXHAUSTED);
  }
  return (performance.now() - startedAt) / WORKED_OFF;
}

/** As if each tenant had sent its share, in the order of the turns they would have drawn. */
async function fill(database: Database, depth: number): Promise<void> {
  await database.query('delete from verification');
  await database.query(
    `insert into tenant (id) select 'bench-' || n from generate_series(0, $1::int - 1) as n
     on conflict do nothing`,
    [TENANTS],
  );
  await database.query(
    `insert into verification (id, tenant_id, status, fingerprint, context, source)
     select 'ver_bench_' || n, 'bench-' || n % $2::int, 'queued', 'f', '{}', '{"type": "upload"}'
     from generate_series(1, $1::int) as n`,
    [depth, TENANTS],
  );
  await database.query(
    `insert into job (verification_id, tenant_id, turn)
     select id, tenant_id, row_number() over (partition by tenant_id order by id) from verification`,
  );
  await database.script('analyze');
}
