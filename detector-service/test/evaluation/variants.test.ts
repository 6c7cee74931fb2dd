import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import sharp from 'sharp';

import { lawOf } from '../../src/evaluation/variants/law.js';
import {
  VARIANT_NAMES,
  VARIANTS,
  type VariantName,
} from '../../src/evaluation/variants/catalogue.js';
import {
  createVariantMaker,
  type VariantMaker,
} from '../../src/evaluation/variants/variant-maker.js';

const SHA256 = 'ab'.repeat(32);

let folder: string;
let maker: VariantMaker;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-variants-'));
  maker = createVariantMaker(1);
}, 60_000);
afterAll(async () => {
  await maker.close();
  await rm(folder, { recursive: true });
});

async function make(
  width: number,
  height: number,
  variants: readonly VariantName[],
  type: 'png' | 'webp' = 'png',
) {
  const picture = sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#357',
      noise: { type: 'gaussian', mean: 128, sigma: 20 },
    },
  });
  const bytes = await (
    type === 'png' ? picture.png() : picture.webp({ lossless: true })
  ).toBuffer();
  const path = join(folder, `${width}x${height}.${type}`);
  await writeFile(path, bytes);
  const made = await maker.make(
    { path, sizeBytes: bytes.length, sha256: SHA256, seed: 1, variants },
    AbortSignal.timeout(30_000),
  );
  return new Map(made.map((one) => [one.variant, one]));
}

async function shapeOf(
  one: { readonly bytes: Uint8Array } | { readonly reason: string } | undefined,
) {
  if (!one || 'reason' in one) return one?.reason;
  const { format, width, height } = await sharp(one.bytes).metadata();
  return `${format} ${width}x${height}`;
}

describe('variants of a picture', () => {
  it('have the size and format that the catalogue names', async () => {
    const pictures = VARIANT_NAMES.filter((name) =>
      VARIANTS[name].families.some((family) => family === 'image'),
    );
    const made = await make(400, 300, pictures);
    const shapes = await Promise.all(
      [...made].map(async ([name, one]) => [name, await shapeOf(one)] as const),
    );
    expect(Object.fromEntries(shapes)).toEqual({
      original: 'png 400x300',
      m1: 'jpeg 224x224',
      m2: 'jpeg 224x224',
      jpeg90: 'jpeg 400x300',
      jpeg75: 'jpeg 400x300',
      jpeg50: 'jpeg 400x300',
      'resize-0.5': 'jpeg 200x150',
      'resize-0.75': 'jpeg 300x225',
      'resize-1.5': 'jpeg 600x450',
      crop: 'jpeg 280x210',
      screenshot: 'png 960x720',
      blur: 'jpeg 400x300',
    });
  });

  it('say why they were not made', async () => {
    const made = await make(200, 400, ['m1', 'm2', 'mp3']);
    expect(await shapeOf(made.get('m1'))).toBe('too small');
    expect(await shapeOf(made.get('m2'))).toBe('jpeg 224x224');
    expect(await shapeOf(made.get('mp3'))).toBe('made of sound, not of image');
  });

  it('come out the same whatever lossless format the pixels came in', async () => {
    const flat = async (type: 'png' | 'webp') => {
      const bytes = await sharp({
        create: { width: 300, height: 300, channels: 3, background: '#a53' },
      })
        .toFormat(type, { lossless: true })
        .toBuffer();
      const path = join(folder, `same.${type}`);
      await writeFile(path, bytes);
      const [one] = await maker.make(
        { path, sizeBytes: bytes.length, sha256: SHA256, seed: 1, variants: ['m1'] },
        AbortSignal.timeout(30_000),
      );
      return one && 'bytes' in one ? Buffer.from(one.bytes).toString('base64') : 'not made';
    };
    expect(await flat('webp')).toBe(await flat('png'));
  });

  it('of a file that is no picture or sound are refused, not crashed on', async () => {
    const path = join(folder, 'text.txt');
    await writeFile(path, 'hello');
    const made = await maker.make(
      { path, sizeBytes: 5, sha256: SHA256, seed: 1, variants: ['m1', 'telephone'] },
      AbortSignal.timeout(30_000),
    );
    expect(made).toEqual([
      { variant: 'm1', reason: 'made of pictures, not of text' },
      { variant: 'telephone', reason: 'made of sound, not of text' },
    ]);
  });
});

describe('the law of an item', () => {
  it('follows from bytes and seed alone and spreads over all qualities', () => {
    expect(lawOf(SHA256, 1)).toEqual(lawOf(SHA256, 1));
    expect(lawOf(SHA256, 1)).not.toEqual(lawOf(SHA256, 2));
    const qualities = Array.from({ length: 2000 }, (_, i) => lawOf(`${i}`, 1).jpegQuality);
    expect(Math.min(...qualities)).toBe(60);
    expect(Math.max(...qualities)).toBe(95);
    const mean = qualities.reduce((sum, quality) => sum + quality, 0) / qualities.length;
    expect(mean).toBeGreaterThan(76.5);
    expect(mean).toBeLessThan(78.5);
  });
});
