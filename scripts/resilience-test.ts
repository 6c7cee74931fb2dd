/** End-to-end tests under load, outage, crash and attack, over the real service and the real package: `npm run test:resilience [-- name…]`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { startStack } from './demo/stack.js';
import { runSteps, type Step } from './lib/steps.js';
import { findTampering, refuseChanges } from './resilience/cases/audit.js';
import { insertInBulk } from './resilience/cases/bulk.js';
import { killAfterAccepting, killDuringVerification } from './resilience/cases/crash.js';
import { sendHostileFiles } from './resilience/cases/hostile.js';
import { answerLate, pullLargeFile } from './resilience/cases/late.js';
import { outlastOutage } from './resilience/cases/outage.js';
import { openWorld, type World } from './resilience/world.js';

const print = (line: string): void => {
  process.stdout.write(`   ${line}\n`);
};

const { values, positionals } = parseArgs({
  options: { output: { type: 'string' } },
  allowPositionals: true,
});

const folder = mkdtempSync(join(tmpdir(), 'mediaguard-resilience-'));
const stack = await startStack({
  folder,
  servicePort: 0,
  orgPort: 0,
  log: print,
  // The same on every machine: some cases need a service that is busy.
  serviceEnvironment: { MEDIAGUARD_WORKERS: '2' },
});
try {
  const world = await openWorld(stack, print);
  const step = (name: string, run: (world: World) => Promise<void>): Step => ({
    name,
    run: async () => {
      await run(world);
      return { passed: 1, failed: 0, problems: [] };
    },
  });
  const { passed, failed } = await runSteps(
    'resilience',
    [
      step('bulk: 200 files in one insert', insertInBulk),
      step('outage: the service is down for hours', outlastOutage),
      step('crash: kill -9 during verification', killDuringVerification),
      step('crash: kill -9 after accepting', killAfterAccepting),
      step('late: the verdict comes after the answer', answerLate),
      step('late: the service fetches a large file', pullLargeFile),
      step('hostile: files made to do harm', sendHostileFiles),
      step('audit: entries cannot be changed', refuseChanges),
      step('audit: tampering is found', findTampering),
    ],
    positionals,
  );
  if (values.output) {
    const counts = { numPassedTests: passed, numFailedTests: failed, numFailedTestSuites: 0 };
    writeFileSync(values.output, JSON.stringify(counts));
  }
} finally {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
}
