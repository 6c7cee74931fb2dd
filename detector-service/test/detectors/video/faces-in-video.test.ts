/** @jest-environment ./test/support/typed-array-environment.js */
import { fileURLToPath } from 'node:url';

import sharp from 'sharp';

import type { Place } from '../../../src/detectors/crops.js';
import { createMovingPictureDetector } from '../../../src/detectors/video/moving-picture-detector.js';
import { faceCrop } from '../../../src/detectors/video/face-crop.js';
import { judgeFaces } from '../../../src/detectors/video/face-scores.js';
import { NOTHING_FOUND, type Detector, type Subject } from '../../../src/detectors/types.js';
import { createDetectors } from '../../../src/detectors/suite.js';
import { openFaceModel, type FaceModel } from '../../../src/inference/face-model.js';
import {
  loadModel,
  type FacesManifest,
  type Model,
} from '../../../src/inference/model-manifest.js';
import type { Pixels } from '../../../src/intake/image.js';
import { MEDIA_LIMITS } from '../../../src/intake/limits.js';
import { makeFinding } from '../../../src/verdict/finding-codes.js';
import { fuse } from '../../../src/verdict/fuse.js';
import { drawnFaces, movingFaces } from '../../support/drawn-face.js';

const SIZE = { width: 320, height: 240 };
let shipped: Model<FacesManifest>;
let model: FaceModel;

beforeAll(async () => {
  const folder = fileURLToPath(new URL('../../../models/faces', import.meta.url));
  shipped = (await loadModel(folder, 'faces')) as Model<FacesManifest>;
  model = await openFaceModel(shipped);
});

/** Scores a square, which only faces are shown in here, by the scores in turn, and every other picture 0.1. */
function scorer(faceScores: readonly number[], shown: Pixels[] = []): Detector {
  let next = 0;
  const detector: Detector = {
    id: 'eye',
    version: '3.0.0',
    mediaTypes: /^image\//,
    run({ pixels }) {
      if (!pixels) return Promise.resolve(NOTHING_FOUND);
      const isFace = pixels.width === pixels.height;
      if (isFace) shown.push(pixels);
      const score = isFace ? (faceScores[next++ % faceScores.length] ?? 0) : 0.1;
      const code = score > 0.8 ? 'image.generated' : 'image.uncertain';
      return Promise.resolve({
        ...NOTHING_FOUND,
        findings: [makeFinding(detector, code, 'x', { score })],
        models: [{ id: 'eye', version: '3.0.0' }],
      });
    },
  };
  return detector;
}

const square = (left: number, top: number, side: number): Place => ({
  left,
  top,
  width: side,
  height: side,
});

/** A moving picture with the faces of each frame. */
async function movingPicture(frames: readonly (readonly Place[])[]): Promise<Subject> {
  const bytes = await movingFaces(frames);
  return {
    path: 'moving.webp',
    sizeBytes: bytes.length,
    bytes,
    type: { mediaType: 'image/webp', family: 'image', active: null, polyglot: null },
    claim: null,
    pixels: null,
    small: null,
    isDamaged: false,
    pages: frames.length,
    container: null,
    limits: MEDIA_LIMITS,
  };
}

