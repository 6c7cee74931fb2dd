import sharp from 'sharp';

import { flatShare, gridCrops } from '../../src/detectors/crops.js';
import { drawHeatmap } from '../../src/detectors/heatmap.js';
import { makePixels } from '../../../scripts/media/picture.js';

const blank = (width: number, height: number, value = 128) => ({
  data: Buffer.alloc(width * height * 3, value),
  width,
  height,
});

describe('gridCrops', () => {
  it.each([
    [224, 224, 1],
    [130, 600, 3],
    [300, 300, 1],
    [500, 300, 2],
    [1000, 1000, 9],
    [4000, 3000, 9],
  ])('%i x %i gives %i crops inside the picture', (width, height, count) => {
    const crops = gridCrops(blank(width, height), 224, 3);
    expect(crops).toHaveLength(count);
    for (const crop of crops) {
      expect(crop.data).toHaveLength(crop.width * crop.height * 3);
      const { place } = crop;
      expect(place.left).toBeGreaterThanOrEqual(0);
      expect(place.left + place.width).toBeLessThanOrEqual(width);
      expect(place.top + place.height).toBeLessThanOrEqual(height);
    }
  });

  it('cuts the pixels it says it cuts', () => {
    const picture = blank(500, 300, 0);
    const [first, second] = gridCrops(picture, 224, 3);
    expect([first?.place.left, second?.place.left]).toEqual([0, 276]);
    picture.data[(38 * 500 + 276) * 3] = 200;
    expect(gridCrops(picture, 224, 3)[1]?.data[0]).toBe(200);
  });
});

describe('flatShare', () => {
  it('tells a blank from a photo', async () => {
    expect(flatShare(blank(64, 64))).toBe(1);
    expect(flatShare(await makePixels(64, 64))).toBeLessThan(0.1);
  });
});

describe('drawHeatmap', () => {
  it('is red where the map argues for generated, blue where against, grey where nothing was judged', async () => {
    const picture = blank(400, 200);
    const places = [
      { left: 0, top: 0, width: 100, height: 200 },
      { left: 300, top: 0, width: 100, height: 200 },
    ];
    const map = (logit: number) => ({
      logit,
      map: { values: Float32Array.of(logit, logit, logit, logit), width: 2, height: 2, margin: 0 },
    });
    const png = await drawHeatmap(picture, picture, places, [map(4), map(-4)], 0);
    const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
    const at = (x: number): number[] => {
      const place = (Math.floor(info.height / 2) * info.width + x) * info.channels;
      return [...data.subarray(place, place + 3)];
    };
    const [redLeft = 0, , blueLeft = 0] = at(50);
    const [redRight = 0, , blueRight = 0] = at(350);
    expect(redLeft).toBeGreaterThan(blueLeft + 60);
    expect(blueRight).toBeGreaterThan(redRight + 60);
    const [red = 0, green = 0, blue = 0] = at(200);
    expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBe(0);
  });
});
