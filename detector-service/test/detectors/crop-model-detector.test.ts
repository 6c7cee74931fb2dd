import { createCropModelDetector } from '../../src/detectors/crop-model-detector.js';
import { cropManifestSchema } from '../../src/inference/picture-manifest.js';
import type { Crop } from '../../src/inference/picture-model.js';
import { subjectOf } from '../support/subject.js';
import { makePixels } from '../../../scripts/media/picture.js';

const manifest = cropManifestSchema.parse({
  id: 'test-crops',
  version: '1.0.0',
  title: 'Answers what the test says',
  kind: 'image-crops',
  file: 'model.onnx',
  sha256: '0'.repeat(64),
  input: {
    name: 'rgb',
    side: 224,
    isFixed: false,
    mean: [0, 0, 0],
    deviation: [1, 1, 1],
    jpegQuality: 90,
  },
  output: { logit: 'logit', map: null },
  crops: 1,
  shrunk: { shortSide: 256, crops: 4 },
  calibration: { temperature: 1, bias: 0 },
  thresholds: { suspect: 1, clear: 0 },
  abstain: { minSide: 128, maxFlatShare: 0.6 },
  training: {},
  measured: {},
  limits: [],
});

async function judge(width: number, height: number, answer: (view: number) => number) {
  const pixels = await makePixels(width, height, 3);
  const shown: (readonly Crop[])[] = [];
  const detector = createCropModelDetector({
    manifest,
    answer: (crops) => {
      shown.push(crops);
      const logit = answer(shown.length - 1);
      return Promise.resolve(crops.map(() => ({ logit, map: null })));
    },
  });
  const { score } = await detector.run(await subjectOf(pixels));
  return { score, shown };
}

describe('a crop model with a shrunk view', () => {
  it('sees the middle of a large picture as it is and all of it shrunk', async () => {
    const { shown } = await judge(640, 360, () => 0);
    const sizes = shown.map((crops) => crops.map(({ width, height }) => [width, height]));
    expect(sizes).toEqual([
      [[224, 224]],
      [
        [224, 224],
        [224, 224],
      ],
    ]);
  });

  it('weighs the two views alike, however many crops they have', async () => {
    const { score } = await judge(640, 360, (view) => (view === 0 ? 3 : -1));
    expect(score).toBeCloseTo(1 / (1 + Math.exp(-1)), 3);
  });

  it('judges a picture that is small already once', async () => {
    const { shown } = await judge(400, 256, () => 0);
    expect(shown).toHaveLength(1);
  });
});
