/** Prometheus metrics. Labels never name a tenant, a file or a verification. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  readonly requests: Histogram<'method' | 'route' | 'status'>;
  readonly verifications: Counter<'outcome'>;
  readonly stages: Histogram<'stage'>;
  readonly attempts: Counter<'result'>;
  readonly queueDepth: Gauge<'state'>;
  readonly receivedBytes: Counter;
  readonly deliveries: Counter<'result'>;
  readonly deliveryDepth: Gauge<'state'>;
  readonly models: Gauge<'model' | 'version' | 'state'>;
  readonly candidates: Counter<'state' | 'result'>;
  readonly driftPsi: Gauge<'what' | 'detector'>;
  readonly driftKs: Gauge<'what' | 'detector'>;
  readonly driftBound: Gauge;
  /** Stops the process-wide collectors' hold on this registry. */
  close(): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'mediaguard_' });
  return {
    registry,
    requests: new Histogram({
      name: 'mediaguard_http_request_seconds',
      help: 'Time from the first byte of a request to the end of its answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.02, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30],
      registers,
    }),
    verifications: new Counter({
      name: 'mediaguard_verifications_total',
      help: 'Verifications that ended, by verdict, or "failed".',
      labelNames: ['outcome'],
      registers,
    }),
    stages: new Histogram({
      name: 'mediaguard_stage_seconds',
      help: 'Time a verification spent in one stage of the pipeline.',
      labelNames: ['stage'],
      buckets: [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 20],
      registers,
    }),
    attempts: new Counter({
      name: 'mediaguard_job_attempts_total',
      help: 'Attempts at queued work, by result: done, refused, retried, dead, lost.',
      labelNames: ['result'],
      registers,
    }),
    queueDepth: new Gauge({
      name: 'mediaguard_queue_jobs',
      help: 'Jobs in the queue by state: ready, delayed, held, leased, dead.',
      labelNames: ['state'],
      registers,
    }),
    receivedBytes: new Counter({
      name: 'mediaguard_received_bytes_total',
      help: 'Media bytes taken into the vault.',
      registers,
    }),
    deliveries: new Counter({
      name: 'mediaguard_deliveries_total',
      help: 'Attempts to bring a late verdict to its org, by result: done, retried, dead.',
      labelNames: ['result'],
      registers,
    }),
    deliveryDepth: new Gauge({
      name: 'mediaguard_deliveries_pending',
      help: 'Late verdicts not acknowledged by their org, by state: waiting, dead.',
      labelNames: ['state'],
      registers,
    }),
    models: new Gauge({
      name: 'mediaguard_model_info',
      help: '1 for each model that runs in this process, by state: active, canary, shadow.',
      labelNames: ['model', 'version', 'state'],
      registers,
    }),
    candidates: new Counter({
      name: 'mediaguard_candidate_answers_total',
      help: 'What models on trial did, by result: done, failed, skipped because too many waited.',
      labelNames: ['state', 'result'],
      registers,
    }),
    driftPsi: new Gauge({
      name: 'mediaguard_drift_psi',
      help: 'Population stability index of what was judged lately against what was judged before.',
      labelNames: ['what', 'detector'],
      registers,
    }),
    driftKs: new Gauge({
      name: 'mediaguard_drift_ks',
      help: 'Largest distance 0..1 between the distributions of now and before.',
      labelNames: ['what', 'detector'],
      registers,
    }),
    driftBound: new Gauge({
      name: 'mediaguard_drift_psi_bound',
      help: 'Index above which the service calls it a shift and warns.',
      registers,
    }),
    close: () => registry.clear(),
  };
}
