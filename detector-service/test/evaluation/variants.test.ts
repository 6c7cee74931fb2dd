import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { strToU8, unzipSync, zipSync } from 'fflate';
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
import { openMediaFile } from '../../src/intake/container/media-file.js';
import { itWithFfmpeg, itWithQpdf } from '../support/optional-programs.js';
import { stream, updatePdf, writePdf } from '../support/pdf-writer.js';

const CLIP = fileURLToPath(new URL('../fixtures/media/clip.mp4', import.meta.url));
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
      resave: 'png 400x300',
      blur: 'jpeg 400x300',
    });
  });

  it('say why they were not made', async () => {
    const made = await make(200, 400, ['m1', 'm2', 'mp3']);
    expect(await shapeOf(made.get('m1'))).toBe('too small');
    expect(await shapeOf(made.get('m2'))).toBe('jpeg 224x224');
    expect(await shapeOf(made.get('mp3'))).toBe('made of audio, not of image');
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
      { variant: 'm1', reason: 'made of image or video, not of text' },
      { variant: 'telephone', reason: 'made of audio, not of text' },
    ]);
  });
});

async function makeOf(path: string, variants: readonly VariantName[]) {
  const { size } = await stat(path);
  const made = await maker.make(
    { path, sizeBytes: size, sha256: SHA256, seed: 1, variants },
    AbortSignal.timeout(60_000),
  );
  return new Map(made.map((one) => [one.variant, one]));
}

describe('variants of a video', () => {
  itWithFfmpeg(
    'have the size, codecs and tracks that the catalogue names, and no metadata',
    async () => {
      const names = ['m1', 'm2', 'messenger', 'resave'] as const;
      const made = await makeOf(CLIP, names);
      const shapes = await Promise.all(
        names.map(async (name) => {
          const one = made.get(name);
          if (!one || 'reason' in one) return one?.reason;
          const path = join(folder, `${name}.mp4`);
          await writeFile(path, one.bytes);
          const file = await openMediaFile(path, one.bytes.length);
          file?.close();
          const { format, tracks = [], tags } = file?.facts ?? {};
          const words = tracks.map(({ codec, width, height }) => `${codec} ${width}x${height}`);
          return [format, ...words, `${tags?.size} tags`].join(', ');
        }),
      );
      expect(shapes).toEqual([
        'too small',
        'MP4, avc 224x224, 0 tags',
        'MP4, avc 192x160, aac nullxnull, 0 tags',
        'MP4, avc 192x160, aac nullxnull, 0 tags',
      ]);
    },
    60_000,
  );
});

describe('variants of a document', () => {
  const CONTENT_TYPES =
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>';
  const TEXT = 'BT /F1 40 Tf 60 600 Td (A page) Tj ET';

  itWithQpdf(
    'of a PDF are one revision with the same page, and the page as a picture',
    async () => {
      const path = join(folder, 'document.pdf');
      const first = writePdf({
        1: '<</Type /Catalog /Pages 2 0 R>>',
        2: '<</Type /Pages /Kids [3 0 R] /Count 1>>',
        3: '<</Type /Page /Parent 2 0 R /MediaBox [0 0 500 700] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>>>>',
        4: stream('', TEXT),
        5: '<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>',
      });
      await writeFile(
        path,
        updatePdf(first, { 6: '<</Producer (first)>>' }, { trailer: '/Info 6 0 R' }),
      );
      const made = await makeOf(path, ['resave', 'scan', 'm1']);
      expect(await shapeOf(made.get('scan'))).toBe('jpeg 786x1100');
      expect(await shapeOf(made.get('m1'))).toBe('made of image or video, not of document');
      const saved = made.get('resave');
      if (!saved || 'reason' in saved) throw new Error(`Expected a PDF but ${saved?.reason}.`);
      const rewritten = Buffer.from(saved.bytes).toString('latin1');
      expect(rewritten.match(/%%EOF/g)).toHaveLength(1);
      await writeFile(join(folder, 'saved.pdf'), saved.bytes);
      const again = await makeOf(join(folder, 'saved.pdf'), ['scan']);
      expect(again.get('scan')).toEqual(made.get('scan'));
    },
    60_000,
  );

  it('of an Office package hold the same parts', async () => {
    const parts = {
      '[Content_Types].xml': strToU8(CONTENT_TYPES),
      'word/document.xml': strToU8('<w:document/>'.repeat(50)),
      'word/media/image1.png': new Uint8Array(100).fill(7),
    };
    const path = join(folder, 'document.docx');
    await writeFile(path, zipSync(parts, { level: 0 }));
    const saved = (await makeOf(path, ['resave', 'scan'])).get('resave');
    if (!saved || 'reason' in saved) throw new Error(`Expected a package but ${saved?.reason}.`);
    expect(unzipSync(saved.bytes)).toEqual(parts);
    expect(saved.bytes.length).toBeLessThan(zipSync(parts, { level: 0 }).length);
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
