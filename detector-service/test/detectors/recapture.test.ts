import sharp from 'sharp';

import { recaptureDetector } from '../../src/detectors/recapture-detector.js';
import { TileTransform } from '../../src/detectors/recapture/fourier.js';
import { encodeJpeg, scale, type Pixels } from '../../src/intake/image.js';
import { fuse } from '../../src/verdict/fuse.js';
import { makePixels } from '../../../scripts/media/picture.js';
import { recapture, type RecaptureOptions } from '../support/recapture.js';
import { subjectOf } from '../support/subject.js';

/** A telephone held by hand in front of a laptop. */
const BY_HAND: RecaptureOptions = {
  seed: 1,
  scale: 2.2,
  degrees: 4,
  slant: 0.03,
  blur: 0.45,
  noise: 2,
  shrink: 1,
  quality: 85,
};
const SIDE = 392;

let shown: Pixels;
let ofScreen: Pixels;

beforeAll(async () => {
  shown = await makePixels(320, 320);
  ofScreen = await decoded(await recapture(shown, SIDE, SIDE, BY_HAND));
}, 120_000);

async function decoded(file: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(file)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

async function findingsOf(pixels: Pixels) {
  const { findings } = await recaptureDetector.run(await subjectOf(pixels));
  return findings;
}

/** What a camera takes of the thing itself: noise and JPEG, no screen between. */
async function photograph(): Promise<Pixels> {
  const big = await scale(shown, SIDE, SIDE);
  const data = Buffer.from(big.data);
  let state = 1;
  for (let i = 0; i < data.length; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = Math.min(255, Math.max(0, (data[i] ?? 0) + (state >>> 29) - 3));
  }
  return decoded(await encodeJpeg({ ...big, data }, 85));
}

/** Stripes of a fabric in one corner: strong, but not over the whole picture. */
function withStripes(picture: Pixels): Pixels {
  const data = Buffer.from(picture.data);
  for (let y = 0; y < 140; y += 1) {
    for (let x = 0; x < 140; x += 1) {
      const value = 128 + Math.round(60 * Math.sin(1.1 * x + 0.7 * y));
      data.fill(value, (y * picture.width + x) * 3, (y * picture.width + x) * 3 + 3);
    }
  }
  return { ...picture, data };
}

describe('a photograph of a screen', () => {
  it('is told, and argues no verdict', async () => {
    const findings = await findingsOf(ofScreen);
    expect(findings.map(({ code }) => code)).toEqual(['image.screen_pattern']);
    expect(findings[0]?.detail).toMatch(/of \d+\.\d pixels, \d+ times stronger/);
    expect(fuse(findings)).toBe('not_evaluated');
  });

  it('is not told of the same picture taken without a screen', async () => {
    expect(await findingsOf(await photograph())).toEqual([]);
  });

  it('is not told of stripes in a part of a picture', async () => {
    expect(await findingsOf(withStripes(await photograph()))).toEqual([]);
  });

  it('is not sought in pictures that are too small, or that no camera took', async () => {
    expect(await findingsOf(await scale(ofScreen, 383, 383))).toEqual([]);
    const blank = { data: Buffer.alloc(SIDE * SIDE * 3, 250), width: SIDE, height: SIDE };
    expect(await findingsOf(blank)).toEqual([]);
  });
});

it('transforms a tile as the definition says', () => {
  const side = 8;
  const real = Float64Array.from({ length: side * side }, (_, i) => Math.sin(i * i));
  const imaginary = Float64Array.from({ length: side * side }, (_, i) => Math.cos(3 * i));
  const [re, im] = [real.slice(), imaginary.slice()];
  new TileTransform(side).transform(re, im);
  for (const [u, v] of [
    [0, 0],
    [3, 1],
    [7, 6],
  ] as const) {
    let [sumRe, sumIm] = [0, 0];
    for (let y = 0; y < side; y += 1) {
      for (let x = 0; x < side; x += 1) {
        const angle = (-2 * Math.PI * (u * x + v * y)) / side;
        const [a, b] = [real[y * side + x] as number, imaginary[y * side + x] as number];
        sumRe += a * Math.cos(angle) - b * Math.sin(angle);
        sumIm += a * Math.sin(angle) + b * Math.cos(angle);
      }
    }
    expect(re[v * side + u]).toBeCloseTo(sumRe, 9);
    expect(im[v * side + u]).toBeCloseTo(sumIm, 9);
  }
});
