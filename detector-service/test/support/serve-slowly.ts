/** A real server process whose pipeline takes a while, so that a test can kill it in the middle of its work. */
import { setTimeout as sleep } from 'node:timers/promises';

import { startService } from '../../src/http/service.js';
import { readConfig } from '../../src/ops/config.js';
import { createLog } from '../../src/ops/log.js';
import { clearOutcome, scriptedPipeline } from './scripted-pipeline.js';

const config = readConfig(process.env);
const pipeline = scriptedPipeline();
pipeline.script = async (...given) => {
  await sleep(Number(process.env['TEST_WORK_MS'] ?? 0));
  return clearOutcome(...given);
};
const service = await startService(config, createLog('silent'), () => Promise.resolve(pipeline));
const { key } = await service.parts.apiKeys.create('acme', 'test');
process.stdout.write(`${JSON.stringify({ address: service.address, key })}\n`);
process.once('SIGTERM', () => void service.stop().then(() => process.exit(0)));
