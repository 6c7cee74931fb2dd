/** Measures drift from time to time and tells it to Prometheus and the log. */
import { errorFields, type Log } from '../ops/log.js';
import type { Metrics } from '../ops/metrics.js';
import type { Database } from '../store/database.js';
import { reportDrift, type DriftBounds } from './drift-report.js';

export interface DriftWatchParts {
  readonly database: Database;
  readonly bounds: DriftBounds;
  readonly everyHours: number;
  readonly metrics: Metrics;
  readonly log: Log;
}

const MS_PER_HOUR = 3_600_000;

/** Measures at start and every so many hours until stopped. */
export function startDriftWatch(parts: DriftWatchParts): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const run = (): void => {
    running = running
      .then(() => watchDrift(parts))
      .catch((error: unknown) => {
        parts.log.error({ event: 'drift.not_measured', ...errorFields(error) });
      });
  };
  run();
  const timer = setInterval(run, parts.everyHours * MS_PER_HOUR);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
      return running;
    },
  };
}

/** One measurement. */
export async function watchDrift({
  database,
  bounds,
  metrics,
  log,
}: DriftWatchParts): Promise<void> {
  const { rows, present, reference } = await reportDrift(database, bounds);
  metrics.driftPsi.reset();
  metrics.driftKs.reset();
  metrics.driftBound.set(bounds.psi);
  for (const { what, detector, psi, ks, isShifted } of rows) {
    const labels = { what, detector: detector ?? '' };
    if (psi !== null) metrics.driftPsi.set(labels, psi);
    if (ks !== null) metrics.driftKs.set(labels, ks);
    if (isShifted)
      log.warn({ event: 'drift.shifted', what, detector, psi, ks, present, reference });
  }
  log.info({ event: 'drift.measured', present, reference });
}
