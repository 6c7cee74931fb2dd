import { compileKernels } from '../../scripts/kernels/compile.js';
import { KERNELS } from '../../src/kernels/binary.js';

it('is what the sources of the kernels compile to', async () => {
  expect(await compileKernels()).toContain(`'${KERNELS}'`);
}, 60_000);
