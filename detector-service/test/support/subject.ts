import type { Subject } from '../../src/detectors/types.js';
import { shrink, type Pixels } from '../../src/intake/image.js';
import { MEDIA_LIMITS } from '../../src/intake/limits.js';

/** A decoded picture as detectors get it. */
export async function subjectOf(pixels: Pixels, mediaType = 'image/jpeg'): Promise<Subject> {
  return {
    path: 'photo.jpg',
    sizeBytes: 0,
    bytes: null,
    type: { mediaType, family: 'image', active: null, polyglot: null },
    claim: null,
    container: null,
    pixels,
    small: await shrink(pixels),
    isDamaged: false,
    pages: 1,
    limits: MEDIA_LIMITS,
  };
}
