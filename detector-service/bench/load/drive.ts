import autocannon, { type Result } from 'autocannon';

import { cpuBetween, cpuTimeOf, type CpuTime } from './cpu.js';
import { watchHealth, type HealthTimes } from './health.js';
import { percentile } from './percentile.js';
import type { Judge } from './service.js';

export interface Load {
  readonly connections: number;
  readonly seconds: number;
  /** Called for each request. */
  readonly body: () => Buffer;
}

/** What came of a load. Times in milliseconds. */
export interface Measured {
  readonly connections: number;
  /** Pictures judged a second. */
  readonly rate: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly answers: number;
  /** Answers that the picture will be judged later. */
  readonly later: number;
  /** Everything else that is no result: refusals, broken connections, time-outs. */
  readonly faults: number;
  /** CPU time a picture, of the process that listens and of those below it. */
  readonly cpu: CpuTime;
  /** CPU time a picture of this program, which sends on the same cores. */
  readonly sender: number;
  /** Of `/healthz` meanwhile. */
  readonly health: HealthTimes;
}

const TIMEOUT_SECONDS = 60;

/** Posts pictures over some connections, each sending its next as soon as it is answered. */
export async function drive(judge: Judge, load: Load): Promise<Measured> {
  const { connections, seconds, body } = load;
  const times: number[] = [];
  let later = 0;
  let faults = 0;
  const before = await cpuTimeOf(judge.pid);
  const judgedBefore = await judge.judged();
  const senderBefore = process.cpuUsage();
  const startedAt = performance.now();
  const health = watchHealth(judge.address);
  const result = await new Promise<Result>((resolve, reject) => {
    const running = autocannon(
      {
        url: `${judge.address}${judge.path}`,
        connections,
        duration: seconds,
        timeout: TIMEOUT_SECONDS,
        requests: [
          {
            method: 'POST',
            headers: { ...judge.headers },
            setupRequest: (request) => ({ ...request, body: body() }),
          },
        ],
      },
      (error: Error | null, ended) => (error ? reject(error) : resolve(ended)),
    );
    running.on('response', (_client, status, _bytes, milliseconds) => {
      if (status === 200) times.push(milliseconds);
      else if (status === 202) later += 1;
      else faults += 1;
    });
  });
  const healthTimes = await health.stop();
  const elapsedSeconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(senderBefore);
  const judgedAfter = await judge.judged();
  const cpu = cpuBetween(before, await cpuTimeOf(judge.pid));
  const judged =
    judgedAfter === null || judgedBefore === null ? times.length : judgedAfter - judgedBefore;
  await judge.idle();
  times.sort((a, b) => a - b);
  return {
    connections,
    rate: judged / elapsedSeconds,
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    p99: percentile(times, 0.99),
    answers: times.length,
    later,
    faults: faults + result.errors + result.timeouts,
    cpu: { own: cpu.own / judged, children: cpu.children / judged },
    sender: (user + system) / 1000 / judged,
    health: healthTimes,
  };
}
