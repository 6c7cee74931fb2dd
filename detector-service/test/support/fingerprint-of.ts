import sharp from 'sharp';

import {
  fingerprintPicture,
  FINGERPRINT_SIDE,
  type PictureFingerprint,
} from '../../src/intake/fingerprints/picture.js';
import { greyWithin } from '../../src/intake/image.js';

export async function fingerprintOf(file: Buffer): Promise<PictureFingerprint> {
  const { data, info } = await sharp(file)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  return fingerprintPicture(await greyWithin({ data, width, height }, FINGERPRINT_SIDE));
}
