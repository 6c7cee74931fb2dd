/** Brings late verdicts to the orgs that wait for them, until each is acknowledged. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SpanKind } from '@opentelemetry/api';

import { errorFields, type Log } from '../ops/log.js';
import type { Metrics } from '../ops/metrics.js';
import { inSpan } from '../ops/tracing.js';
import type { VerificationRecord } from '../store/records.js';
import type { VerificationStore } from '../store/verifications.js';
import type { Deliveries, Delivery } from './deliveries.js';
import { retryDelayMs } from './worker.js';

/** Hands a verdict to an org; rejects with DeliveryRefusedError when trying again cannot help, else with any other error. */
export type PushVerdict = (
  verification: VerificationRecord,
  orgId: string,
  signal: AbortSignal,
) => Promise<void>;

/** The org understood the verdict and will not take it. */
export class DeliveryRefusedError extends Error {
  override readonly name = 'DeliveryRefusedError';
}

export interface CourierParts {
  readonly deliveries: Deliveries;
  readonly store: VerificationStore;
  readonly push: PushVerdict;
  readonly retryBaseMs: number;
  readonly log: Log;
  readonly metrics: Metrics;
}

const LOOK_MS = 1_000;

/** One delivery at a time; what a stopped process had taken is taken up again when its lease ends. */
export function startCourier(parts: CourierParts): { stop(): Promise<void> } {
  const holder = randomUUID();
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const delivery = await parts.deliveries.take(holder).catch((error: unknown) => {
        parts.log.error({ event: 'delivery.unavailable', ...errorFields(error) });
        return undefined;
      });
      if (delivery) await deliver(parts, delivery, signal);
      else await sleep(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

async function deliver(
  parts: CourierParts,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<void> {
  const { deliveries, log, metrics } = parts;
  const { verificationId: id, orgId, attempt } = delivery;
  const note = (result: 'done' | 'retried' | 'dead', error?: unknown): void => {
    metrics.deliveries.inc({ result });
    const fields = { event: `delivery.${result}`, id, orgId, attempt };
    if (error === undefined) log.info(fields);
    else log.warn({ ...fields, ...errorFields(error) });
  };
  try {
    const verification = await parts.store.find(delivery.tenantId, id);
    if (verification) {
      await inSpan('mediaguard.push', () => parts.push(verification, orgId, signal), {
        kind: SpanKind.CLIENT,
        attributes: { 'mediaguard.verification_id': id, 'mediaguard.attempt': attempt },
      });
    }
    await deliveries.acknowledge(delivery);
    note('done');
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const isFinal = error instanceof DeliveryRefusedError;
    const settling = isFinal
      ? deliveries.bury(delivery, text)
      : deliveries.retry(delivery, retryDelayMs(attempt, parts.retryBaseMs), text);
    // Unsettled, the lease runs out by itself and the verdict is brought again.
    await settling.catch((fault: unknown) => {
      log.error({ event: 'delivery.unavailable', ...errorFields(fault) });
    });
    note(isFinal ? 'dead' : 'retried', error);
  }
}
