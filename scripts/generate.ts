/** Writes what the package holds of the service's contract: `npm run generate`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';

import { contractArtifacts } from './contract/artifacts.js';
import { root } from './lib/command.js';

for (const { file, content } of contractArtifacts()) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  process.stdout.write(`${relative(root, file)}\n`);
}
