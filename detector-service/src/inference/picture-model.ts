import type { CropManifest, Model, PictureManifest, RegionManifest } from './model-manifest.js';
import { openSession, type OutputTensor } from './onnx-session.js';

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

export interface PictureModel<M extends PictureManifest> {
  readonly manifest: M;
  /** @param crops of one size */
  answer(crops: readonly Crop[]): Promise<readonly CropAnswer[]>;
}
export type CropModel = PictureModel<CropManifest>;
export type RegionModel = PictureModel<RegionManifest>;

/** @throws Error where the file is no ONNX model or lacks the tensors that the manifest names */
export async function openPictureModel<M extends PictureManifest>({
  manifest,
  path,
}: Model<M>): Promise<PictureModel<M>> {
  const { id, input, output } = manifest;
  const session = await openSession(path, {
    id,
    input: input.name,
    outputs: [output.logit, ...(output.map ? [output.map.name] : [])],
  });
  return {
    manifest,
    async answer(crops) {
      const answers: CropAnswer[] = [];
      // One at a time: batches gain nothing on a CPU and multiply the memory.
      for (const crop of crops) {
        const tensors = await session.run(normalised(crop, input), [1, 3, crop.height, crop.width]);
        answers.push({
          logit: tensors.get(output.logit)?.values[0] ?? Number.NaN,
          map: output.map && mapOf(tensors.get(output.map.name), output.map.margin),
        });
      }
      return answers;
    },
  };
}

export function normalised(
  crop: Crop,
  { mean, deviation }: Pick<PictureManifest['input'], 'mean' | 'deviation'>,
): Float32Array {
  const area = crop.width * crop.height;
  const values = new Float32Array(area * 3);
  for (let channel = 0; channel < 3; channel += 1) {
    const scale = 1 / (255 * (deviation[channel] as number));
    const shift = (mean[channel] as number) / (deviation[channel] as number);
    const valueOf = Float32Array.from({ length: 256 }, (_, byte) => byte * scale - shift);
    for (let i = 0, from = channel, to = channel * area; i < area; i += 1, from += 3, to += 1) {
      values[to] = valueOf[crop.data[from] as number] as number;
    }
  }
  return values;
}

function mapOf(tensor: OutputTensor | undefined, margin: number): CropAnswer['map'] {
  if (!tensor) return null;
  const [, height = 0, width = 0] = tensor.dims;
  return { values: tensor.values, width, height, margin };
}
