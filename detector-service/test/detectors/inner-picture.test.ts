import { judgeInnerPicture } from '../../src/detectors/inner-picture.js';
import { NOTHING_FOUND, type Detector, type Subject } from '../../src/detectors/types.js';
import { MEDIA_LIMITS } from '../../src/intake/limits.js';

const pixels = { data: Buffer.alloc(32 * 32 * 3, 90), width: 32, height: 32 };

const host: Subject = {
  path: 'report.pdf',
  sizeBytes: 10,
  bytes: null,
  type: { mediaType: 'application/pdf', family: 'document', active: null, polyglot: null },
  claim: { by: 'file name', said: 'image/png' },
  pixels: null,
  small: null,
  isDamaged: false,
  pages: 3,
  container: null,
  limits: MEDIA_LIMITS,
};

function detectorOf(
  id: string,
  mediaTypes: RegExp,
  score: number | null,
  seen: Subject[] = [],
): Detector {
  return {
    id,
    version: '1.0.0',
    mediaTypes,
    run(subject) {
      seen.push(subject);
      return Promise.resolve({ ...NOTHING_FOUND, score, models: [{ id, version: '1.0.0' }] });
    },
  };
}

it('shows detectors of pictures the inner pixels and none of the claims about the host', async () => {
  const seen: Subject[] = [];
  await judgeInnerPicture([detectorOf('a', /^image\//, 0.2, seen)], host, pixels, 'image/jpeg');
  expect(seen).toEqual([
    expect.objectContaining({
      pixels,
      claim: null,
      pages: 1,
      type: { mediaType: 'image/jpeg', family: 'image', active: null, polyglot: null },
    }),
  ]);
  expect(seen[0]?.small).toMatchObject({ width: 32, height: 32 });
});

it('takes the highest score, and none where none was measured', async () => {
  const image = /^image\//;
  const detectors = [
    detectorOf('a', image, 0.2),
    detectorOf('b', image, null),
    detectorOf('c', image, 0.7),
  ];
  const { score, models } = await judgeInnerPicture(detectors, host, pixels, 'image/png');
  expect(score).toBe(0.7);
  expect(models.map(({ id }) => id)).toEqual(['a', 'b', 'c']);

  const unmeasured = await judgeInnerPicture(
    [detectorOf('a', image, null)],
    host,
    pixels,
    'image/png',
  );
  expect(unmeasured.score).toBeNull();
});

it('leaves out detectors of other media', async () => {
  const { models } = await judgeInnerPicture(
    [detectorOf('pdf', /pdf/, 1)],
    host,
    pixels,
    'image/png',
  );
  expect(models).toEqual([]);
});
