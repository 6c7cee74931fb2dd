/** API and workers as processes of their own over one PostgreSQL server, any of which is killed without warning. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { VerificationResource } from '../../src/http/schemas/verification.js';
import { openDatabase } from '../../src/store/database.js';
import { describePostgres, startPostgres, type PostgresServer } from '../support/postgres.js';
import { startProcess, type ServerProcess } from '../support/server-process.js';
import { freshDataFolder, removeFolder } from '../support/service-data.js';
import type { Place } from '../support/tiers.js';

const FILES = 30;

describePostgres('API and workers apart', () => {
  let server: PostgresServer;
  let place: Required<Place>;
  const running = new Set<ServerProcess>();

  beforeAll(async () => {
    server = await startPostgres();
    place = { dataFolder: await freshDataFolder(), databaseUrl: server.createDatabase() };
  });
  afterAll(async () => {
    await Promise.all([...running].map((process) => process.end('SIGKILL')));
    await server.remove();
    await removeFolder(place.dataFolder);
  });

  async function start(role: 'api' | 'worker'): Promise<ServerProcess> {
    const started = await startProcess(place, 300, { MEDIAGUARD_ROLE: role });
    running.add(started);
    return started;
  }

  async function kill(process: ServerProcess): Promise<void> {
    running.delete(process);
    await process.end('SIGKILL');
  }

  /** As a client does: the same key until it is answered, whatever happens meanwhile. */
  async function send(ask: () => ServerProcess, index: number, bytes: Buffer): Promise<string> {
    const deadline = Date.now() + 90_000;
    while (Date.now() < deadline) {
      const { address, key } = ask();
      const response = await fetch(`${address}/v1/verifications`, {
        method: 'POST',
        body: bytes,
        headers: {
          Authorization: `Bearer ${key}`,
          'Content-Type': 'image/jpeg',
          Prefer: 'respond-async',
          'Idempotency-Key': `file-${index}`,
        },
      }).catch(() => undefined);
      if (response?.status === 202 || response?.status === 200) {
        return ((await response.json()) as VerificationResource).id;
      }
      if (response && response.status !== 503) {
        throw new Error(`Expected 503 or nothing but received ${response.status}.`);
      }
      await response?.body?.cancel();
      await sleep(200);
    }
    throw new Error('No process took the file in time.');
  }

  async function resultOf({ address, key }: ServerProcess, id: string) {
    const response = await fetch(`${address}/v1/verifications/${id}`, {
      headers: { Authorization: `Bearer ${key}`, Prefer: 'wait=10' },
    });
    return (await response.json()) as VerificationResource;
  }

  it('lose nothing accepted and judge nothing twice when each is killed in turn', async () => {
    let api = await start('api');
    let worker = await start('worker');
    const steady = await start('worker');
    const files = Array.from({ length: FILES }, () => randomBytes(20_000));
    const sending = files.map(async (bytes, index) => {
      await sleep(index * 200);
      return send(() => api, index, bytes);
    });

    await sleep(500);
    await kill(worker);
    await kill(api);
    api = await start('api');
    await server.kill();
    await sleep(500);
    await server.restart();
    worker = await start('worker');

    const ids = await Promise.all(sending);
    const results = await Promise.all(ids.map((id) => resultOf(api, id)));
    const again = await Promise.all(ids.map((id) => resultOf(api, id)));

    expect(new Set(ids).size).toBe(FILES);
    expect(results.map(({ status }) => status)).toEqual(ids.map(() => 'complete'));
    expect(again.map(({ attestation }) => attestation)).toEqual(
      results.map(({ attestation }) => attestation),
    );
    const database = await openDatabase(place);
    const usage = await database.query('select sum(verifications)::int as ended from usage_day');
    await database.close();
    expect(usage).toEqual([{ ended: FILES }]);
    expect(await steady.end('SIGTERM')).toBe(0);
    running.delete(steady);
  }, 120_000);

  it('take up in one process at once what another accepted', async () => {
    const api = await start('api');
    const id = await send(() => api, FILES, randomBytes(100));

    expect(await resultOf(api, id)).toMatchObject({ status: 'complete', verdict: 'clear' });
  });

  it('serve no requests where they only work', async () => {
    const worker = await start('worker');
    const headers = { Authorization: `Bearer ${worker.key}` };

    expect((await fetch(`${worker.address}/readyz`)).status).toBe(200);
    expect((await fetch(`${worker.address}/metrics`, { headers })).status).toBe(200);
    expect((await fetch(`${worker.address}/v1/usage`, { headers })).status).toBe(404);
  });
});
