import { TestEnvironment } from 'jest-environment-node';

/** Gives tests the typed arrays of the process: onnxruntime takes no others, and jest makes its own for each file. */
export default class TypedArrayEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.assign(this.global, { Float32Array, BigInt64Array });
  }
}
