import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { freePort } from '../free-port.js';
import { startPostgres, type PostgresServer } from '../../test/support/postgres-server.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_MS = 60_000;

export type Tier = 'embedded' | 'postgres';
export type Role = 'all' | 'api' | 'worker';

/** A process of the service that can be killed and started again. */
export interface Member {
  readonly role: Role;
  readonly pid: number;
  kill(): Promise<void>;
  /** Resolves once it runs, and listens where its role does. */
  start(): Promise<void>;
}

/** The service as operators run it: one process on the embedded database; one that listens and two that work on PostgreSQL. */
export interface Deployment {
  readonly address: string;
  readonly members: readonly Member[];
  /** Null where the database is embedded. */
  readonly server: PostgresServer | null;
  /** An API key of a tenant, made before the service started. */
  keyOf(tenant: string): string;
  stop(): Promise<void>;
}

/** @param environment settings of the service, on top of its defaults */
export async function deploy(
  tier: Tier,
  tenants: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Deployment> {
  const folder = await mkdtemp(join(tmpdir(), 'mediaguard-endurance-'));
  const server = tier === 'postgres' ? await startPostgres() : null;
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const settings = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    MEDIAGUARD_DATA: folder,
    MEDIAGUARD_PUBLIC_URL: address,
    MEDIAGUARD_LOG_LEVEL: process.env['MEDIAGUARD_LOG_LEVEL'] ?? 'silent',
    ...(server && { DATABASE_URL: server.createDatabase() }),
    ...environment,
  };
  const keys = new Map(tenants.map((tenant) => [tenant, createKey(tenant, settings)]));
  const roles: readonly Role[] = server ? ['api', 'worker', 'worker'] : ['all'];
  const members = roles.map((role) => memberOf(role, port, settings));
  for (const member of members) await member.start();
  return {
    address,
    members,
    server,
    keyOf(tenant) {
      const key = keys.get(tenant);
      if (key === undefined) throw new Error(`No key was made for the tenant ${tenant}.`);
      return key;
    },
    async stop() {
      await Promise.all(members.map((member) => member.kill()));
      await server?.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function createKey(tenant: string, env: NodeJS.ProcessEnv): string {
  const made = spawnSync(
    process.execPath,
    ['bin/mediaguard.js', 'keys', 'create', '--tenant', tenant, '--name', 'endurance'],
    { cwd: ROOT, env, encoding: 'utf8' },
  );
  const key = /mg_\S+/.exec(made.stdout)?.[0];
  if (key === undefined) throw new Error(`Expected a key but ${made.stdout}${made.stderr}`);
  return key;
}

function memberOf(role: Role, port: number, settings: NodeJS.ProcessEnv): Member {
  let child: ChildProcess | undefined;
  const listens = role !== 'worker';
  return {
    role,
    get pid() {
      if (child?.pid === undefined) throw new Error(`The ${role} process does not run.`);
      return child.pid;
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    async start() {
      child = spawn(process.execPath, ['bin/mediaguard.js', 'serve', '--role', role], {
        cwd: ROOT,
        stdio: 'ignore',
        env: { ...settings, MEDIAGUARD_PORT: listens ? String(port) : '0' },
      });
      if (listens) await untilHealthy(`http://127.0.0.1:${port}`, child);
    },
  };
}

async function untilHealthy(address: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    const isUp = await fetch(`${address}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    if (child.exitCode !== null || Date.now() > deadline) {
      throw new Error(
        `Expected the service to listen on ${address} but it ${child.exitCode === null ? 'did not within a minute' : `ended with code ${child.exitCode}`}.`,
      );
    }
    await sleep(100);
  }
}
