import { setTimeout as sleep } from 'node:timers/promises';

import { percentile } from './percentile.js';

/** Milliseconds until `/healthz` was answered. */
export interface HealthTimes {
  readonly p50: number;
  readonly p95: number;
  readonly worst: number;
}

const EVERY_MS = 100;

/** Asks again and again until it is stopped. */
export function watchHealth(address: string): { stop(): Promise<HealthTimes> } {
  const times: number[] = [];
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const startedAt = performance.now();
      await (await fetch(`${address}/healthz`)).text();
      times.push(performance.now() - startedAt);
      await sleep(EVERY_MS);
    }
  })();
  return {
    async stop() {
      isOver = true;
      await watching;
      times.sort((a, b) => a - b);
      return {
        p50: percentile(times, 0.5),
        p95: percentile(times, 0.95),
        worst: percentile(times, 1),
      };
    },
  };
}
