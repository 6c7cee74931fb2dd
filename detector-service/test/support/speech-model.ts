import type { SamplesManifest } from '../../src/inference/model-manifest.js';
import type { SpeechAnswer, SpeechModel } from '../../src/inference/speech-model.js';

export const SPEECH_MANIFEST: SamplesManifest = {
  id: 'ear',
  version: '1.2.3',
  title: 'A model with a known answer',
  kind: 'speech-samples',
  file: 'model.onnx',
  sha256: '0'.repeat(64),
  input: { name: 'samples', sampleRate: 16_000, seconds: 4, padding: 'zeros', level: null },
  output: { logit: 'logit', strangeness: 'strangeness' },
  windows: 3,
  calibration: { temperature: 2, bias: -0.5 },
  thresholds: { suspect: 0.9, clear: 0.2 },
  abstain: {
    minSpeechSeconds: 2,
    maxClippedShare: 0.01,
    minBandHertz: 3_000,
    minQuietShare: 0.2,
    maxStrangeness: 0.2,
  },
  training: {},
  measured: {},
  limits: [],
};

/** A speech model that gives these answers in turn, the last one for good. */
export function speechModelOf(
  answers: readonly Partial<SpeechAnswer>[],
  changes: Partial<SamplesManifest> = {},
  shown: Float32Array[] = [],
): SpeechModel {
  return {
    manifest: { ...SPEECH_MANIFEST, ...changes },
    answer(values) {
      const answer = answers[Math.min(shown.length, answers.length - 1)];
      shown.push(values);
      return Promise.resolve({ logit: 0, strangeness: 0, ...answer });
    },
  };
}
