import sharp, { type Sharp } from 'sharp';

import { copyMoveDetector as detector } from '../../src/detectors/copy-move-detector.js';
import { judgeCopyMove } from '../../src/detectors/copy-move/judge.js';
import { lumaOf, lumaRoom } from '../../src/detectors/copy-move/plane.js';
import { isPrint } from '../../src/detectors/copy-move/print.js';
import { throughJpeg, type Pixels } from '../../src/intake/image.js';
import { cutOut } from '../../src/intake/pixels.js';
import { withMemory } from '../../src/kernels/memory.js';
import { makePixels } from '../../../scripts/media/picture.js';
import { subjectOf } from '../support/subject.js';

interface Place {
  readonly left: number;
  readonly top: number;
}

/** Pastes one picture into another. */
function pasted(host: Pixels, patch: Pixels, { left, top }: Place): Pixels {
  const data = Buffer.from(host.data);
  for (let y = 0; y < patch.height; y += 1) {
    const from = y * patch.width * 3;
    patch.data.copy(data, ((top + y) * host.width + left) * 3, from, from + patch.width * 3);
  }
  return { ...host, data };
}

async function raw(image: Sharp): Promise<Pixels> {
  const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

const asSharp = ({ data, width, height }: Pixels): Sharp =>
  sharp(data, { raw: { width, height, channels: 3 } });

/** Independent grey levels, the same each time (the generator of Numerical Recipes). */
function noise(width: number, height: number): Pixels {
  const data = Buffer.alloc(width * height * 3);
  let state = 1;
  for (let i = 0; i < data.length; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = 64 + (state >>> 25);
  }
  return { data, width, height };
}

const WIDTH = 400;
const HEIGHT = 300;
const SOURCE = { left: 30, top: 160 };
const TARGET = { left: 231, top: 187 };
const SIZE = 90;

async function withCopy(quality: number): Promise<Pixels> {
  const picture = await makePixels(WIDTH, HEIGHT);
  const patch = cutOut(picture, SOURCE.left, SOURCE.top, SIZE, SIZE);
  return throughJpeg(pasted(picture, patch, TARGET), quality);
}

/** Share of a square of the mask that is marked. */
function markedShare(mask: Uint8Array, width: number, { left, top }: Place): number {
  let marked = 0;
  for (let y = top; y < top + SIZE; y += 1) {
    for (let x = left; x < left + SIZE; x += 1) marked += mask[y * width + x] ? 1 : 0;
  }
  return marked / SIZE ** 2;
}

/** Whether the marked part of a picture looks like print. */
function isPrintIn(picture: Pixels, region: Uint8Array): boolean {
  return withMemory(lumaRoom(picture), (memory) => isPrint(lumaOf(picture, memory), region, 1));
}

describe('the copy-move search', () => {
  it.each([95, 80, 70])('finds a copied region after JPEG %i and where it is', async (quality) => {
    const picture = await withCopy(quality);
    const found = judgeCopyMove(picture);
    expect(found?.score).toBeGreaterThan(0.83);
    const mask = found?.repetition.mask ?? new Uint8Array();
    expect(markedShare(mask, picture.width, SOURCE)).toBeGreaterThan(0.5);
    expect(markedShare(mask, picture.width, TARGET)).toBeGreaterThan(0.5);
    const marked = mask.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
    expect(marked).toBeLessThan(2.4 * SIZE ** 2);
  });

  it('finds a copy that was mirrored', async () => {
    const picture = await makePixels(WIDTH, HEIGHT);
    const patch = cutOut(picture, SOURCE.left, SOURCE.top, SIZE, SIZE);
    const turned = await raw(asSharp(patch).flop());
    const found = judgeCopyMove(await throughJpeg(pasted(picture, turned, TARGET), 90));
    expect(found?.repetition.movement.isMirrored).toBe(true);
    expect(found?.score).toBeGreaterThan(0.5);
  });

  it('finds a copy that was turned and enlarged', async () => {
    const picture = await makePixels(WIDTH, HEIGHT);
    const wide = cutOut(picture, SOURCE.left, SOURCE.top, 130, 130);
    const turned = await raw(
      asSharp(wide)
        .rotate(15)
        .resize(200)
        .extract({ left: 55, top: 55, width: SIZE, height: SIZE }),
    );
    const found = judgeCopyMove(await throughJpeg(pasted(picture, turned, TARGET), 92));
    expect(found?.repetition.area).toBeGreaterThan(1000);
  });

  it.each([1, 2, 3])('stays silent over an untouched picture (%i)', async (seed) => {
    const picture = await throughJpeg(await makePixels(WIDTH, HEIGHT, seed), 85);
    expect(judgeCopyMove(picture)?.score ?? 0).toBeLessThan(0.5);
  });

  it('does not take tiles for copies', async () => {
    let picture = await makePixels(WIDTH, HEIGHT);
    const tile = cutOut(await makePixels(WIDTH, HEIGHT, 7), 100, 180, 50, 50);
    for (let top = 0; top < HEIGHT; top += 50) {
      for (let left = 0; left < WIDTH; left += 50) picture = pasted(picture, tile, { left, top });
    }
    expect(judgeCopyMove(await throughJpeg(picture, 90))).toBeNull();
  });

  it('knows print from things', async () => {
    const page = await raw(asSharp(await makePixels(WIDTH, HEIGHT)).linear(0.12, 200));
    // Strokes as of letters: a fifth of the line is ink.
    for (let y = 66; y < 90; y += 1) {
      for (let x = 60; x < 180; x += 15)
        page.data.fill(30, (y * WIDTH + x) * 3, (y * WIDTH + x + 3) * 3);
    }
    const region = new Uint8Array(WIDTH * HEIGHT);
    for (let y = 64; y < 92; y += 1) region.fill(1, y * WIDTH + 60, y * WIDTH + 180);
    expect(isPrintIn(page, region)).toBe(true);
    expect(isPrintIn(await makePixels(WIDTH, HEIGHT), region)).toBe(false);
    expect(isPrintIn(await raw(asSharp(page).negate()), region)).toBe(false);
  });

  it.each<[string, number, number]>([
    ['flat', 400, 300],
    ['tiny', 40, 30],
    ['thin', 500, 97],
  ])('has nothing to say about a %s picture', (_name, width, height) => {
    expect(
      judgeCopyMove({ data: Buffer.alloc(width * height * 3, 200), width, height }),
    ).toBeNull();
  });
});

describe('the copy-move detector', () => {
  it('reports a copy with its score and both regions marked', async () => {
    const detection = await detector.run(await subjectOf(await withCopy(85)));
    expect(detection.findings.map(({ code }) => code)).toEqual(['image.copy_move']);
    expect(detection.score).toBe(detection.findings[0]?.score);
    const [map] = detection.evidence;
    expect(map).toMatchObject({ kind: 'region_map', mediaType: 'image/jpeg' });
    const { data, width, height } = await raw(sharp(map?.bytes));
    expect([width, height]).toEqual([WIDTH, HEIGHT]);
    const colour = ({ left, top }: Place): number[] => {
      const at = ((top + SIZE / 2) * width + left + SIZE / 2) * 3;
      return [...data.subarray(at, at + 3)];
    };
    const [red, , blue] = colour(SOURCE);
    const [otherRed, , otherBlue] = colour(TARGET);
    const tilts = [(red ?? 0) - (blue ?? 0), (otherRed ?? 0) - (otherBlue ?? 0)].sort(
      (a, b) => a - b,
    );
    expect(tilts[0]).toBeLessThan(0);
    expect(tilts[1]).toBeGreaterThan(0);
  });

  it('searches a huge picture at a bounded size', async () => {
    const grain = await raw(
      asSharp(noise(1600, 1200))
        .blur(3)
        .linear(8, -7 * 128),
    );
    const huge = pasted(grain, cutOut(grain, 100, 100, 300, 300), { left: 1000, top: 725 });
    const detection = await detector.run(await subjectOf(huge));
    expect(detection.findings.map(({ code }) => code)).toEqual(['image.copy_move']);
  });

  it('leaves damaged pictures alone', async () => {
    const subject = await subjectOf(await withCopy(95), { isDamaged: true });
    expect((await detector.run(subject)).findings).toEqual([]);
  });
});
