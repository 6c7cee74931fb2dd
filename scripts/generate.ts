/** Writes everything that is made from other files: the kernels of the service, its OpenAPI file and examples, and what the package holds of both: `npm run generate`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { contractArtifacts } from './contract/artifacts.js';
import { nodeProgram, root } from './lib/command.js';

const service = join(root, 'detector-service');

async function run(packageName: string, program: string, args: readonly string[]): Promise<void> {
  const { exitCode } = await nodeProgram(packageName, program, args, { cwd: service, echo: true });
  if (exitCode !== 0) process.exit(exitCode);
}

await run('tsx', 'dist/cli.mjs', ['scripts/build-kernels.ts']);
await run('tsx', 'dist/cli.mjs', ['scripts/build-openapi.ts']);
await run('tsx', 'dist/cli.mjs', ['scripts/build-examples.ts']);
await run('prettier', 'bin/prettier.cjs', ['--write', '--log-level', 'warn', 'openapi']);

for (const { file, content } of contractArtifacts()) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  process.stdout.write(`${relative(root, file)}\n`);
}
