import fc from 'fast-check';

import { pictureKeys, pictureQuery } from '../../../src/intake/fingerprints/picture-keys.js';
import {
  decodePictureFingerprint,
  encodePictureFingerprint,
} from '../../../src/intake/fingerprints/picture-text.js';
import {
  comparePictures,
  fingerprintPicture,
  isSamePicture,
  type PictureFingerprint,
} from '../../../src/intake/fingerprints/picture.js';
import { createSignHasher, POSES, signDistance } from '../../../src/intake/fingerprints/signs.js';
import { COPIES, drawnPicture } from '../../support/drawn-picture.js';
import { fingerprintOf } from '../../support/fingerprint-of.js';

let original: Buffer;
let known: PictureFingerprint;
beforeAll(async () => {
  original = await drawnPicture(1);
  known = await fingerprintOf(original);
});

describe('the fingerprint of a picture', () => {
  it.each(Object.entries(COPIES))(
    'recognises a copy that was %s, and finds it by keys',
    async (_name, copy) => {
      const fingerprint = await fingerprintOf(await copy(original));
      expect(isSamePicture(comparePictures(known, fingerprint))).toBe(true);

      const stored = new Set(pictureKeys(known));
      const shared = POSES.map(
        (_pose, number) =>
          pictureQuery(fingerprint).filter(({ key, pose }) => pose === number && stored.has(key))
            .length,
      );
      expect(Math.max(...shared)).toBeGreaterThanOrEqual(2);
    },
  );

  it('takes no other picture for a copy', async () => {
    for (const seed of [2, 3, 4, 5]) {
      const other = await fingerprintOf(await drawnPicture(seed));
      expect(isSamePicture(comparePictures(known, other))).toBe(false);
    }
  });

  it('says nothing of an empty picture, and so is like no other', () => {
    const flat = { values: new Float32Array(200 * 100).fill(200), width: 200, height: 100 };
    const fingerprint = fingerprintPicture(flat);
    expect(fingerprint).toEqual({ whole: null, patches: [] });
    expect(isSamePicture(comparePictures(fingerprint, fingerprint))).toBe(false);
  });

  it('stands any shape, down to a single pixel', () => {
    for (const [width, height] of [
      [1, 1],
      [256, 1],
      [3, 200],
    ] as const) {
      const values = Float32Array.from({ length: width * height }, (_, i) => (i * 97) % 256);
      expect(() => fingerprintPicture({ values, width, height })).not.toThrow();
    }
  });

  it('survives being written as text', () => {
    const read = decodePictureFingerprint(encodePictureFingerprint(known));
    expect(read.whole).toEqual(known.whole);
    expect(read.patches.map(({ hash }) => hash)).toEqual(known.patches.map(({ hash }) => hash));
    expect(comparePictures(known, read)).toMatchObject({
      distance: 0,
      patches: known.patches.length,
    });
  });

  it('is refused, never misread, when the text is something else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.startsWith('i1.'));
        expect(() => decodePictureFingerprint(text)).toThrow(RangeError);
      }),
    );
    expect(() => decodePictureFingerprint('i1.AQID')).toThrow(
      /Expected a fingerprint of a picture/,
    );
  });
});

describe('hashes of signs', () => {
  const SIDE = 16;
  const hasher = createSignHasher(SIDE, 4);

  it('in a pose are those of the posed picture', () => {
    const grey = fc.array(fc.integer({ min: 0, max: 255 }), {
      minLength: SIDE * SIDE,
      maxLength: SIDE * SIDE,
    });
    fc.assert(
      fc.property(grey, fc.constantFrom(...POSES), (values, pose) => {
        const posed = values.map((_, i) => {
          const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
          const column = pose.isMirrored ? SIDE - 1 - x : x;
          const row = pose.isFlipped ? SIDE - 1 - y : y;
          return values[pose.isTransposed ? column * SIDE + row : row * SIDE + column] ?? 0;
        });
        // Frequencies that happen to be zero have no sign to keep.
        expect(
          signDistance(hasher.pose(hasher.hash(values), pose), hasher.hash(posed)),
        ).toBeLessThan(2);
      }),
      { numRuns: 60 },
    );
  });
});
