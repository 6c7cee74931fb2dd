/** Hours of everyday load, shortened: memory and open handles must not grow. */
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';

import { makeCleanPicture } from '../../../scripts/media/samples.js';
import { print } from '../data.js';
import { variantOf } from '../load/media.js';
import { capacityOf } from './capacity.js';
import { send } from './client.js';
import { deploy, type Tier } from './deployment.js';
import { holdingsOf, type Holdings } from '../process-tree.js';

const WAIT_SECONDS = 30;
const SAMPLE_MS = 5_000;
/** Allocators and caches fill up first; what grows afterwards is a leak. */
const SETTLING_SHARE = 0.25;
const SIZES = [
  [640, 480],
  [1280, 960],
  [1920, 1080],
] as const;

interface Sample extends Holdings {
  readonly minutes: number;
}

/** @param args `--minutes N` (30), `--load 0.8` of the capacity, `--tier embedded|postgres` (embedded) */
export async function benchSoak(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '30' },
      load: { type: 'string', default: '0.8' },
      tier: { type: 'string', default: 'embedded' },
    },
  });
  const deployment = await deploy(values.tier as Tier, ['soak']);
  try {
    const caller = { address: deployment.address, key: deployment.keyOf('soak') };
    const pictures = await Promise.all(
      SIZES.map(([width, height], n) => makeCleanPicture(n + 1, width, height)),
    );
    const [, middle = Buffer.alloc(0)] = pictures;
    const rate = (await capacityOf(caller, middle)) * Number(values.load);
    const minutes = Number(values.minutes);
    const samples: Sample[] = [];
    const startedAt = performance.now();
    const elapsed = (): number => (performance.now() - startedAt) / 60_000;
    const statuses = new Map<number, number>();
    const sends = new Set<Promise<void>>();

    const sampling = (async () => {
      while (elapsed() < minutes) {
        const each = await Promise.all(deployment.members.map(({ pid }) => holdingsOf(pid)));
        samples.push({
          minutes: elapsed(),
          mebibytes: each.reduce((sum, one) => sum + one.mebibytes, 0),
          handles: each.reduce((sum, one) => sum + one.handles, 0),
        });
        await sleep(SAMPLE_MS);
      }
    })();
    for (let sent = 0; elapsed() < minutes; sent += 1) {
      const bytes = variantOf(pictures[sent % pictures.length] as Buffer);
      const sending = send(caller, bytes, { lane: 'interactive', waitSeconds: WAIT_SECONDS }).then(
        ({ status }) => {
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          sends.delete(sending);
        },
      );
      sends.add(sending);
      await sleep(Math.max(0, ((sent + 1) / rate) * 1000 - (performance.now() - startedAt)));
    }
    await Promise.all([sampling, ...sends]);
    report(rate, minutes, statuses, samples);
  } finally {
    await deployment.stop();
  }
}

function report(
  rate: number,
  minutes: number,
  statuses: ReadonlyMap<number, number>,
  samples: readonly Sample[],
): void {
  const settled = samples.filter((sample) => sample.minutes >= minutes * SETTLING_SHARE);
  const first = settled[0];
  const last = settled.at(-1);
  if (!first || !last) throw new Error('Expected samples after the settling time; soak longer.');
  const memory = slope(settled.map((sample) => [sample.minutes, sample.mebibytes]));
  const handles = slope(settled.map((sample) => [sample.minutes, sample.handles]));
  const mean = settled.reduce((sum, sample) => sum + sample.mebibytes, 0) / settled.length;
  print(
    `${minutes} minutes at ${rate.toFixed(2)} pictures/s: ${[...statuses].map(([status, count]) => `${count} x ${status}`).join(', ')}`,
  );
  print(
    `   memory ${first.mebibytes.toFixed(0)} to ${last.mebibytes.toFixed(0)} MiB, slope ${(memory * 60).toFixed(1)} MiB an hour, ${((memory * 60 * 100) / mean).toFixed(1)} % of the mean`,
  );
  print(
    `   open handles ${first.handles} to ${last.handles}, slope ${(handles * 60).toFixed(1)} an hour`,
  );
}

/** Of the line of least squares. */
function slope(points: readonly (readonly [number, number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const above = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return above / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
