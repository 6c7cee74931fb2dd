/** Whether the service can do its work right now: each part is tried, not assumed. */
import { errorFields } from '../ops/log.js';
import type { ServiceParts } from './parts.js';
import type { ReadinessResource } from './schemas/service.js';

/** Trying costs a write to disk and anyone may ask, so one answer serves all who ask within this time. */
const FRESH_MS = 1_000;

export function createReadinessCheck(parts: ServiceParts): () => Promise<ReadinessResource> {
  let latest: { readonly at: number; readonly answer: Promise<ReadinessResource> } | undefined;
  return () => {
    if (!latest || Date.now() - latest.at > FRESH_MS) {
      latest = { at: Date.now(), answer: checkReadiness(parts) };
    }
    return latest.answer;
  };
}

async function checkReadiness(parts: ServiceParts): Promise<ReadinessResource> {
  const probes: Readonly<Record<string, () => Promise<unknown>>> = {
    database: () => parts.database.query('select 1'),
    vault: () => parts.vault.probe(),
    signing: () => parts.keys.current(),
    queue: async () => {
      const { ready, delayed, held, leased } = await parts.queue.depth();
      if (ready + delayed + held + leased >= parts.config.queueLimit) {
        throw new Error('The queue is full.');
      }
    },
    accepting: () =>
      parts.isDraining()
        ? Promise.reject(new Error('The process is stopping.'))
        : Promise.resolve(),
  };
  const checks = await Promise.all(
    Object.entries(probes).map(async ([name, probe]) => {
      try {
        await probe();
        return { name, isReady: true };
      } catch (error) {
        parts.log.warn({ event: 'readiness.failed', check: name, ...errorFields(error) });
        return { name, isReady: false };
      }
    }),
  );
  return { isReady: checks.every((check) => check.isReady), checks };
}
