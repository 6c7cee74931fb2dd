/** A PostgreSQL server of one's own, on a socket in a folder of its own: for tests and benchmarks. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { removeFolder } from './service-data.js';

export interface PostgresServer {
  /** The address of a new, empty database. */
  createDatabase(): string;
  /** Kills every process of the server without warning. */
  kill(): Promise<void>;
  /** Starts it again, once its last processes are gone. */
  restart(): Promise<void>;
  remove(): Promise<void>;
}

const RESTARTS = 20;
const PROGRAMS = findPrograms();
/** Whether this machine has the programs of a server and a user that may run them. */
export const hasPostgres = PROGRAMS !== undefined;

export async function startPostgres(): Promise<PostgresServer> {
  if (!PROGRAMS) {
    throw new Error(
      'No PostgreSQL server found. Install one (Debian: "apt-get install postgresql").',
    );
  }
  const folder = await mkdtemp(join(tmpdir(), 'mediaguard-pg-'));
  const data = join(folder, 'data');
  await chmod(folder, 0o777);
  run('initdb', ['-D', data, '--no-sync', '-A', 'trust']);
  const start = (): void =>
    run('pg_ctl', [
      ...['-D', data, '-w', '-t', '20', '-l', join(folder, 'log')],
      ...['-o', `-k ${folder} -c listen_addresses=''`, 'start'],
    ]);
  start();
  let databases = 0;
  return {
    createDatabase() {
      const name = `test${(databases += 1)}`;
      run('createdb', ['-h', folder, '-U', 'postgres', name]);
      return `postgres://postgres@/${name}?host=${encodeURIComponent(folder)}`;
    },
    async kill() {
      const [pid = ''] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n');
      // The postmaster's children notice its death by themselves and end.
      process.kill(Number(pid), 'SIGKILL');
    },
    async restart() {
      for (let tries = 1; ; tries += 1) {
        try {
          return start();
        } catch (error) {
          if (tries === RESTARTS) throw error;
          await sleep(500);
        }
      }
    },
    async remove() {
      run('pg_ctl', ['-D', data, '-m', 'immediate', 'stop']);
      await removeFolder(folder);
    },
  };
}

function run(program: string, args: readonly string[]): void {
  const path = join(PROGRAMS ?? '', program);
  const quoted = [path, ...args].map((part) => `'${part}'`).join(' ');
  // The server refuses to run as root.
  if (process.getuid?.() === 0) execFileSync('su', ['postgres', '-c', quoted], { stdio: 'ignore' });
  else execFileSync(path, [...args], { stdio: 'ignore' });
}

/** The folder of PostgreSQL's programs on this machine, if it has them and a user that may run them. */
function findPrograms(): string | undefined {
  const found = spawnSync('sh', ['-c', 'ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1']);
  const folder = found.stdout.toString().trim();
  if (!folder) return undefined;
  const isRoot = process.getuid?.() === 0;
  const hasUser = spawnSync('id', ['postgres']).status === 0;
  return isRoot && !hasUser ? undefined : folder;
}
