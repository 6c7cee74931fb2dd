import { encodePictureFingerprint } from '../intake/fingerprints/picture-text.js';
import { fingerprintPicture, FINGERPRINT_SIDE } from '../intake/fingerprints/picture.js';
import { greyWithin } from '../intake/image.js';
import { NOTHING_FOUND, type Detector } from './types.js';

/** Judges nothing: it keeps what later recognises copies of a picture. */
export const pictureFingerprintDetector: Detector = {
  id: 'picture-fingerprint',
  version: '1.0.0',
  mediaTypes: /^image\//,
  async run({ small }) {
    if (!small) return NOTHING_FOUND;
    const grey = await greyWithin(small, FINGERPRINT_SIDE);
    const value = encodePictureFingerprint(fingerprintPicture(grey));
    return { ...NOTHING_FOUND, fingerprints: [{ kind: 'image', value }] };
  },
};
