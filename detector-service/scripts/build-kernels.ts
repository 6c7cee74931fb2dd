/** Compiles `kernels/*.ts` (AssemblyScript) to WebAssembly and writes it to `src/kernels/binary.ts`. Run by `npm run generate`. */
import { writeFile } from 'node:fs/promises';

import { compileKernels } from './kernels/compile.js';

await writeFile(new URL('../src/kernels/binary.ts', import.meta.url), await compileKernels());
