import sharp, { type Sharp } from 'sharp';

import { HASH_SQUARE, hashDistance, perceptualHash } from '../../src/intake/perceptual-hash.js';
import { makePixels } from '../../../scripts/media/picture.js';

async function hashOf(image: Sharp): Promise<string> {
  const grey = await image
    .resize(HASH_SQUARE, HASH_SQUARE, { fit: 'fill' })
    .greyscale()
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  return perceptualHash(grey);
}

describe('perceptualHash', () => {
  it('survives re-encoding and resizing, and tells pictures apart', async () => {
    const open = async (seed: number): Promise<Sharp> => {
      const { data, width, height } = await makePixels(320, 240, seed);
      return sharp(
        await sharp(data, { raw: { width, height, channels: 3 } })
          .png()
          .toBuffer(),
      );
    };
    const original = await open(1);
    const hash = await hashOf(original.clone());
    const worn = sharp(await original.clone().resize(160).jpeg({ quality: 50 }).toBuffer());
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect(hashDistance(hash, await hashOf(worn))).toBeLessThanOrEqual(6);
    expect(hashDistance(hash, await hashOf(original.clone().flop()))).toBeGreaterThan(12);
  });

  it('counts differing bits', () => {
    expect(hashDistance('0000000000000000', 'ffffffffffffffff')).toBe(64);
    expect(hashDistance('00000000000000f0', '0000000000000000')).toBe(4);
  });

  it('refuses a picture of another size', () => {
    expect(() => perceptualHash(new Uint8Array(10))).toThrow(
      /Expected 1024 grey values but received 10/,
    );
  });
});
