import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { VerificationResource } from '../../src/http/schemas/verification.js';
import { startProcess, type ServerProcess } from '../support/server-process.js';
import { onBothTiers, type Place } from '../support/tiers.js';

const FILES = 12;

/** Sends files until the server is gone; resolves with the ids it accepted, each also told to `onAccepted` with its number. */
async function sendFiles(
  { address, key }: ServerProcess,
  onAccepted: (count: number) => void = () => undefined,
): Promise<string[]> {
  let count = 0;
  const answers = await Promise.allSettled(
    Array.from({ length: FILES }, async (_, index) => {
      await sleep(index * 15);
      const response = await fetch(`${address}/v1/verifications`, {
        method: 'POST',
        body: randomBytes(20_000),
        headers: {
          Authorization: `Bearer ${key}`,
          'Content-Type': 'image/jpeg',
          Prefer: 'respond-async',
        },
      });
      expect(response.status).toBe(202);
      const { id } = (await response.json()) as VerificationResource;
      onAccepted(++count);
      return id;
    }),
  );
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
}

async function resultOf(server: ServerProcess, id: string): Promise<VerificationResource> {
  const response = await fetch(`${server.address}/v1/verifications/${id}`, {
    headers: { Authorization: `Bearer ${server.key}`, Prefer: 'wait=10' },
  });
  return (await response.json()) as VerificationResource;
}

onBothTiers((tier) => {
  let place: Place;
  beforeEach(async () => {
    place = await tier.fresh();
  });

  it.each([
    ['in the middle of the work', FILES],
    ['while media still comes in', 3],
  ])('loses nothing accepted when it is killed %s', async (_when, killAfter) => {
    const first = await startProcess(place, 1_500);
    let killing: Promise<unknown> | undefined;
    const accepted = await sendFiles(first, (count) => {
      if (count === killAfter) killing = first.end('SIGKILL');
    });
    await killing;
    expect(accepted.length).toBeGreaterThanOrEqual(killAfter);

    const second = await startProcess(place, 0);
    const results = await Promise.all(accepted.map((id) => resultOf(second, id)));
    await second.end('SIGTERM');

    expect(results.map(({ status }) => status)).toEqual(accepted.map(() => 'complete'));
  });

  it('answers whoever waits when it is asked to stop', async () => {
    const server = await startProcess(place, 5_000);
    const waiting = fetch(`${server.address}/v1/verifications`, {
      method: 'POST',
      body: randomBytes(10),
      headers: {
        Authorization: `Bearer ${server.key}`,
        'Content-Type': 'image/jpeg',
        Prefer: 'wait=10',
      },
    });
    await sleep(1_000);
    const ended = server.end('SIGTERM');

    expect((await waiting).status).toBe(202);
    expect(await ended).toBe(0);
  });

  it('puts unfinished work back when it is asked to stop, and ends with code 0', async () => {
    const first = await startProcess(place, 5_000);
    const accepted = await sendFiles(first);
    expect(accepted).toHaveLength(FILES);
    expect(await first.end('SIGTERM')).toBe(0);

    const second = await startProcess(place, 0);
    const results = await Promise.all(accepted.map((id) => resultOf(second, id)));
    await second.end('SIGTERM');

    expect(results.every(({ status }) => status === 'complete')).toBe(true);
  });
});
