/** Kills processes at random while media comes in, and counts what was lost: nothing may be. */
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';

import { makePixels } from '../../../scripts/media/picture.js';
import type { VerificationResource } from '../../src/http/schemas/verification.js';
import { encodeJpeg } from '../../src/intake/image.js';
import { print } from '../data.js';
import { variantOf } from '../load/media.js';
import { look, send, type Caller } from './client.js';
import { deploy, type Deployment, type Tier } from './deployment.js';
import { descendantsOf } from '../process-tree.js';

const SENDERS = 3;
/** So many accepted media may be unfinished before the senders pause: the storm shall hit work, not a pile of it. */
const BACKLOG = 30;
const CALM_MS = { least: 200, most: 1_800 };
const CATCH_UP_MS = 300_000;
/** Work that lost its worker three times over must be done within the time to catch up. */
const LONGEST_LEASE = 90;

/** What a victim is, how to kill it, and what an operator's supervisor would do then. */
type Blow = () => Promise<void>;

interface Accepted {
  /** What was first seen of its result. */
  first: string | null;
}

/** @param args `--kills N` (100), `--tier embedded|postgres` (both), `--lease SECONDS` (5): after so long the work of a dead worker is taken up */
export async function benchStorm(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kills: { type: 'string', default: '100' },
      tier: { type: 'string' },
      lease: { type: 'string', default: '5' },
    },
  });
  const leaseSeconds = Number(values.lease);
  if (!Number.isInteger(leaseSeconds) || leaseSeconds < 1 || leaseSeconds > LONGEST_LEASE) {
    throw new Error(
      `Expected --lease to be 1 to ${LONGEST_LEASE} seconds but received ${values.lease}.`,
    );
  }
  const tiers = values.tier ? [values.tier as Tier] : (['embedded', 'postgres'] as const);
  for (const tier of tiers) await storm(tier, Number(values.kills), leaseSeconds);
}

async function storm(tier: Tier, kills: number, leaseSeconds: number): Promise<void> {
  const deployment = await deploy(tier, ['storm'], {
    MEDIAGUARD_LEASE_MS: String(leaseSeconds * 1_000),
    MEDIAGUARD_RETRY_BASE_MS: '100',
  });
  try {
    const caller = { address: deployment.address, key: deployment.keyOf('storm') };
    const accepted = new Map<string, Accepted>();
    const weather = { isOver: false };
    const picture = await encodeJpeg(await makePixels(320, 240, 7), 85);
    const senders = Array.from({ length: SENDERS }, (_, n) =>
      keepSending(caller, picture, `storm-${n}`, accepted, weather),
    );
    const watching = keepWatching(caller, accepted, weather);
    const blows = await strike(deployment, kills);
    weather.isOver = true;
    const calmAt = performance.now();
    await Promise.all(senders);
    await watching;
    const last = await settle(caller, accepted);
    print(`lease ${leaseSeconds} s`);
    report(tier, blows, accepted, last, (performance.now() - calmAt) / 1000);
  } finally {
    await deployment.stop();
  }
}

async function keepSending(
  caller: Caller,
  picture: Buffer,
  name: string,
  accepted: Map<string, Accepted>,
  weather: { readonly isOver: boolean },
): Promise<void> {
  for (let number = 0; !weather.isOver; number += 1) {
    const bytes = variantOf(picture);
    // As the package does: the same key until an answer came.
    for (;;) {
      const { status, verification } = await send(caller, bytes, {
        lane: 'interactive',
        waitSeconds: 0,
        idempotencyKey: `${name}-${number}`,
      });
      if (verification) {
        accepted.set(verification.id, { first: null });
        break;
      }
      if (weather.isOver) break;
      if (status !== 0 && status < 500 && status !== 429 && status !== 409) {
        throw new Error(`Expected media to be accepted but the service answered ${status}.`);
      }
      await sleep(100);
    }
    while (!weather.isOver && unfinished(accepted) > BACKLOG) await sleep(50);
  }
}

