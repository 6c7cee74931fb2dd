/** End-to-end tests under load, outage, crash and attack, over the real service and the real package: `npm run test:resilience [-- name…]`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { startStack } from './demo/stack.js';
import { runSteps, type Step } from './lib/steps.js';
import { insertInBulk } from './resilience/cases/bulk.js';
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
const stack = await startStack({ folder, servicePort: 0, orgPort: 0, log: print });
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
