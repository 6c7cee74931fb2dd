import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { startProgram } from './program.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Something that judges a picture posted to it. */
export interface Judge {
  readonly address: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly pid: number;
  /** Pictures judged since it began, whoever waited for them; null where it does not count. */
  judged(): Promise<number | null>;
  /** Resolves once nothing is left to judge. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

const AS_IT_IS = ['bin/mediaguard.js', 'serve'];
const NETWORKS_ALONE = ['--import', 'tsx', 'bench/load/networks-service.ts'];

export interface ServiceOptions {
  /** A PostgreSQL server; a database of its own by default. */
  readonly databaseUrl?: string;
  /** Runs both picture networks and nothing else of the detectors. */
  readonly isNetworksAlone?: boolean;
}

/** The service as an operator starts it, on so many cores. */
export async function startServiceOn(
  cores: number,
  { databaseUrl, isNetworksAlone = false }: ServiceOptions = {},
): Promise<Judge> {
  const folder = await mkdtemp(join(tmpdir(), 'mediaguard-bench-'));
  const program = startProgram({
    command: process.execPath,
    args: isNetworksAlone ? NETWORKS_ALONE : AS_IT_IS,
    cores,
    folder: ROOT,
    environment: {
      MEDIAGUARD_DATA: folder,
      MEDIAGUARD_PORT: '0',
      MEDIAGUARD_TENANT_RATE: '100000',
      MEDIAGUARD_TENANT_UPLOADS: '10000',
      MEDIAGUARD_LOG_LEVEL: 'error',
      ...(databaseUrl && { DATABASE_URL: databaseUrl }),
    },
  });
  const { key, address } = await greeting(program.child.stdout);
  const headers = { Authorization: `Bearer ${key}` };
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${address}/metrics`, { headers })).text();
    const lines = text.split('\n').filter((line) => line.startsWith(name));
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  };
  return {
    address,
    path: '/v1/verifications',
    headers: { ...headers, 'Content-Type': 'image/jpeg', Prefer: 'wait=10' },
    pid: program.pid,
    judged: () => metric('mediaguard_verifications_total{'),
    async idle() {
      while (
        (await metric('mediaguard_queue_jobs{state="ready"')) > 0 ||
        (await metric('mediaguard_queue_jobs{state="leased"')) > 0
      ) {
        await sleep(200);
      }
    },
    async stop() {
      await program.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The key and the address that `serve` prints at its first start. */
async function greeting(
  output: NodeJS.ReadableStream | null,
): Promise<{ key: string; address: string }> {
  if (!output) throw new Error('The service has no output.');
  let key = '';
  for await (const line of createInterface(output)) {
    key = /: (mg_\S+)$/.exec(line)?.[1] ?? key;
    const address = /listens on (\S+)/.exec(line)?.[1];
    if (address) return { key, address };
  }
  throw new Error('The service ended before it listened.');
}
