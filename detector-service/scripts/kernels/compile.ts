import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { nodeProgram, root } from '../../../scripts/lib/command.js';

const KERNELS = join(root, 'detector-service', 'kernels');

/**
 * The source text of `src/kernels/binary.ts`: all kernels as one WebAssembly module, in base64 so that it travels with the compiled JavaScript.
 *
 * @throws Error with the compiler's messages where a kernel does not compile
 */
export async function compileKernels(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mediaguard-kernels-'));
  try {
    const file = join(folder, 'kernels.wasm');
    const { exitCode, stderr } = await nodeProgram(
      'assemblyscript',
      'bin/asc.js',
      [
        ...['index.ts', '--outFile', file, '--runtime', 'stub', '--enable', 'simd', '--noAssert'],
        ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--converge', '--use', 'abort='],
      ],
      { cwd: KERNELS },
    );
    if (exitCode !== 0) throw new Error(`Expected the kernels to compile but received:\n${stderr}`);
    const binary = await readFile(file);
    return `/** Made from \`kernels/\` by \`npm run generate\`; do not edit. */\nexport const KERNELS =\n  '${binary.toString('base64')}';\n`;
  } finally {
    await rm(folder, { recursive: true });
  }
}
