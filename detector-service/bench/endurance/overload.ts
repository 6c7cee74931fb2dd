/** One tenant floods the service with ten times what it can do; another goes on working. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { makeCleanPicture } from '../../../scripts/media/samples.js';
import { print } from '../data.js';
import { variantOf } from '../load/media.js';
import { watchHealth } from '../load/health.js';
import { percentile } from '../load/percentile.js';
import { capacityOf } from './capacity.js';
import { look, send, type Caller } from './client.js';
import { deploy, type Deployment, type Tier } from './deployment.js';
import { holdingsOf } from '../process-tree.js';

const CALM_SECONDS = 20;
const TIMES = 10;
const WAIT_SECONDS = 30;

interface Flood {
  readonly statuses: ReadonlyMap<string, number>;
  readonly accepted: readonly string[];
  readonly sent: number;
}

/** @param args `--seconds N` of the flood (60), `--tier embedded|postgres` (embedded) */
export async function benchOverload(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '60' },
      tier: { type: 'string', default: 'embedded' },
    },
  });
  const deployment = await deploy(values.tier as Tier, ['flood', 'desk']);
  try {
    await run(deployment, Number(values.seconds));
  } finally {
    await deployment.stop();
  }
}

async function run(deployment: Deployment, seconds: number): Promise<void> {
  const { address } = deployment;
  const flood = { address, key: deployment.keyOf('flood') };
  const desk = { address, key: deployment.keyOf('desk') };
  const picture = await makeCleanPicture(1, 640, 480);

  const rate = await capacityOf(desk, picture);
  const calm = await workAtDesk(desk, picture, CALM_SECONDS);
  const before = await memory(deployment);
  const health = watchHealth(address);
  const [flooded, busy] = await Promise.all([
    pour(flood, picture, rate * TIMES, seconds),
    workAtDesk(desk, picture, seconds),
  ]);
  const healthTimes = await health.stop();
  const peak = await memory(deployment);
  const startedAt = performance.now();
  const lost = await drained(flood, flooded.accepted);
  const after = await memory(deployment);

  print(
    `capacity ${rate.toFixed(1)} pictures/s; flood of ${(rate * TIMES).toFixed(0)}/s for ${seconds} s: ${flooded.sent} sent`,
  );
  print(
    `   answers: ${[...flooded.statuses].map(([status, count]) => `${count} x ${status}`).join(', ')}`,
  );
  print(
    `   ${flooded.accepted.length} accepted, ${lost} of them without a result in the end (drained in ${((performance.now() - startedAt) / 1000).toFixed(0)} s)`,
  );
  print(
    `   the other tenant: p95 ${calm.p95.toFixed(0)} ms alone, ${busy.p95.toFixed(0)} ms meanwhile, ratio ${(busy.p95 / calm.p95).toFixed(2)} (bar 2); ${busy.refused} of ${busy.sent} refused`,
  );
  print(
    `   health p95 ${healthTimes.p95.toFixed(0)} ms, worst ${healthTimes.worst.toFixed(0)} ms (bar 50)`,
  );
  print(
    `   memory ${before.toFixed(0)} MiB before, ${peak.toFixed(0)} at the end of the flood, ${after.toFixed(0)} after`,
  );
  const bad = [...flooded.statuses.keys()].filter(
    (status) => !/^(?:202|429|503 with Retry-After)/.test(status),
  );
  if (bad.length > 0 || lost > 0) process.exitCode = 1;
}

/** One person's work: the next picture as soon as the last is judged. */
async function workAtDesk(
  caller: Caller,
  picture: Buffer,
  seconds: number,
): Promise<{ p95: number; sent: number; refused: number }> {
  const until = performance.now() + seconds * 1000;
  const times: number[] = [];
  let refused = 0;
  while (performance.now() < until) {
    const startedAt = performance.now();
    const { status } = await send(caller, variantOf(picture), {
      lane: 'interactive',
      waitSeconds: WAIT_SECONDS,
    });
    if (status === 200) times.push(performance.now() - startedAt);
    else refused += 1;
  }
  times.sort((a, b) => a - b);
  return { p95: percentile(times, 0.95), sent: times.length + refused, refused };
}

/** Sends at a fixed pace, whatever is answered. */
async function pour(
  caller: Caller,
  picture: Buffer,
  rate: number,
  seconds: number,
): Promise<Flood> {
  const statuses = new Map<string, number>();
  const accepted: string[] = [];
  const sends: Promise<void>[] = [];
  const startedAt = performance.now();
  while (performance.now() - startedAt < seconds * 1000) {
    const due = ((performance.now() - startedAt) / 1000) * rate;
    while (sends.length < due) {
      sends.push(
        send(caller, variantOf(picture), { lane: 'bulk', waitSeconds: 0 }).then((answer) => {
          const name =
            answer.status === 0
              ? 'no answer'
              : `${answer.status}${answer.saysWhen ? ' with Retry-After' : ''}`;
          statuses.set(name, (statuses.get(name) ?? 0) + 1);
          if (answer.verification) accepted.push(answer.verification.id);
        }),
      );
    }
    await sleep(10);
  }
  await Promise.all(sends);
  return { statuses, accepted, sent: sends.length };
}

/** @returns how many have no result in the end */
async function drained(caller: Caller, ids: readonly string[]): Promise<number> {
  let lost = 0;
  for (const id of ids) {
    for (;;) {
      const seen = await look(caller, id, 10);
      if (seen === null) await sleep(1_000);
      else if (seen === 'missing' || seen.status === 'failed') {
        lost += 1;
        break;
      } else if (seen.status === 'complete') break;
    }
  }
  return lost;
}

async function memory({ members }: Deployment): Promise<number> {
  const each = await Promise.all(members.map(({ pid }) => holdingsOf(pid)));
  return each.reduce((sum, { mebibytes }) => sum + mebibytes, 0);
}
