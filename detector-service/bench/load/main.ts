/**
 * The whole service under load, beside what the machine could do at most and beside what another team would have written. Every figure of one run comes from
 * the same machine under the same conditions, so ratios hold where absolute figures do not.
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';

import { hasPostgres, startPostgres } from '../../test/support/postgres-server.js';
import { print } from '../data.js';
import { measureBound, type Bound } from './bound.js';
import { drive, type Measured } from './drive.js';
import { makePhotos, variantOf, type Photo } from './media.js';
import { measurePairs } from './pairs.js';
import { missingForPeer, startPeer } from './peer.js';
import {
  printBars,
  printBound,
  printMeasured,
  printPairs,
  printPeer,
  printStages,
} from './report.js';
import { startServiceOn, type Judge, type ServiceOptions } from './service.js';
import { cpuByStage } from './stages.js';

const CONNECTIONS = [1, 8, 32] as const;
/** The load that ratios are taken at. */
const RATIO_CONNECTIONS = 8;
const WARM_UP_SECONDS = 6;

/** @param args `--seconds N` for each load (10); the one that ratios are taken from takes three times as long */
export async function benchLoad(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { seconds: { type: 'string', default: '10' } },
  });
  const seconds = Number(values.seconds);
  const cores = availableParallelism();
  print(
    `${cores} cores (${cpus()[0]?.model.trim()}), Node ${process.version}, load ${loadavg()[0]?.toFixed(1)} before the start`,
  );
  const photos = await makePhotos();
  const photo = photos.find(({ name }) => name === '2 MP') as Photo;

  printStages(photo.name, await cpuByStage(photo.bytes));
  const networks = await measureBound('networks', photo.bytes, cores, seconds);
  const detectors = await measureBound('detectors', photo.bytes, cores, seconds);
  printBound(photo.name, networks, detectors);

  const { whole, pairs } = await onService(cores, async (judge) => ({
    whole: await sweep(judge, photos, photo, seconds),
    pairs: await measurePairs(judge, photo, { cores, connections: RATIO_CONNECTIONS, seconds }),
  }));
  printPairs(photo.name, pairs);
  const one = await onService(1, (judge) => load(judge, 'on one core', photo, seconds));
  const server = await onPostgres(cores, photo, seconds);
  const alone = await onService(
    cores,
    (judge) => load(judge, 'both networks and nothing else', photo, seconds),
    { isNetworksAlone: true },
  );
  const peer = await onPeer(cores, photo, networks, seconds);

  printBars({ whole, pairs, networks, one, server, alone, peer });
}

async function sweep(
  judge: Judge,
  photos: readonly Photo[],
  ratioPhoto: Photo,
  seconds: number,
): Promise<Measured> {
  let ratio: Measured | undefined;
  for (const photo of photos) {
    for (const connections of CONNECTIONS) {
      const isRatio = photo === ratioPhoto && connections === RATIO_CONNECTIONS;
      const measured = await drive(judge, {
        connections,
        seconds: isRatio ? 3 * seconds : seconds,
        body: () => variantOf(photo.bytes),
      });
      printMeasured(photo.name, measured);
      if (isRatio) ratio = measured;
    }
  }
  const same = await drive(judge, {
    connections: RATIO_CONNECTIONS,
    seconds,
    body: () => ratioPhoto.bytes,
  });
  printMeasured(`${ratioPhoto.name}, the same bytes each time`, same);
  return ratio as Measured;
}

async function load(judge: Judge, name: string, photo: Photo, seconds: number): Promise<Measured> {
  const measured = await drive(judge, {
    connections: RATIO_CONNECTIONS,
    seconds,
    body: () => variantOf(photo.bytes),
  });
  printMeasured(`${photo.name}, ${name}`, measured);
  return measured;
}

async function onService<Result>(
  cores: number,
  work: (judge: Judge) => Promise<Result>,
  options?: ServiceOptions,
): Promise<Result> {
  const judge = await startServiceOn(cores, options);
  return onJudge(judge, work);
}

/** The first requests start children and compile code, so they do not count. */
async function onJudge<Result>(
  judge: Judge,
  work: (judge: Judge) => Promise<Result>,
): Promise<Result> {
  try {
    const [, photo] = await makePhotos();
    await drive(judge, {
      connections: RATIO_CONNECTIONS,
      seconds: WARM_UP_SECONDS,
      body: () => variantOf((photo as Photo).bytes),
    });
    return await work(judge);
  } finally {
    await judge.stop();
  }
}

async function onPostgres(cores: number, photo: Photo, seconds: number): Promise<Measured | null> {
  if (!hasPostgres) {
    print('Not measured on PostgreSQL: no server found (Debian: apt-get install postgresql).');
    return null;
  }
  const server = await startPostgres();
  try {
    return await onService(cores, (judge) => load(judge, 'on PostgreSQL', photo, seconds), {
      databaseUrl: server.createDatabase(),
    });
  } finally {
    await server.remove();
  }
}

async function onPeer(
  cores: number,
  photo: Photo,
  bound: Bound,
  seconds: number,
): Promise<Measured | null> {
  const missing = missingForPeer();
  if (missing !== null) {
    print(missing);
    return null;
  }
  const judge = await startPeer(cores);
  await printPeer(judge, photo, bound);
  return onJudge(judge, (ready) => load(ready, 'FastAPI and torch', photo, seconds));
}
