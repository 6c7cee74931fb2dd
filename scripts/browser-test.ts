/**
 * The full story in a real browser against the real service and the local org.
 *
 *   npm run test:browser [-- --output <counts file>] [--pictures <folder>]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { launchBrowser } from './browser/launch.js';
import { STORY } from './browser/story.js';
import { writeSamples } from './demo/samples.js';
import { setUpOrg } from './demo/setup.js';
import { startStack } from './demo/stack.js';

const { values } = parseArgs({
  options: { output: { type: 'string' }, pictures: { type: 'string' } },
});
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const folder = mkdtempSync(join(tmpdir(), 'mediaguard-story-'));
let passed = 0;
let failed = 0;
try {
  const browser = await launchBrowser();
  const stack = await startStack({ folder, servicePort: 0, orgPort: 0, log: print });
  try {
    const world = {
      browser,
      stack,
      records: await setUpOrg(stack),
      samples: await writeSamples(join(folder, 'samples')),
      pictures: values.pictures ?? null,
    };
    // Each chapter builds on the one before: after a failure the rest could only mislead.
    for (const chapter of STORY) {
      try {
        await chapter.run(world);
        passed += 1;
        print(`ok   ${chapter.name}`);
      } catch (error) {
        failed = STORY.length - passed;
        print(`FAIL ${chapter.name}\n${error instanceof Error ? error.stack : String(error)}`);
        break;
      }
    }
  } finally {
    await browser.close();
    await stack.stop();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (values.output) {
  writeFileSync(
    values.output,
    JSON.stringify({
      numPassedTests: passed,
      numFailedTests: failed,
      numFailedTestSuites: failed === 0 ? 0 : 1,
    }),
  );
}
print(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
