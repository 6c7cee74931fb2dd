import { InferenceSession, Tensor } from 'onnxruntime-node';

import type { CropManifest, Model, ModelManifest, RegionManifest } from './model-manifest.js';

/** The only file that knows onnxruntime. It belongs into child processes: `run` blocks its thread, and native code can abort the process. */

/** A part of a picture, or all of it: 8-bit RGB, row by row. */
export interface Crop {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface CropAnswer {
  readonly logit: number;
  /** Row-major logits; null where the model has no map. */
  readonly map: {
    readonly values: Float32Array;
    readonly width: number;
    readonly height: number;
    /** Rows and columns missing at each edge. */
    readonly margin: number;
  } | null;
}

export interface PictureModel<M extends ModelManifest> {
  readonly manifest: M;
  /** @param crops of one size */
  answer(crops: readonly Crop[]): Promise<readonly CropAnswer[]>;
}
export type CropModel = PictureModel<CropManifest>;
export type RegionModel = PictureModel<RegionManifest>;

/** One thread, no spinning: throughput comes from one process per core, and an idle service stays idle. */
const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
};

/** @throws Error where the file is no ONNX model or lacks the tensors that the manifest names */
export async function openPictureModel<M extends ModelManifest>(
  model: Model<M>,
): Promise<PictureModel<M>> {
  const { manifest } = model;
  const session = await InferenceSession.create(model.path, SESSION_OPTIONS);
  const missing = [
    ...[manifest.input.name].filter((name) => !session.inputNames.includes(name)),
    ...[manifest.output.logit, manifest.output.map?.name ?? manifest.output.logit].filter(
      (name) => !session.outputNames.includes(name),
    ),
  ];
  if (missing.length > 0) {
    throw new Error(
      `Expected the tensors named in the manifest of ${manifest.id} but the model has no ${missing.join(', ')}; ` +
        `its inputs are ${session.inputNames.join(', ')} and its outputs ${session.outputNames.join(', ')}.`,
    );
  }
  return {
    manifest,
    async answer(crops) {
      const answers: CropAnswer[] = [];
      // One at a time: batches gain nothing on a CPU and multiply the memory.
      for (const crop of crops) {
        const output = await session.run({ [manifest.input.name]: toTensor(crop, manifest.input) });
        answers.push({
          logit: floats(output[manifest.output.logit])[0] ?? Number.NaN,
          map:
            manifest.output.map === null
              ? null
              : toMap(output[manifest.output.map.name], manifest.output.map.margin),
        });
      }
      return answers;
    },
  };
}

function toTensor(crop: Crop, { mean, deviation }: ModelManifest['input']): Tensor {
  const area = crop.width * crop.height;
  const values = new Float32Array(area * 3);
  for (let channel = 0; channel < 3; channel += 1) {
    const scale = 1 / (255 * (deviation[channel] as number));
    const shift = (mean[channel] as number) / (deviation[channel] as number);
    for (let i = 0, from = channel, to = channel * area; i < area; i += 1, from += 3, to += 1) {
      values[to] = (crop.data[from] as number) * scale - shift;
    }
  }
  return new Tensor('float32', values, [1, 3, crop.height, crop.width]);
}

function toMap(tensor: Tensor | undefined, margin: number): CropAnswer['map'] {
  const [, height = 0, width = 0] = tensor?.dims ?? [];
  return { values: floats(tensor), width, height, margin };
}

function floats(tensor: Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) {
    throw new TypeError(
      `Expected float32 output of the model but received ${tensor?.type ?? 'nothing'}.`,
    );
  }
  return tensor.data;
}
