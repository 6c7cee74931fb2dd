import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { removeFolder } from '../support/service-data.js';

const PROGRAM = fileURLToPath(new URL('../../bin/mediaguard.js', import.meta.url));
const LISTENS = /MediaGuard listens on (\S+)/;
const KEY = /API key \(shown once, tenant "default"\): (\S+)/;

let folder: string;
let child: ChildProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-serve-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
});
afterAll(() => removeFolder(folder));

/** Starts the service as a user does, waits until it listens, and gives what it printed until then. */
async function serve(): Promise<{ address: string; printed: string }> {
  const started = spawn(process.execPath, [PROGRAM, 'serve', '--port', '0', '--data', folder], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  child = started;
  let printed = '';
  for await (const chunk of started.stdout) {
    printed += String(chunk);
    const address = LISTENS.exec(printed)?.[1];
    if (address) return { address, printed };
  }
  throw new Error(`The service ended before it listened: ${printed}`);
}

async function stop(): Promise<void> {
  const exited = once(child as ChildProcess, 'exit');
  child?.kill('SIGTERM');
  await exited;
}

it('prints a key that works at the first start, and never again', async () => {
  const first = await serve();
  const key = KEY.exec(first.printed)?.[1] ?? '';
  const answers = await Promise.all(
    [key, `${key}x`].map((each) =>
      fetch(`${first.address}/v1/models`, { headers: { Authorization: `Bearer ${each}` } }),
    ),
  );
  await stop();
  const second = await serve();
  await stop();

  expect(first.printed.match(new RegExp(KEY, 'g'))).toHaveLength(1);
  expect(answers.map(({ status }) => status)).toEqual([200, 401]);
  expect(second.printed).not.toMatch(/API key/);
}, 120_000);
