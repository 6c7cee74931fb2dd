/** @jest-environment ./test/support/typed-array-environment.js */
import { fileURLToPath } from 'node:url';

import type { Place } from '../../../src/detectors/crops.js';
import { overlap } from '../../../src/detectors/faces/boxes.js';
import { boxOf, findFaces } from '../../../src/detectors/faces/find-faces.js';
import { openFaceModel, type FaceModel } from '../../../src/inference/face-model.js';
import {
  loadModel,
  type FacesManifest,
  type Model,
} from '../../../src/inference/model-manifest.js';
import { shrink } from '../../../src/intake/image.js';
import { makePixels } from '../../../../scripts/media/picture.js';
import { drawnFaces } from '../../support/drawn-face.js';

const square = (left: number, top: number, side: number): Place => ({
  left,
  top,
  width: side,
  height: side,
});

let shipped: Model<FacesManifest>;
let model: FaceModel;

beforeAll(async () => {
  const folder = fileURLToPath(new URL('../../../models/faces', import.meta.url));
  shipped = (await loadModel(folder, 'faces')) as Model<FacesManifest>;
  model = await openFaceModel(shipped);
});

describe('the shipped model', () => {
  it.each([
    ['one face', [square(200, 140, 160)]],
    ['two faces', [square(60, 140, 120), square(380, 160, 150)]],
    ['a face that fills the picture', [square(120, 40, 400)]],
    ['a face of a tenth of the width', [square(300, 200, 64)]],
  ])('finds %s, and where', async (_name, faces) => {
    const picture = await drawnFaces({ faces });
    const found = await findFaces(model, picture, picture);
    expect(found).toHaveLength(faces.length);
    for (const face of faces) {
      expect(Math.max(...found.map((each) => overlap(each, face)))).toBeGreaterThan(0.75);
    }
  });

  it('says where a face is in the picture as it came, however it was shrunk', async () => {
    const face = square(1_000, 600, 470);
    const picture = await drawnFaces({ width: 2_000, height: 1_340, faces: [face] });
    const [found] = await findFaces(model, picture, await shrink(picture));
    expect(found && overlap(found, face)).toBeGreaterThan(0.75);
  });

  it('finds none on a wall, in noise or in a picture of one pixel', async () => {
    for (const picture of [
      await drawnFaces({ faces: [] }),
      await makePixels(400, 300),
      { data: Buffer.alloc(3), width: 1, height: 1 },
    ]) {
      await expect(findFaces(model, picture, picture)).resolves.toEqual([]);
    }
  });
});

it('refuses a manifest that speaks of other cells', async () => {
  const output = { ...shipped.manifest.output, cells: 24 };
  const other = await openFaceModel({ ...shipped, manifest: { ...shipped.manifest, output } });
  const picture = await drawnFaces({ faces: [] });
  await expect(findFaces(other, picture, picture)).rejects.toThrow(
    'Expected 576 boxes and scores from faces but received 1 x 2304 x 16 boxes and 2304 scores',
  );
});

it('places a proposal by its cell, the view and the picture', () => {
  const manifest = {
    input: { name: 'rgb', side: 192, mean: [0, 0, 0], deviation: [1, 1, 1] },
    output: { boxes: 'boxes', scores: 'scores', cells: 48 },
  } satisfies Pick<FacesManifest, 'input' | 'output'>;
  const proposal = { column: 10, row: 5, score: 0.8, box: [2, -2, 16, 8] } as const;
  expect(boxOf(proposal, manifest, { width: 96, height: 48 }, { width: 960, height: 480 })).toEqual(
    { left: 360, top: 160, width: 160, height: 80, score: 0.8 },
  );
});
