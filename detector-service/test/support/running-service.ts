/** A service that really listens, on its own data folder. */
import { startService, type Service } from '../../src/http/service.js';
import type { OpenPipeline } from '../../src/model-operations/lineups.js';
import { readConfig } from '../../src/ops/config.js';
import { createLog, type Log } from '../../src/ops/log.js';
import type { Scope } from '../../src/store/api-keys.js';
import { scriptedPipeline, type ScriptedPipeline } from './scripted-pipeline.js';
import { freshDataFolder, removeFolder } from './service-data.js';

export interface RunningService {
  readonly service: Service;
  readonly pipeline: ScriptedPipeline;
  readonly dataFolder: string;
  /** A key of the tenant "acme" with all scopes. */
  readonly key: string;
  createKey(tenant: string, scopes?: readonly Scope[]): Promise<string>;
  /** A request with the key of "acme" unless other headers say so. */
  send(path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

/** @param open pipelines for the lineups of models, instead of one scripted pipeline for all */
export async function runService(
  environment: Record<string, string> = {},
  open?: OpenPipeline,
  log: Log = createLog('silent'),
): Promise<RunningService> {
  const dataFolder = await freshDataFolder();
  const config = readConfig({
    MEDIAGUARD_DATA: dataFolder,
    MEDIAGUARD_PORT: '0',
    MEDIAGUARD_RETRY_BASE_MS: '10',
    MEDIAGUARD_SHUTDOWN_MS: '1000',
    ...environment,
  });
  const pipeline = scriptedPipeline();
  const openPipeline = open ?? (() => Promise.resolve(pipeline));
  const service = await startService(config, log, openPipeline);
  const createKey = async (tenant: string, scopes?: readonly Scope[]): Promise<string> =>
    (await service.parts.apiKeys.create(tenant, 'test', scopes)).key;
  const key = await createKey('acme');
  return {
    service,
    pipeline,
    dataFolder,
    key,
    createKey,
    send: (path, init = {}) =>
      fetch(`${service.address}${path}`, {
        ...init,
        headers: { Authorization: `Bearer ${key}`, ...init.headers },
      }),
    async stop() {
      await service.stop();
      await removeFolder(dataFolder);
    },
  };
}
