import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import sharp, { type Sharp } from 'sharp';

import {
  comparePictures,
  fingerprintPicture,
  FINGERPRINT_SIDE,
  isSamePicture,
  type PictureFingerprint,
  type PictureMatch,
} from '../src/intake/fingerprints/picture.js';
import { greyWithin, type Pixels } from '../src/intake/image.js';
import { print, readCsv } from './data.js';

/** Longest side of what is compared, to be done in minutes. */
const SIDE = 512;

type Change = (image: Sharp, width: number, height: number) => Sharp;

function cropTo(share: number, left: number, top: number): Change {
  return (image, width, height) => {
    const [w, h] = [Math.floor(width * share), Math.floor(height * share)];
    return image.extract({
      left: Math.floor((width - w) * left),
      top: Math.floor((height - h) * top),
      width: w,
      height: h,
    });
  };
}

const CHANGES: Readonly<Record<string, Change>> = {
  'JPEG 50': (image) => image,
  'JPEG 30, half the size': (image, width) => image.resize(Math.ceil(width / 2)),
  'quarter of the size': (image, width) => image.resize(Math.ceil(width / 4)),
  'other shape, 20 % wider': (image, width, height) =>
    image.resize(Math.ceil(width * 1.2), height, { fit: 'fill' }),
  mirrored: (image) => image.flop(),
  'turned by 90 degrees': (image) => image.rotate(90),
  'cropped by 10 %': cropTo(0.9, 0.7, 0.3),
  'cropped by 20 %': cropTo(0.8, 0.2, 0.6),
  'cropped by 30 %': cropTo(0.7, 0.5, 0.5),
  'cropped by 40 %': cropTo(0.6, 0.3, 0.4),
  'cropped by 30 %, mirrored': (image, width, height) =>
    cropTo(0.7, 0.4, 0.6)(image, width, height).flop(),
  'brighter and more contrast': (image) => image.linear(1.25, 10),
  'blurred by 2 pixels': (image) => image.blur(2),
  'bordered like a screenshot': (image) =>
    image.extend({ top: 60, bottom: 120, left: 20, right: 20, background: '#fff' }),
};

/**
 * Makes copies of labelled pictures, and prints which share of them is recognised and how many of all pairs of different pictures are taken for copies.
 * Pictures whose listed pHashes are near each other count as one, since lists hold true duplicates.
 */
export async function benchCopies(folder: string, limit = 300): Promise<void> {
  const rows = (await readCsv(join(folder, 'manifest.csv'))).sort((left, right) =>
    (left['sha256'] ?? '') < (right['sha256'] ?? '') ? -1 : 1,
  );
  const originals: { name: string; fingerprint: PictureFingerprint }[] = [];
  const found = new Map<string, number>();
  let milliseconds = 0;
  for (const row of rows.slice(0, limit)) {
    const name = row['file'] ?? '';
    const source = await decode(await readFile(join(folder, name)));
    const started = performance.now();
    const fingerprint = await fingerprintOf(source);
    milliseconds += performance.now() - started;
    originals.push({ name, fingerprint });
    for (const [change, apply] of Object.entries(CHANGES)) {
      const raw = sharp(source.data, {
        raw: { width: source.width, height: source.height, channels: 3 },
      });
      // Through a file first: sharp would otherwise reorder the steps.
      const changed = await apply(raw, source.width, source.height)
        .png({ compressionLevel: 1 })
        .toBuffer();
      const copy = await decode(
        await sharp(changed)
          .jpeg({ quality: change.startsWith('JPEG 30') ? 30 : change === 'JPEG 50' ? 50 : 80 })
          .toBuffer(),
      );
      const match = comparePictures(fingerprint, await fingerprintOf(copy));
      if (isSamePicture(match)) found.set(change, (found.get(change) ?? 0) + 1);
    }
  }
  print(
    `${originals.length} pictures, ${(milliseconds / originals.length).toFixed(1)} ms a fingerprint`,
  );
  for (const change of Object.keys(CHANGES)) {
    print(
      `${change}: ${(((found.get(change) ?? 0) / originals.length) * 100).toFixed(1)} % recognised`,
    );
  }
  let pairs = 0;
  const wrong: { a: string; b: string; match: PictureMatch }[] = [];
  for (const [i, a] of originals.entries()) {
    for (const b of originals.slice(i + 1)) {
      pairs += 1;
      const match = comparePictures(a.fingerprint, b.fingerprint);
      if (isSamePicture(match)) wrong.push({ a: a.name, b: b.name, match });
    }
  }
  print(`${pairs} pairs of different pictures: ${wrong.length} taken for copies`);
  for (const { a, b, match } of wrong)
    print(`  ${match.distance} bits, ${match.patches} patches: ${a} ${b}`);
}

async function decode(bytes: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(bytes)
    .autoOrient()
    .resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .flatten({ background: '#fff' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels === 3) return { data, width: info.width, height: info.height };
  const rgb = Buffer.alloc(info.width * info.height * 3);
  for (let i = 0; i < rgb.length; i += 1) rgb[i] = data[Math.floor(i / 3) * info.channels] ?? 0;
  return { data: rgb, width: info.width, height: info.height };
}

async function fingerprintOf(pixels: Pixels): Promise<PictureFingerprint> {
  return fingerprintPicture(await greyWithin(pixels, FINGERPRINT_SIDE));
}
