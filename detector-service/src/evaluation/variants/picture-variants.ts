import { blur, encodeJpeg, encodePng, scale, type Pixels } from '../../intake/image.js';
import { cutOut } from '../../intake/pixels.js';
import type { ItemLaw } from './law.js';

/** Side of the crops of matched variants. */
const CROP = 224;
/** Short side before the crop of m2. */
const SHORT_SIDE = 256;
const SCREEN = { width: 1280, height: 720 };
/** Share of each side that the crop variant keeps. */
const KEPT = 0.7;
const QUALITY = 90;

type Recipe = (pixels: Pixels, law: ItemLaw) => Promise<Buffer> | null;

/** How each variant of a picture is made; null where the picture is too small for it. */
export const PICTURE_RECIPES = {
  m1: (pixels, { jpegQuality }) => {
    if (Math.min(pixels.width, pixels.height) < CROP) return null;
    return encodeJpeg(centreCrop(pixels), jpegQuality);
  },
  m2: async (pixels, { jpegQuality }) => {
    const share = SHORT_SIDE / Math.min(pixels.width, pixels.height);
    return encodeJpeg(centreCrop(await scaleBy(pixels, share)), jpegQuality);
  },
  jpeg90: (pixels) => encodeJpeg(pixels, 90),
  jpeg75: (pixels) => encodeJpeg(pixels, 75),
  jpeg50: (pixels) => encodeJpeg(pixels, 50),
  'resize-0.5': async (pixels) => encodeJpeg(await scaleBy(pixels, 0.5), QUALITY),
  'resize-0.75': async (pixels) => encodeJpeg(await scaleBy(pixels, 0.75), QUALITY),
  'resize-1.5': async (pixels) => encodeJpeg(await scaleBy(pixels, 1.5), QUALITY),
  crop: (pixels, law) => {
    const width = Math.max(1, Math.round(pixels.width * KEPT));
    const height = Math.max(1, Math.round(pixels.height * KEPT));
    const left = Math.floor(law.left * (pixels.width - width + 1));
    const top = Math.floor(law.top * (pixels.height - height + 1));
    return encodeJpeg(cutOut(pixels, left, top, width, height), QUALITY);
  },
  screenshot: async (pixels) => {
    const share = Math.min(SCREEN.width / pixels.width, SCREEN.height / pixels.height);
    return encodePng(await scaleBy(pixels, share));
  },
  resave: (pixels) => encodePng(pixels),
  blur: async (pixels) => encodeJpeg(await blur(pixels, 1), QUALITY),
} as const satisfies Readonly<Record<string, Recipe>>;

function scaleBy(pixels: Pixels, share: number): Promise<Pixels> {
  const side = (length: number): number => Math.max(1, Math.round(length * share));
  return scale(pixels, side(pixels.width), side(pixels.height));
}

function centreCrop(pixels: Pixels): Pixels {
  const left = Math.floor((pixels.width - CROP) / 2);
  const top = Math.floor((pixels.height - CROP) / 2);
  return cutOut(pixels, left, top, CROP, CROP);
}
