import { blend } from '../../src/intake/pixels.js';

describe('blend', () => {
  it('lays a layer over a picture by its opacity', () => {
    const rgb = Buffer.from([10, 20, 30, 200, 100, 0, 0, 255, 7]);
    const rgba = Buffer.from([255, 0, 0, 0, 255, 0, 0, 255, 100, 155, 107, 51]);
    expect([...blend(rgb, rgba)]).toEqual([10, 20, 30, 255, 0, 0, 20, 235, 27]);
  });
});
