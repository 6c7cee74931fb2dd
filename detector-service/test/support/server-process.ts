import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import type { Place } from './tiers.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface ServerProcess {
  readonly address: string;
  readonly key: string;
  readonly pid: number;
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
}

/** Starts `serve-slowly.ts` on a data folder, or a database server. */
export async function startProcess(
  { dataFolder, databaseUrl }: Place,
  workMs: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', 'tsx', 'test/support/serve-slowly.ts'],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        MEDIAGUARD_DATA: dataFolder,
        MEDIAGUARD_PORT: '0',
        MEDIAGUARD_WORKERS: '3',
        MEDIAGUARD_SHUTDOWN_MS: '200',
        // Long enough for the work of these tests, short enough that work of the dead is soon taken up.
        MEDIAGUARD_LEASE_MS: '2000',
        MEDIAGUARD_PUBLIC_URL: 'http://127.0.0.1',
        MEDIAGUARD_RETRY_BASE_MS: '50',
        TEST_WORK_MS: String(workMs),
        ...(databaseUrl && { DATABASE_URL: databaseUrl }),
        ...environment,
      },
    },
  );
  if (!child.stdout) throw new Error('The server has no output.');
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`The server ended with code ${String(code)} before it listened.`);
  });
  const spoken = once(createInterface(child.stdout), 'line') as Promise<[string]>;
  const [line] = await Promise.race([spoken, died]);
  died.catch(() => undefined);
  const { address, key } = JSON.parse(line) as { address: string; key: string };
  if (child.pid === undefined) throw new Error('The server has no process id.');
  return {
    address,
    key,
    pid: child.pid,
    async end(signal) {
      const exited = once(child, 'exit') as Promise<[number | null]>;
      child.kill(signal);
      const [code] = await exited;
      return code;
    },
  };
}
