/** Waits for a verification to end. */
import { once } from 'node:events';

import type { VerificationRecord } from '../store/records.js';
import type { ServiceParts } from './parts.js';

/** Another process may do the work, so the store is looked at this often besides listening. */
const LOOK_MS = 500;

/** The verification once it has ended, or as it stands when the time is up. */
export async function waitForEnd(
  parts: Pick<ServiceParts, 'store' | 'worker'>,
  verification: VerificationRecord,
  waitMs: number,
): Promise<VerificationRecord> {
  const deadline = Date.now() + waitMs;
  let latest = verification;
  while (!hasEnded(latest)) {
    const left = deadline - Date.now();
    if (left <= 0) return latest;
    // Listening starts before the look, so an end in between is not missed.
    const signal = AbortSignal.timeout(Math.min(left, LOOK_MS));
    const ended = once(parts.worker.ended, verification.id, { signal }).catch(() => undefined);
    latest = (await parts.store.find(verification.tenantId, verification.id)) ?? latest;
    if (hasEnded(latest)) return latest;
    await ended;
    latest = (await parts.store.find(verification.tenantId, verification.id)) ?? latest;
  }
  return latest;
}

export function hasEnded({ status }: VerificationRecord): boolean {
  return status === 'complete' || status === 'failed';
}
