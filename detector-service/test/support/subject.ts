import type { Subject } from '../../src/detectors/types.js';
import { shrink, type Pixels } from '../../src/intake/image.js';
import { MEDIA_LIMITS } from '../../src/intake/limits.js';

/** A decoded picture as detectors get it, a JPEG file unless the changes say otherwise. */
export async function subjectOf(pixels: Pixels, changes: Partial<Subject> = {}): Promise<Subject> {
  return {
    path: 'photo.jpg',
    sizeBytes: 0,
    bytes: null,
    type: pictureType('image/jpeg'),
    claim: null,
    container: null,
    pixels,
    small: await shrink(pixels),
    isDamaged: false,
    pages: 1,
    limits: MEDIA_LIMITS,
    ...changes,
  };
}

export function pictureType(mediaType: string): Subject['type'] {
  return { mediaType, family: 'image', active: null, polyglot: null };
}
