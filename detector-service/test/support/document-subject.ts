import type { Subject } from '../../src/detectors/types.js';
import { MEDIA_LIMITS } from '../../src/intake/limits.js';

/** A document as detectors see it. */
export function documentSubject(bytes: Buffer, mediaType = 'application/pdf'): Subject {
  return {
    path: '/nowhere',
    sizeBytes: bytes.length,
    bytes,
    type: { mediaType, family: 'document', active: null, polyglot: null },
    claim: null,
    pixels: null,
    small: null,
    isDamaged: false,
    pages: 1,
    container: null,
    limits: MEDIA_LIMITS,
  };
}
