import { overlay, type Pixels } from '../../intake/image.js';

/** Colours that people with any common colour vision tell apart. */
const ORANGE = [240, 120, 0, 130] as const;
const BLUE = [0, 110, 230, 130] as const;

/**
 * The picture with two regions marked, as JPEG.
 *
 * @param mask of the picture's size: 1 is drawn orange, 2 blue, 0 left alone
 */
export function drawRegions(picture: Pixels, mask: Uint8Array): Promise<Buffer> {
  const data = Buffer.alloc(mask.length * 4);
  mask.forEach((value, i) => {
    if (value !== 0) data.set(value === 1 ? ORANGE : BLUE, i * 4);
  });
  return overlay(picture, { data, width: picture.width, height: picture.height });
}