function unfinished(accepted: ReadonlyMap<string, Accepted>): number {
  return [...accepted.values()].filter(({ first }) => first === null).length;
}

/** Notes what was first seen of each result. */
async function keepWatching(
  caller: Caller,
  accepted: Map<string, Accepted>,
  weather: { readonly isOver: boolean },
): Promise<void> {
  while (!weather.isOver) {
    for (const [id, entry] of accepted) {
      if (entry.first !== null || weather.isOver) continue;
      const seen = await look(caller, id, 1);
      if (seen !== null && seen !== 'missing' && isOver(seen)) entry.first = resultOf(seen);
    }
    await sleep(50);
  }
}

/** @returns how often each kind of process was killed */
async function strike(deployment: Deployment, kills: number): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let kill = 0; kill < kills; kill += 1) {
    await sleep(CALM_MS.least + Math.random() * (CALM_MS.most - CALM_MS.least));
    const [name, blow] = pick(await victims(deployment));
    await blow();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

async function victims({ members, server }: Deployment): Promise<(readonly [string, Blow])[]> {
  const all: [string, Blow][] = [];
  for (const member of members) {
    all.push([
      member.role === 'all' ? 'service' : member.role,
      async () => {
        await member.kill();
        await member.start();
      },
    ]);
    const [child] = shuffled(await descendantsOf(member.pid));
    if (child !== undefined) all.push(['child', () => Promise.resolve(killQuietly(child))]);
  }
  if (server) {
    all.push([
      'database',
      async () => {
        await server.kill();
        await server.restart();
      },
    ]);
  }
  return all;
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}

function pick<T>(list: readonly T[]): T {
  const [one] = shuffled(list);
  if (one === undefined) throw new Error('Expected something to kill but nothing runs.');
  return one;
}

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((value) => [Math.random(), value] as const)
    .sort(([a], [b]) => a - b)
    .map(([, value]) => value);
}

/** Waits for every result; what is not there in time stays out of the answer. */
async function settle(
  caller: Caller,
  accepted: ReadonlyMap<string, Accepted>,
): Promise<Map<string, VerificationResource | 'missing'>> {
  const deadline = performance.now() + CATCH_UP_MS;
  const last = new Map<string, VerificationResource | 'missing'>();
  for (const id of accepted.keys()) {
    do {
      const seen = await look(caller, id, 5);
      if (seen === 'missing' || (seen !== null && isOver(seen))) last.set(id, seen);
    } while (!last.has(id) && performance.now() < deadline);
  }
  return last;
}

function isOver({ status }: VerificationResource): boolean {
  return status === 'complete' || status === 'failed';
}

/** What must be the same however often one looks. */
function resultOf({ status, verdict, score, findings }: VerificationResource): string {
  return JSON.stringify([status, verdict, score, findings?.map(({ code }) => code)]);
}

function report(
  tier: Tier,
  blows: ReadonlyMap<string, number>,
  accepted: ReadonlyMap<string, Accepted>,
  last: ReadonlyMap<string, VerificationResource | 'missing'>,
  seconds: number,
): void {
  const ends = [...last.values()];
  const missing = ends.filter((end) => end === 'missing').length;
  const complete = ends.filter((end) => end !== 'missing' && end.status === 'complete').length;
  const changed = [...accepted].filter(([id, { first }]) => {
    const end = last.get(id);
    return first !== null && end !== undefined && end !== 'missing' && resultOf(end) !== first;
  }).length;
  const kills = [...blows].map(([name, count]) => `${count} ${name}`).join(', ');
  print(`${tier}: killed ${kills}`);
  print(
    `   ${accepted.size} accepted: ${complete} complete, ${ends.length - missing - complete} failed for good, ${missing} lost, ${accepted.size - ends.length} unfinished; ` +
      `${changed} seen with two different results; all caught up ${seconds.toFixed(0)} s after the last kill`,
  );
  if (complete < accepted.size || changed > 0) process.exitCode = 1;
}
