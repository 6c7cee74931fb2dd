import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { V8_FLAGS } from '../../src/inference/child-process.js';
import { HEAP_FLAG } from '../../src/ops/heap.js';

const run = promisify(execFile);

/** V8 drops flags from version to version: Node.js refuses one on its command line that it does not know, and says nothing where a program sets it. */
it.each([HEAP_FLAG, ...V8_FLAGS])('is known to this Node.js: %s', async (flag) => {
  await expect(run(process.execPath, [flag, '--eval', '0'])).resolves.toBeDefined();
});
