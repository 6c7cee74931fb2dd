import sharp from 'sharp';

import type { ExifDates } from '../../src/provenance/exif-facts.js';
import { readMetadata } from '../../src/provenance/metadata.js';
import { dateDoubt, editorsOf } from '../../src/provenance/plausibility.js';
import { mediaLimits } from '../../src/intake/limits.js';
import { DIFFERENT_PICTURE, thumbnailDistance } from '../../src/verdict/thumbnail-check.js';
import { makePixels } from '../../../scripts/media/picture.js';

const NOW = new Date('2026-06-01T12:00:00Z');
const dates = (some: Partial<ExifDates>): ExifDates => ({
  original: null,
  digitised: null,
  modified: null,
  gps: null,
  ...some,
});

describe('dates of a picture', () => {
  it.each<[string, Partial<ExifDates>, RegExp | null]>([
    ['none', {}, null],
    [
      'an ordinary picture',
      {
        original: '2026-05-01T10:00:00',
        digitised: '2026-05-01T10:00:00',
        modified: '2026-05-02T09:00:00',
        gps: '2026-05-01T02:00:00Z',
      },
      null,
    ],
    [
      'another time zone',
      { original: '2026-05-02T01:00:00', modified: '2026-05-01T10:00:00' },
      null,
    ],
    ['the future', { original: '2026-09-01T00:00:00' }, /future/],
    ['changed in the future', { modified: '2027-09-01T00:00:00' }, /future/],
    ['a clock never set', { original: '1970-01-01T00:00:00' }, /1970/],
    [
      'digitised first',
      { original: '2026-05-05T00:00:00', digitised: '2026-05-01T00:00:00' },
      /digitised before/,
    ],
    [
      'changed first',
      { original: '2026-05-05T00:00:00', modified: '2020-05-01T00:00:00' },
      /changed before/,
    ],
    [
      'another day by satellite',
      { original: '2026-05-05T00:00:00', gps: '2026-05-01T00:00:00Z' },
      /satellites/,
    ],
  ])('%s', (_what, some, reason) => {
    const doubt = dateDoubt(dates(some), NOW)?.reason ?? null;
    if (reason === null) expect(doubt).toBeNull();
    else expect(doubt).toMatch(reason);
  });
});

describe('editing programs', () => {
  const picture = (software: string): Promise<Buffer> =>
    sharp({ create: { width: 8, height: 8, channels: 3, background: '#123' } })
      .jpeg()
      .withExif({ IFD0: { Software: software } })
      .toBuffer();

  it.each([
    ['Adobe Photoshop 26.1', ['Adobe Photoshop 26.1']],
    ['GIMP 2.10', ['GIMP 2.10']],
    ['HDR+ 1.0.345618096zd', []],
    ['17.4.1', []],
  ])('%s', async (software, expected) => {
    expect(editorsOf(readMetadata(await picture(software), 'image/jpeg'))).toEqual(expected);
  });
});

describe('the embedded thumbnail', () => {
  const limits = mediaLimits();

  const thumbnail = async (seed: number, degrees = 0): Promise<Buffer> => {
    const { data, width, height } = await makePixels(480, 320, seed);
    const upright = await sharp(data, { raw: { width, height, channels: 3 } })
      .resize(160, 107)
      .extend({ top: 6, bottom: 7, background: '#000' })
      .png()
      .toBuffer();
    return sharp(upright).rotate(degrees).jpeg({ quality: 60 }).toBuffer();
  };

  it.each([
    ['the same picture, with bars', 1, 0, true],
    ['the same picture, unturned', 1, 270, true],
    ['another picture', 40, 0, false],
  ])('%s', async (_what, seed, degrees, isSame) => {
    const picture = await scene(1);
    const small = seed === 1 ? await thumbnail(1, degrees) : await otherScene();
    const distance = await thumbnailDistance(small, picture, limits);
    expect((distance ?? 0) < DIFFERENT_PICTURE).toBe(isSame);
  });

  it('says nothing of one that cannot be decoded', async () => {
    expect(await thumbnailDistance(Buffer.from('no jpeg'), await scene(1), limits)).toBeNull();
  });

  const scene = (seed: number) => makePixels(480, 320, seed);

  /** Nothing like the made landscapes: a bright disc to one side of a dark ground, with stripes. */
  function otherScene(): Promise<Buffer> {
    const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="107"><rect width="160" height="107" fill="#101820"/><circle cx="40" cy="70" r="32" fill="#fff"/><rect x="90" y="10" width="12" height="90" fill="#bbb"/><rect x="120" y="10" width="12" height="90" fill="#bbb"/></svg>`;
    return sharp(Buffer.from(drawing)).jpeg().toBuffer();
  }
});
