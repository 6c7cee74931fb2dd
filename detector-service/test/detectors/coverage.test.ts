import { coverageDetector } from '../../src/detectors/coverage.js';
import type { Subject } from '../../src/detectors/types.js';
import { MEDIA_LIMITS } from '../../src/intake/limits.js';

function subject(type: Subject['type'], isDamaged = false): Subject {
  return {
    path: 'no-file',
    sizeBytes: 20,
    bytes: null,
    type,
    claim: null,
    pixels: null,
    small: null,
    isDamaged,
    pages: 1,
    container: null,
    limits: MEDIA_LIMITS,
  };
}

const picture = (mediaType: string): Subject['type'] => ({
  mediaType,
  family: 'image',
  active: null,
  polyglot: null,
});
const jpeg = picture('image/jpeg');

describe('what was not judged', () => {
  it.each([
    ['only a header of a picture', subject(jpeg), 'image.damaged'],
    ['a picture whose decoder gave up', subject(jpeg, true), 'image.damaged'],
    [
      'a picture format that is not decoded here',
      subject(picture('image/vnd.adobe.photoshop')),
      'media.not_evaluated',
    ],
  ])('names %s', async (_, given, code) => {
    const { findings, score } = await coverageDetector.run(given);

    expect(findings.map((finding) => finding.code)).toEqual([code]);
    expect(score).toBeNull();
  });

  it('says that a header alone holds no picture', async () => {
    const { findings } = await coverageDetector.run(subject(jpeg));

    expect(findings[0]?.detail).toContain('begins as image/jpeg but holds no picture');
  });
});
