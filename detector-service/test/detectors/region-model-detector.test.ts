import sharp from 'sharp';

import { createRegionModelDetector } from '../../src/detectors/region-model-detector.js';
import type { RegionManifest } from '../../src/inference/model-manifest.js';
import type { Crop, RegionModel } from '../../src/inference/picture-model.js';
import { pictureType, subjectOf } from '../support/subject.js';
import { makePixels } from '../../../scripts/media/picture.js';

const MANIFEST: RegionManifest = {
  id: 'edits',
  version: '1.2.3',
  title: 'A model with a known answer',
  kind: 'image-regions',
  file: 'model.onnx',
  sha256: '0'.repeat(64),
  input: {
    name: 'rgb',
    longestSide: 200,
    multiple: 8,
    mean: [0, 0, 0],
    deviation: [1, 1, 1],
    jpegQuality: 90,
  },
  output: { logit: 'logit', map: { name: 'map', margin: 0 } },
  calibration: { temperature: 2, bias: -0.5 },
  thresholds: { suspect: 0.9, clear: 0.2 },
  abstain: { minSide: 64, maxFlatShare: 0.5 },
  training: {},
  measured: {},
  limits: [],
};

/** Answers with this logit and a map that is hot in its left half alone. */
function modelOf(logit: number, shown: Crop[] = []): RegionModel {
  return {
    manifest: MANIFEST,
    answer(crops) {
      shown.push(...crops);
      const values = Float32Array.of(4, -4, 4, -4);
      return Promise.resolve([{ logit, map: { values, width: 2, height: 2, margin: 0 } }]);
    },
  };
}

describe('the detector of local edits', () => {
  it.each([
    [9, 'image.edited', 0.982],
    [1, 'image.edit_uncertain', 0.5],
    [-5, 'image.edit_clear', 0.0474],
  ])('turns the logit %d into %s by calibration and thresholds', async (logit, code, score) => {
    const picture = await makePixels(160, 120);
    const detection = await createRegionModelDetector(modelOf(logit)).run(await subjectOf(picture));
    expect(detection.findings.map((finding) => [finding.code, finding.score])).toEqual([
      [code, score],
    ]);
    expect(detection).toMatchObject({ score, models: [{ id: 'edits', version: '1.2.3' }] });
  });

  it('keeps the score of a model without an alarm out of the score of the picture', async () => {
    const model = modelOf(9);
    const silent = { ...model, manifest: { ...MANIFEST, thresholds: { suspect: 1, clear: 0 } } };
    const picture = await makePixels(160, 120);
    const detection = await createRegionModelDetector(silent).run(await subjectOf(picture));
    expect(detection.score).toBeNull();
    expect(detection.findings).toMatchObject([{ code: 'image.edit_uncertain', score: 0.982 }]);
  });

  it('draws red where the map says edited and blue where not', async () => {
    const picture = await makePixels(160, 120);
    const { evidence } = await createRegionModelDetector(modelOf(9)).run(await subjectOf(picture));
    expect(evidence).toMatchObject([{ kind: 'heatmap', name: 'heatmap-edits.jpg' }]);
    const { data, info } = await sharp(evidence[0]?.bytes)
      .raw()
      .toBuffer({ resolveWithObject: true });
    const at = (60 * info.width + 20) * info.channels;
    const across = (60 * info.width + 140) * info.channels;
    expect(data[at]).toBeGreaterThan(data[at + 2] as number);
    expect(data[across]).toBeLessThan(data[across + 2] as number);
  });

  it('shows the model a picture within its longest side, of whole cells', async () => {
    const shown: Crop[] = [];
    const picture = await makePixels(500, 333);
    await createRegionModelDetector(modelOf(0, shown)).run(await subjectOf(picture));
    expect(shown.map(({ width, height }) => [width, height])).toEqual([[200, 128]]);
  });

  it('compresses a lossless picture once, as in training, and no other', async () => {
    const shown: Crop[] = [];
    const picture = await makePixels(160, 120);
    const detector = createRegionModelDetector(modelOf(0, shown));
    await detector.run(await subjectOf(picture, { type: pictureType('image/png') }));
    await detector.run(await subjectOf(picture));
    const [fromPng, fromJpeg] = shown.map(({ data }) => Buffer.from(data));
    expect(fromJpeg?.equals(picture.data)).toBe(true);
    expect(fromPng?.equals(picture.data)).toBe(false);
  });

  it.each<[string, number, number, number | null]>([
    ['small', 63, 120, null],
    ['flat', 160, 120, 200],
  ])('does not score a %s picture and says why', async (_name, width, height, level) => {
    const pixels =
      level === null
        ? await makePixels(width, height)
        : { data: Buffer.alloc(width * height * 3, level), width, height };
    const detection = await createRegionModelDetector(modelOf(9)).run(await subjectOf(pixels));
    expect(detection.findings.map(({ code }) => code)).toEqual(['image.not_scored']);
    expect(detection.score).toBeNull();
  });

  it('says nothing about a damaged picture', async () => {
    const subject = await subjectOf(await makePixels(160, 120), { isDamaged: true });
    const detection = await createRegionModelDetector(modelOf(9)).run(subject);
    expect(detection.findings).toEqual([]);
  });
});
