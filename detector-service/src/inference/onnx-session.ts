import { InferenceSession, Tensor } from 'onnxruntime-node';

/** This folder alone knows onnxruntime. It belongs into child processes: a run blocks its thread, and native code can abort the process. */

export interface OutputTensor {
  readonly values: Float32Array;
  readonly dims: readonly number[];
}

export interface OnnxSession {
  /** @param values float32, row by row, of shape `dims` */
  run(values: Float32Array, dims: readonly number[]): Promise<ReadonlyMap<string, OutputTensor>>;
}

/** Which tensors a manifest names, and whose manifest it is. */
export interface NamedTensors {
  readonly id: string;
  readonly input: string;
  readonly outputs: readonly string[];
}

/** One thread, no spinning: throughput comes from one process per core, and an idle service stays idle. */
export const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
};

/** @throws Error where the file is no ONNX model or lacks the tensors that the manifest names */
export async function openSession(
  path: string,
  { id, input, outputs }: NamedTensors,
): Promise<OnnxSession> {
  const session = await InferenceSession.create(path, SESSION_OPTIONS);
  const missing = [
    ...[input].filter((name) => !session.inputNames.includes(name)),
    ...outputs.filter((name) => !session.outputNames.includes(name)),
  ];
  if (missing.length > 0) {
    throw new Error(
      `Expected the tensors named in the manifest of ${id} but the model has no ${missing.join(', ')}; ` +
        `its inputs are ${session.inputNames.join(', ')} and its outputs ${session.outputNames.join(', ')}.`,
    );
  }
  return {
    async run(values, dims) {
      const answer = await session.run({ [input]: new Tensor('float32', values, dims) });
      return new Map(outputs.map((name) => [name, asFloats(name, answer[name])]));
    },
  };
}

function asFloats(name: string, tensor: Tensor | undefined): OutputTensor {
  if (!(tensor?.data instanceof Float32Array)) {
    throw new TypeError(
      `Expected float32 values in the output ${name} of the model but received ${tensor?.type ?? 'nothing'}; export it as float32.`,
    );
  }
  return { values: tensor.data, dims: tensor.dims };
}
