import sharp, { type Sharp } from 'sharp';

import { seededRandom } from '../../src/evaluation/figures/random.js';

/** A picture of many shapes that a seed decides: as full of detail as a photograph, and of nobody. */
export function drawnPicture(seed: number, width = 480, height = 360): Promise<Buffer> {
  const random = seededRandom(seed);
  const number = (most: number): number => Math.floor(random() * most);
  const shapes = Array.from({ length: 90 }, () => {
    const colour = `rgb(${number(256)},${number(256)},${number(256)})`;
    const [x, y, size] = [number(width), number(height), 6 + number(50)];
    return random() < 0.5
      ? `<circle cx="${x}" cy="${y}" r="${size / 2}" fill="${colour}"/>`
      : `<rect x="${x}" y="${y}" width="${size}" height="${size * (0.4 + random())}" fill="${colour}" transform="rotate(${number(90)} ${x} ${y})"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#888"/>${shapes.join('')}</svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 92 }).toBuffer();
}

/** Copies as they are passed on: each changed, then saved again. */
export const COPIES: Readonly<Record<string, (original: Buffer) => Promise<Buffer>>> = {
  're-encoded': (original) => saved(sharp(original), 40),
  resized: (original) => saved(sharp(original).resize(200)),
  mirrored: (original) => saved(sharp(original).flop()),
  turned: (original) => saved(sharp(original).rotate(90)),
  cropped: (original) => saved(cropped(original)),
  'cropped, mirrored and resized': async (original) =>
    saved(sharp(await saved(cropped(original).flop())).resize(250)),
  'set into a page': (original) =>
    saved(sharp(original).extend({ top: 90, bottom: 60, left: 40, right: 10, background: '#fff' })),
};

function cropped(original: Buffer): Sharp {
  return sharp(original).extract({ left: 90, top: 60, width: 330, height: 250 });
}

function saved(image: Sharp, quality = 75): Promise<Buffer> {
  return image.jpeg({ quality }).toBuffer();
}
