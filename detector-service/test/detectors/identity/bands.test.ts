import { cutBand, readBy, type Band } from '../../../src/detectors/identity/bands.js';
import { regionOf } from '../../../src/detectors/identity/grey.js';
import { greyRegion, greyWithin } from '../../../src/intake/image.js';
import { makePixels } from '../../../../scripts/media/picture.js';

const BANDS: readonly (readonly [string, Band])[] = [
  ['level', { x: 60, y: 70, angle: 0, length: 90, thickness: 9 }],
  ['tilted', { x: 64, y: 40, angle: 0.3, length: 80, thickness: 12 }],
  ['cut off by the edge', { x: 20, y: 90, angle: -0.2, length: 70, thickness: 4 }],
];
/** Pixels of the picture to one of that in which the band was found. */
const SCALE = 3.2;

describe('reading a band', () => {
  it.each(BANDS)('needs no more of the picture than is read for it (%s)', async (_name, band) => {
    const picture = await makePixels(400, 300);
    const whole = await greyWithin(picture, 400);
    const place = readBy(band, SCALE, whole);
    const part = await greyRegion(picture, place.left, place.top, place.width, place.height);
    expect(part).toEqual(regionOf(whole, place.left, place.top, place.width, place.height));
    expect(part.values.length).toBeLessThan(whole.values.length);
    const fromWhole = cutBand(whole, band, SCALE, { left: 0, top: 0 });
    const fromPart = cutBand(part, band, SCALE, place);
    expect([fromPart.width, fromPart.height]).toEqual([fromWhole.width, fromWhole.height]);
    const furthest = fromWhole.values.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - (fromPart.values[i] as number))),
      0,
    );
    expect(furthest).toBeLessThan(1e-3);
  });
});