describe('faces in a moving picture', () => {
  it('are scored before the whole frames, by a robust mean, and accuse nothing', async () => {
    const subject = await movingPicture([0, 8, 16, 24, 32].map((x) => [square(90 + x, 70, 100)]));
    const detector = createMovingPictureDetector({
      // Judged in the order of the frames 0, 2, 4, 1, 3.
      pictures: [scorer([0.95, 0.99, 0.85, 0.9, 0.05])],
      faces: model,
    });
    const { findings, models, evidence, score } = await detector.run(subject);
    expect(findings.map(({ code }) => code)).toEqual(['video.faces_scored', 'video.frames_scored']);
    // Two scorers in an evaluation, which takes the highest score of each.
    expect(findings.map(({ detector }) => detector)).toEqual(['video-faces', 'video']);
    const [face] = findings;
    expect(face?.score).toBeCloseTo((0.85 + 0.9 + 0.95) / 3);
    expect(face?.detail).toMatch(
      /^eye scored a face in the square around it\. Face 1 in 5 frames: mean of the middle half 0\.90, from 0\.05 to 0\.99, highest at 0:01\.0, at 10\d, \d+ \(\d+ x \d+ pixels\)/,
    );
    expect(face?.evidence).toEqual([{ kind: 'frame_strip', name: 'frames.png' }]);
    expect(fuse(findings)).toBe('not_evaluated');
    expect(score).toBeNull();
    expect(models).toEqual([
      { id: 'faces', version: shipped.manifest.version },
      { id: 'eye', version: '3.0.0' },
    ]);
    const strip = evidence.find(({ kind }) => kind === 'frame_strip');
    const { data } = await sharp(strip?.bytes).raw().toBuffer({ resolveWithObject: true });
    expect(countOf(data, [90, 190, 255])).toBeGreaterThan(500);
    expect(countOf(data, [255, 176, 0])).toBeGreaterThan(500);
  });

  it.each<[string, Place[][], RegExp]>([
    ['there is none', [[], [], [], []], /^4 of 4 frames searched: no face was found\./],
    [
      'it is seen too seldom',
      [[square(90, 70, 100)], [], [square(92, 70, 100)], []],
      /^4 of 4 frames searched: faces were found in 2, but none in the same place in 3/,
    ],
    [
      'it is too small',
      Array.from({ length: 4 }, () => [square(140, 90, 44)]),
      /^4 of 4 frames searched: faces were found, but none of at least 64 pixels in 3 frames/,
    ],
  ])('are not scored where %s, and that is said', async (_name, frames, reason) => {
    const detector = createMovingPictureDetector({ pictures: [scorer([0.9])], faces: model });
    const { findings } = await detector.run(await movingPicture(frames));
    expect(findings.map(({ code }) => code)).toEqual([
      'video.faces_not_scored',
      'video.frames_scored',
    ]);
    expect(findings[0]?.detail).toMatch(reason);
  });

  it('are found and not scored where no model scores pictures', async () => {
    const frames = Array.from({ length: 4 }, () => [square(90, 70, 100)]);
    const detector = createMovingPictureDetector({ pictures: [], faces: model });
    const { findings } = await detector.run(await movingPicture(frames));
    expect(findings.map(({ code }) => code)).toEqual([
      'video.faces_not_scored',
      'video.not_decoded',
    ]);
    expect(findings[0]?.detail).toContain('or there is no model');
  });

  it('are not spoken of where nothing looks for them', async () => {
    const detector = createMovingPictureDetector({ pictures: [scorer([0.9])], faces: null });
    const { findings } = await detector.run(await movingPicture([[], [], []]));
    expect(findings.map(({ code }) => code)).toEqual(['video.frames_scored']);
    expect(findings[0]?.detail).toContain('faces, movement and lip synchrony were not judged');
  });
});

describe('the time for faces', () => {
  it('ends the search and the scoring, but not before the first', async () => {
    const frames = await Promise.all(
      [0, 1, 2, 3].map(async (seconds) => ({
        seconds,
        pixels: await drawnFaces({ ...SIZE, faces: [square(90, 70, 100)], seed: seconds }),
      })),
    );
    const subject = await movingPicture([[], []]);
    const late = await judgeFaces(model, [scorer([0.9])], subject, frames, 0);
    expect(late).toMatchObject({ searched: 1, withFaces: 1, followed: 0, tracks: [] });
    const inTime = await judgeFaces(model, [scorer([0.9])], subject, frames, Infinity);
    expect(inTime).toMatchObject({ searched: 4, followed: 1, tracks: [{ judged: 4 }] });
  });
});

it.each([
  ['in the middle', square(300, 200, 80), 160, 160],
  ['at the edge', square(0, 0, 80), 160, 160],
  ['larger than the picture allows', square(100, 20, 400), 640, 480],
])('cuts the square around a face %s', async (_name, face, width, height) => {
  const picture = await drawnFaces({ faces: [] });
  const crop = faceCrop(picture, { ...face, score: 1 });
  expect([crop.width, crop.height]).toEqual([width, height]);
  expect(crop.data).toHaveLength(width * height * 3);
});

it('takes one model of faces, and says so of two', async () => {
  const second = { ...shipped, manifest: { ...shipped.manifest, id: 'other-faces' } };
  const options = {
    ffmpeg: null,
    readMarks: () => Promise.resolve([]),
    documentAnchors: { signers: [], timeStamps: [] },
  };
  await expect(createDetectors([shipped, second], options)).rejects.toThrow(
    'Expected one model that finds faces but received faces, other-faces',
  );
});

function countOf(data: Buffer, colour: readonly number[]): number {
  let count = 0;
  for (let i = 0; i < data.length; i += 3) {
    if (colour.every((value, channel) => data[i + channel] === value)) count += 1;
  }
  return count;
}
