/** Waits for a verification to end. */
import { once } from 'node:events';
import type { Response } from 'express';

import type { VerificationRecord } from '../store/records.js';
import type { ServiceParts } from './parts.js';

/** A signal can be missed while the connection is made again, so the store is looked at this often besides listening: seldom, since all who wait look. */
export const LOOK_MS = 2_000;

/** The verification once it has ended, or as it stands when the time is up, the asker has left or the process is stopping. */
export async function waitForEnd(
  parts: Pick<ServiceParts, 'store' | 'signals' | 'isDraining'>,
  verification: VerificationRecord,
  waitMs: number,
  response: Response,
): Promise<VerificationRecord> {
  if (hasEnded(verification) || waitMs <= 0) return verification;
  const { id, tenantId } = verification;
  const deadline = Date.now() + waitMs;
  const left = new AbortController();
  response.once('close', () => left.abort());
  for (;;) {
    const remainingMs = deadline - Date.now();
    if (remainingMs <= 0 || left.signal.aborted || parts.isDraining()) break;
    // Listening starts before the look, so an end in between is not missed. The look is a small one: most find nothing.
    const look = AbortSignal.timeout(Math.min(remainingMs, LOOK_MS));
    const signal = AbortSignal.any([look, left.signal]);
    const ended = once(parts.signals.ended, id, { signal }).then(
      () => true,
      () => false,
    );
    if ((await parts.store.isEnded(id)) || (await ended)) break;
  }
  return (await parts.store.find(tenantId, id)) ?? verification;
}

export function hasEnded({ status }: VerificationRecord): boolean {
  return status === 'complete' || status === 'failed';
}
