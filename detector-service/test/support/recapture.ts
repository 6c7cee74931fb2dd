/** Photographs of screens, by calculation: what a camera with a Bayer filter makes of the red, green and blue stripes of a flat screen. */
import sharp from 'sharp';

import { seededRandom } from '../../src/evaluation/figures/random.js';
import type { Pixels } from '../../src/intake/image.js';

export interface RecaptureOptions {
  readonly seed: number;
  /** Camera pixels per screen pixel. */
  readonly scale: number;
  /** Turn of the camera in degrees. */
  readonly degrees: number;
  /** How much farther one edge is than the other, as a share: 0.05. */
  readonly slant: number;
  /** Standard deviation of the lens's blur, in camera pixels. */
  readonly blur: number;
  /** Standard deviation of noise at mid-grey, in 8-bit values. */
  readonly noise: number;
  /** By how much the photograph is shrunk before it is sent; 1 leaves it. */
  readonly shrink: number;
  readonly quality: number;
}

/** A share of each screen pixel's side that is dark: the black matrix. */
const GAP_ACROSS = 0.1;
const GAP_DOWN = 0.08;
const ACROSS = 9;
const DOWN = 5;

/** Draws how a photograph of a screen may come about: the ranges are those of telephones in front of laptops, monitors and other telephones. */
export function madeUpRecapture(seed: number): RecaptureOptions {
  const random = seededRandom(seed);
  const between = (low: number, high: number): number => low + (high - low) * random();
  return {
    seed,
    scale: between(0.8, 3),
    degrees: between(-6, 6),
    slant: between(-0.08, 0.08),
    blur: between(0.35, 0.9),
    noise: between(1, 5),
    shrink: random() < 0.5 ? 1 : between(0.6, 1),
    quality: Math.round(between(70, 95)),
  };
}

/**
 * @param shown what the screen shows, one picture pixel per screen pixel
 * @param width,height of the photograph in camera pixels
 * @returns a JPEG
 */
export async function recapture(
  shown: Pixels,
  width: number,
  height: number,
  { seed, scale, degrees, slant, blur, noise, shrink, quality }: RecaptureOptions,
): Promise<Buffer> {
  // Looked up once: in the millions of steps below a test's sandbox would make each look-up dear.
  const { floor, min, max } = Math;
  const random = seededRandom(seed + 1_000_000);
  const [cosine, sine] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const sensor = new Float32Array(width * height);
  const linear = Float32Array.from({ length: 256 }, (_, i) => (i / 255) ** 2.2);
  // The light on a sensor pixel: its own square, blurred by the lens.
  const sigma = Math.sqrt(blur ** 2 + 1 / 12);
  const taps: { readonly dx: number; readonly dy: number; readonly weight: number }[] = [];
  for (let j = 0; j < DOWN; j += 1) {
    for (let i = 0; i < ACROSS; i += 1) {
      const dx = 2.4 * sigma * ((2 * (i + 0.5)) / ACROSS - 1);
      const dy = 2.4 * sigma * ((2 * (j + 0.5)) / DOWN - 1);
      taps.push({ dx, dy, weight: Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma)) });
    }
  }
  const all = taps.reduce((sum, { weight }) => sum + weight, 0);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      // RGGB.
      const channel = y % 2 === 0 ? (x % 2 === 0 ? 0 : 1) : x % 2 === 0 ? 1 : 2;
      let light = 0;
      for (const { dx, dy, weight } of taps) {
        const cx = x + dx - width / 2;
        const cy = y + dy - height / 2;
        const depth = scale * (1 + (slant * cx) / width + (0.5 * slant * cy) / height);
        const u = (cosine * cx + sine * cy) / depth + shown.width / 2;
        const v = (cosine * cy - sine * cx) / depth + shown.height / 2;
        const column = floor(u);
        const row = floor(v);
        const across = (u - column) * 3;
        const stripe = floor(across);
        if (stripe !== channel) continue;
        const inside = across - stripe;
        if (inside < GAP_ACROSS * 1.5 || inside > 1 - GAP_ACROSS * 1.5) continue;
        const down = v - row;
        if (down < GAP_DOWN || down > 1 - GAP_DOWN) continue;
        const px = min(shown.width - 1, max(0, column));
        const py = min(shown.height - 1, max(0, row));
        light +=
          weight * (linear[shown.data[(py * shown.width + px) * 3 + channel] as number] as number);
      }
      const exposed = ((light / all) * 3) / ((1 - 3 * GAP_ACROSS) * (1 - 2 * GAP_DOWN));
      const spread = (noise / 255) * Math.sqrt(Math.max(exposed, 0.02) * 2);
      sensor[y * width + x] = exposed + spread * normal(random);
    }
  }
  const data = demosaic(sensor, width, height);
  const raw = { width, height, channels: 3 } as const;
  const pipeline = sharp(data, { raw });
  if (shrink < 1) pipeline.resize(Math.round(width * shrink), Math.round(height * shrink));
  return pipeline.jpeg({ quality }).toBuffer();
}

/** Bilinear: each missing value is the mean of the nearest that were measured. */
function demosaic(sensor: Float32Array, width: number, height: number): Buffer {
  const data = Buffer.alloc(width * height * 3);
  const channelAt = (x: number, y: number): number =>
    y % 2 === 0 ? (x % 2 === 0 ? 0 : 1) : x % 2 === 0 ? 1 : 2;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const sums = [0, 0, 0];
      const counts = [0, 0, 0];
      for (let j = Math.max(0, y - 1); j <= Math.min(height - 1, y + 1); j += 1) {
        for (let i = Math.max(0, x - 1); i <= Math.min(width - 1, x + 1); i += 1) {
          const channel = channelAt(i, j);
          if (channel === channelAt(x, y) && (i !== x || j !== y)) continue;
          sums[channel] = (sums[channel] as number) + (sensor[j * width + i] as number);
          counts[channel] = (counts[channel] as number) + 1;
        }
      }
      for (let c = 0; c < 3; c += 1) {
        const value = (sums[c] as number) / Math.max(1, counts[c] as number);
        data[(y * width + x) * 3 + c] = Math.round(
          255 * Math.min(1, Math.max(0, value)) ** (1 / 2.2),
        );
      }
    }
  }
  return data;
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
