import sharp from 'sharp';

import type { Place } from '../../src/detectors/crops.js';
import { seededRandom } from '../../src/evaluation/figures/random.js';
import type { Pixels } from '../../src/intake/image.js';

export interface DrawnFaces {
  readonly width?: number;
  readonly height?: number;
  /** From brows to chin, as the detector boxes faces; each is drawn into its square. */
  readonly faces: readonly Place[];
  /** Changes the shades, so that no two pictures are the same. */
  readonly seed?: number;
}

/** A picture with faces of nobody: shaded shapes that a face detector takes for a face, with the grain of a camera, without which picture models abstain. */
export async function drawnFaces({
  width = 640,
  height = 480,
  faces,
  seed = 0,
}: DrawnFaces): Promise<Pixels> {
  const heads = faces.map(
    (face) =>
      `<g transform="translate(${face.left + face.width / 2} ${face.top + face.height / 2}) scale(${face.width / 100} ${face.height / 100})">${head(seed)}</g>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><radialGradient id="skin" cx=".45" cy=".4" r=".75"><stop offset="0" stop-color="#f2cdb4"/><stop offset=".7" stop-color="#d9a384"/><stop offset="1" stop-color="#8f6048"/></radialGradient><linearGradient id="wall" x2="0" y2="1"><stop offset="0" stop-color="rgb(150,${160 + ((seed * 17) % 60)},175)"/><stop offset="1" stop-color="#5d6a73"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#wall)"/>${heads.join('')}</svg>`;
  const { data, info } = await sharp(Buffer.from(svg))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const random = seededRandom(seed);
  const grain = Array.from({ length: GRAINS }, () => (random() + random() - 1) * GRAIN);
  const clamped = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length);
  for (let at = 0; at < clamped.length; at += 1) {
    clamped[at] = (clamped[at] as number) + (grain[at % GRAINS] as number);
  }
  return { data, width: info.width, height: info.height };
}

/** A moving WebP picture of 320 x 240 pixels with the faces of each frame, two frames a second. */
export async function movingFaces(frames: readonly (readonly Place[])[]): Promise<Buffer> {
  const [width, height] = [320, 240];
  const drawn = await Promise.all(
    frames.map((faces, seed) => drawnFaces({ width, height, faces, seed })),
  );
  return sharp(Buffer.concat(drawn.map(({ data }) => data)), {
    raw: { width, height: height * drawn.length, channels: 3, pageHeight: height },
  })
    .webp({ quality: 95, delay: drawn.map(() => 500) })
    .toBuffer();
}

/** Drawn once and repeated: a prime, so that rows do not repeat each other. */
const GRAINS = 9_973;
/** Largest step away from the drawn shade. */
const GRAIN = 12;

/** Brows at -45, chin at 50; hair and neck reach further. */
function head(seed: number): string {
  const hair = `rgb(${50 + ((seed * 13) % 40)},35,25)`;
  const eye = (x: number): string =>
    `<ellipse cx="${x}" cy="-16" rx="11" ry="6" fill="#f6f3ee"/><circle cx="${x}" cy="-16" r="5.5" fill="#4a3423"/><circle cx="${x}" cy="-16" r="2.5" fill="#111"/><path d="M ${x - 13} -17 Q ${x} -27 ${x + 13} -17" stroke="#4b2f22" stroke-width="2.5" fill="none"/><path d="M ${x - 15} -30 Q ${x} -38 ${x + 15} -30" stroke="${hair}" stroke-width="5" fill="none"/>`;
  return [
    `<rect x="-26" y="40" width="52" height="45" fill="#b98467"/>`,
    `<ellipse cx="0" cy="-22" rx="56" ry="62" fill="${hair}"/>`,
    `<ellipse cx="0" cy="-5" rx="45" ry="60" fill="url(#skin)"/>`,
    eye(-19),
    eye(19),
    `<path d="M -4 -12 Q -9 8 -8 10 Q 0 17 8 10" stroke="#8f5d45" stroke-width="3" fill="none"/>`,
    `<path d="M -17 29 Q 0 22 17 29 Q 0 41 -17 29 Z" fill="#a9473f"/><path d="M -17 29 Q 0 32 17 29" stroke="#6d2824" stroke-width="2" fill="none"/>`,
  ].join('');
}
