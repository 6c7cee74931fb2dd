import type { Model, SpeechManifest } from './model-manifest.js';
import { openSession } from './onnx-session.js';

export interface SpeechAnswer {
  readonly logit: number;
  /** How unlike anything in the training, 0..1; null where the model does not say. */
  readonly strangeness: number | null;
}

export interface SpeechModel {
  readonly manifest: SpeechManifest;
  /** @param values the figures or the samples of one window, as the manifest asks for */
  answer(values: Float32Array): Promise<SpeechAnswer>;
}

/** @throws Error where the file is no ONNX model or lacks the tensors that the manifest names */
export async function openSpeechModel({
  manifest,
  path,
}: Model<SpeechManifest>): Promise<SpeechModel> {
  const { id, input, output } = manifest;
  const { logit, strangeness } = output;
  const session = await openSession(path, {
    id,
    input: input.name,
    outputs: strangeness === null ? [logit] : [logit, strangeness],
  });
  return {
    manifest,
    async answer(values) {
      const tensors = await session.run(values, [1, values.length]);
      const valueOf = (name: string): number => tensors.get(name)?.values[0] ?? Number.NaN;
      return {
        logit: valueOf(logit),
        strangeness: strangeness === null ? null : valueOf(strangeness),
      };
    },
  };
}
