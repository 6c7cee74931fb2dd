import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import sharp, { type Sharp } from 'sharp';

import { receiveMedia } from '../../src/intake/receive.js';
import { scoreOf } from '../../src/model-operations/model-score.js';
import { createPipeline } from '../../src/verdict/pipeline.js';
import type { VerificationPipeline } from '../../src/verdict/types.js';
import { makePixels } from '../../../scripts/media/picture.js';

/** How far the calibrated probability may move when a picture is saved again or shrunk a little, as messengers and web sites do. */
const TOLERANCE = 0.1;
const IMAGE_MODELS = ['image-generated', 'image-edited'];

let folder: string;
let pipeline: VerificationPipeline;
let picture: Sharp;
let stored: Scores;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-stability-'));
  pipeline = await createPipeline({ processes: 1 });
  const { data, width, height } = await makePixels(640, 480, 4);
  picture = sharp(data, { raw: { width, height, channels: 3 } });
  stored = await scoresOf(await picture.clone().png().toBuffer());
}, 120_000);
afterAll(async () => {
  await pipeline.close();
  await rm(folder, { recursive: true });
});

/** By model. */
type Scores = Readonly<Record<string, number>>;

/** Of every shipped model of pictures; one that abstained would prove nothing. */
async function scoresOf(bytes: Buffer): Promise<Scores> {
  const held = await receiveMedia(Readable.from([bytes]), folder);
  const outcome = await pipeline.verify(held, {}, new AbortController().signal);
  const scores = IMAGE_MODELS.map((id) => [id, scoreOf(outcome.findings, id)] as const);
  return Object.fromEntries(
    scores.map(([id, score]) => {
      if (score === null) throw new Error(`Expected a score of ${id} but it abstained.`);
      return [id, score];
    }),
  );
}

/** The same JPEG with a camera's EXIF block: make and model, no other byte changed. */
function withCameraExif(jpeg: Buffer, make: string): Buffer {
  const value = Buffer.from(`${make}\0`, 'latin1');
  const tiff = Buffer.alloc(8 + 2 + 12 + 4);
  tiff.write('II*\0', 0, 'latin1');
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(1, 8);
  tiff.writeUInt16LE(0x010f, 10);
  tiff.writeUInt16LE(2, 12);
  tiff.writeUInt32LE(value.length, 14);
  tiff.writeUInt32LE(tiff.length, 18);
  const block = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, value]);
  const marker = Buffer.alloc(4);
  marker.writeUInt16BE(0xffe1, 0);
  marker.writeUInt16BE(block.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), marker, block, jpeg.subarray(2)]);
}

describe('the scores of pictures', () => {
  it.each<[string, (image: Sharp) => Sharp]>([
    ['JPEG 90', (image) => image.jpeg({ quality: 90 })],
    ['JPEG 75', (image) => image.jpeg({ quality: 75 })],
    ['WebP 85', (image) => image.webp({ quality: 85 })],
    ['a size of 90 %', (image) => image.resize(576, 432).jpeg({ quality: 90 })],
  ])('stay where they are through %s', async (_name, save) => {
    const saved = await scoresOf(await save(picture.clone()).toBuffer());
    for (const id of IMAGE_MODELS) {
      const moved = Math.abs((saved[id] ?? NaN) - (stored[id] ?? NaN));
      expect({ id, isWithin: moved <= TOLERANCE, moved }).toMatchObject({ isWithin: true });
    }
  });

  it.each<[string, (image: Sharp) => Sharp]>([
    ['interlaced PNG', (image) => image.png({ progressive: true })],
    ['PNG of another compression', (image) => image.png({ compressionLevel: 1 })],
    ['PNG with another density', (image) => image.withMetadata({ density: 300 }).png()],
  ])('are the same for the same pixels as %s', async (_name, save) => {
    expect(await scoresOf(await save(picture.clone()).toBuffer())).toEqual(stored);
  });

  it('are the same whatever camera the EXIF block names, and without one', async () => {
    const jpeg = await picture.clone().jpeg({ quality: 88 }).toBuffer();
    const plain = await scoresOf(jpeg);
    for (const make of ['Canon', 'Apple', 'Midjourney']) {
      const tagged = withCameraExif(jpeg, make);
      expect((await sharp(tagged).metadata()).exif).toBeDefined();
      expect(await scoresOf(tagged)).toEqual(plain);
    }
  });

  it('differ for a blurred picture', async () => {
    const blurred = await scoresOf(await picture.clone().blur(2).png().toBuffer());
    for (const id of IMAGE_MODELS) expect(blurred[id]).not.toBe(stored[id]);
  });
});
