/** `mediaguard serve`: runs the service until it is asked to stop. */
import { startService } from '../http/service.js';
import type { Config } from '../ops/config.js';
import { collectGarbageSeldom } from '../ops/heap.js';
import { createLog } from '../ops/log.js';
import { pipelineOf } from './pipeline.js';

const FIRST_TENANT = 'default';

export async function serve(config: Config): Promise<void> {
  collectGarbageSeldom();
  const log = createLog(config.logLevel);
  const service = await startService(config, log, (folders, children) =>
    pipelineOf(config, folders, children, (reason) =>
      log.warn({ event: 'child.replaced', reason }),
    ),
  );
  const { apiKeys } = service.parts;
  if (await apiKeys.isEmpty()) {
    const { key } = await apiKeys.create(FIRST_TENANT, 'first start');
    process.stdout.write(
      `API key (shown once, tenant "${FIRST_TENANT}"): ${key}\n` +
        `Keep it safe; make others with: npx mediaguard keys create\n`,
    );
  }
  process.stdout.write(`MediaGuard listens on ${service.address}\n`);

  await new Promise<void>((resolve) => {
    let isAsked = false;
    const stop = (): void => {
      // Asked twice: whoever asks does not want to wait. Nothing accepted is lost either way.
      if (isAsked) process.exit(1);
      isAsked = true;
      resolve();
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
  await service.stop();
}
