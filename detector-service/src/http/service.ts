/** Puts the parts together and runs them: store, queue, workers and the HTTP server, from start to a graceful end. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { createAttempt } from '../jobs/attempt.js';
import { startCourier } from '../jobs/courier.js';
import { Deliveries } from '../jobs/deliveries.js';
import { JobQueue } from '../jobs/queue.js';
import { startRetention } from '../jobs/retention.js';
import { Worker } from '../jobs/worker.js';
import { startDriftWatch } from '../model-operations/drift-watch.js';
import { Lineups, type OpenPipeline } from '../model-operations/lineups.js';
import { layOutModel } from '../model-operations/model-files.js';
import { ModelRegistry } from '../model-operations/registry.js';
import { ShadowRunner } from '../model-operations/shadow-runner.js';
import type { Config } from '../ops/config.js';
import type { Log } from '../ops/log.js';
import { createMetrics } from '../ops/metrics.js';
import { VERSION } from '../ops/version.js';
import { loadSalesforceOrgs } from '../salesforce/orgs.js';
import { createPull } from '../salesforce/pull.js';
import { createPush } from '../salesforce/push.js';
import { AccessTokens } from '../salesforce/token.js';
import { KnownMediaStore } from '../store/known-media.js';
import { openStore } from '../store/open.js';
import { Room } from '../store/room.js';
import { Signals } from '../store/signals.js';
import { limitsOf, Tenants } from '../store/tenants.js';
import { VerificationStore } from '../store/verifications.js';
import { SigningKeys } from '../trust/signing-keys.js';
import { loadTokenIssuers } from '../trust/token-issuers.js';
import { createApp } from './app.js';
import type { ServiceParts } from './parts.js';
import { toResource } from './resource.js';
import { LOOK_MS } from './wait.js';

/** Jobs beyond those that children work on: while the bytes of one are fetched, or its result is written down, its child has the next. */
const JOBS_IN_PASSING = 1;
/** Time for the last answers when the process stops: whoever waits notices it at the next look, and then has a second for the answer. */
const ANSWER_MS = LOOK_MS + 1_000;

export interface Service {
  /** `http://host:port`, as listened on. */
  readonly address: string;
  readonly parts: ServiceParts;
  /** Takes no new work, finishes or puts back what runs, and closes everything. */
  stop(): Promise<void>;
}

/** @param openPipeline starts the models: those shipped and configured, with those of the registry in their places */
export async function startService(
  config: Config,
  log: Log,
  openPipeline: OpenPipeline,
): Promise<Service> {
  const orgs = await loadSalesforceOrgs(config.salesforceOrgsFile);
  const tokenIssuers = await loadTokenIssuers(config.tokenIssuersFile);
  const { database, vault, masterKey, apiKeys } = await openStore(config);
  // A vault that cannot be written is told now, not by the first upload.
  await vault.probe().catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  const metrics = createMetrics();
  const signals = await Signals.open(database);
  const queue = new JobQueue(database, config.leaseMs, config.tenantBudgetMicros);
  const store = new VerificationStore(database);
  const knownMedia = new KnownMediaStore(database);
  const tenants = new Tenants(database, limitsOf(config));
  for (const tenant of tokenIssuers.tenants) await tenants.ensure(tenant);
  const keys = new SigningKeys(database, masterKey);
  const deliveries = new Deliveries(database, config.leaseMs);
  const tokens = new AccessTokens();
  const lineups = await Lineups.open({
    registry: new ModelRegistry(database),
    signals,
    openPipeline,
    layOut: (model) => layOutModel(config.dataFolder, vault, model),
    children: worksOff(config)
      ? { shared: config.workers, reserved: config.interactiveWorkers }
      : { shared: 0, reserved: 0 },
    metrics,
    log,
  }).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  const shadows = new ShadowRunner({
    lineups,
    database,
    vault,
    timeoutMs: config.verifyTimeoutMs,
    metrics,
    log,
  });
  let address = '';
  let isDraining = false;
  const issuer = (): string => config.publicUrl ?? address;

  const attempt = createAttempt({
    queue,
    store,
    vault,
    keys,
    lineups,
    shadows,
    pull: createPull(orgs, tokens, vault, config.maxBytes),
    knownMedia,
    issuer,
    retentionDays: config.retentionDays,
    computeUsdPerHour: config.computeUsdPerHour,
    metrics,
    log,
  });
  const worker = new Worker(
    queue,
    signals,
    attempt,
    {
      loops: worksOff(config) ? config.workers + JOBS_IN_PASSING : 0,
      interactiveLoops:
        config.interactiveWorkers > 0 ? config.interactiveWorkers + JOBS_IN_PASSING : 0,
      maxAttempts: config.maxAttempts,
      retryBaseMs: config.retryBaseMs,
      leaseMs: config.leaseMs,
      attemptTimeoutMs: config.verifyTimeoutMs,
    },
    log,
    metrics,
  );
  const parts: ServiceParts = {
    config,
    database,
    apiKeys,
    tokenIssuers,
    tenants,
    store,
    knownMedia,
    queue,
    signals,
    deliveries,
    room: new Room(database, config.queueLimit),
    vault,
    keys,
    orgs,
    lineups,
    shadows,
    issuer,
    metrics,
    log,
    isDraining: () => isDraining,
  };
  await keys.current();
  await takeUpWork(parts);
  const app = createApp(parts);
  const server = createServer(app);
  // The application itself asks for the body, after it has seen who sends it.
  server.on('checkContinue', app);
  address = await listen(server, config);
  worker.start();
  const retention = worksOff(config)
    ? startRetention({ database, vault, log, retentionDays: config.retentionDays })
    : undefined;
  const drift =
    worksOff(config) && config.driftEveryHours > 0
      ? startDriftWatch({
          database,
          bounds: config.drift,
          everyHours: config.driftEveryHours,
          metrics,
          log,
        })
      : undefined;
  const courier =
    worksOff(config) && !orgs.isEmpty
      ? startCourier({
          deliveries,
          store,
          push: createPush(orgs, tokens, toResource),
          retryBaseMs: config.retryBaseMs,
          log,
          metrics,
        })
      : undefined;
  const { role, workers } = config;
  log.info({ event: 'service.started', address, version: VERSION, role, workers });

  const close = async (): Promise<void> => {
    isDraining = true;
    log.info({ event: 'service.stopping' });
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    await Promise.all([
      retention?.stop(),
      drift?.stop(),
      courier?.stop(),
      worker.stop(config.shutdownMs),
    ]);
    await shadows.stop();
    // Those who wait are answered with how it stands; whoever is still sending is cut off.
    await Promise.race([closed, sleep(ANSWER_MS, undefined, { ref: false })]);
    server.closeAllConnections();
    await closed;
    await lineups.close();
    await database.close();
    metrics.close();
    log.info({ event: 'service.stopped' });
  };
  let stopping: Promise<void> | undefined;
  return { address, parts, stop: () => (stopping ??= close()) };
}

function worksOff({ role }: Config): boolean {
  return role !== 'api';
}

/** After a crash: leases nobody holds are freed at once and decrypted copies are removed. */
async function takeUpWork({ database, queue, vault, log }: ServiceParts): Promise<void> {
  if (!database.isExclusive) return;
  await vault.clearWorkFolder();
  const jobs = await queue.releaseAll();
  if (jobs > 0) log.warn({ event: 'queue.recovered', jobs });
}

async function listen(server: Server, { host, port }: Config): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const bound = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}`;
}
