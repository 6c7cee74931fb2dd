import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface ServerProcess {
  readonly address: string;
  readonly key: string;
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
}

/** Starts `serve-slowly.ts` on a data folder. */
export async function startProcess(dataFolder: string, workMs: number): Promise<ServerProcess> {
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
        TEST_WORK_MS: String(workMs),
      },
    },
  );
  if (!child.stdout) throw new Error('The server has no output.');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { address, key } = JSON.parse(line) as { address: string; key: string };
  return {
    address,
    key,
    async end(signal) {
      const exited = once(child, 'exit') as Promise<[number | null]>;
      child.kill(signal);
      const [code] = await exited;
      return code;
    },
  };
}
