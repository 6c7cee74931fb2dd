import { drawOwnSvg } from '../../intake/image.js';
import { OCR_B } from './ocr-b.js';

/** What a machine-readable zone is written in, in the order of all score lists. */
export const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<';

/** Size of a glyph's picture in pixels, and of the em in it. */
export const GLYPH = { width: 20, height: 28, em: 32 } as const;
/** Where the middle of a glyph's picture lies above the base line, in ems: half the height of letters, digits and fillers together. */
export const MIDDLE = 0.37;

/** Pictures of all glyphs at one sharpness, as unit vectors: one after the other, each `length` values. */
export interface GlyphSet {
  /** Of ink. */
  readonly ink: readonly Float32Array[];
  /** Of the direction of edges, two values a pixel. */
  readonly edges: readonly Float32Array[];
}

/** Gaussian blur of the sets in pixels of the glyph's picture: printed and scanned well, photographed, out of focus. */
const SHARPNESS = [0.8, 1.5, 2.4] as const;
const OVERSAMPLING = 4;

let sets: Promise<readonly GlyphSet[]> | null = null;

/** The glyphs at several degrees of sharpness; drawn once. */
export function glyphSets(): Promise<readonly GlyphSet[]> {
  sets ??= drawSets();
  return sets;
}

async function drawSets(): Promise<readonly GlyphSet[]> {
  const { width, height, em } = GLYPH;
  const cell = width * OVERSAMPLING;
  const scale = (em * OVERSAMPLING) / 1000;
  const base = (height / 2 + MIDDLE * em) * OVERSAMPLING;
  const paths = [...ALPHABET].map((letter, i) => {
    const x = i * cell + cell / 2 - 361.5 * scale;
    return `<path transform="translate(${x} ${base}) scale(${scale})" d="${OCR_B[letter] ?? ''}"/>`;
  });
  const sheet = await drawOwnSvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${ALPHABET.length * cell}" height="${height * OVERSAMPLING}"><rect width="100%" height="100%" fill="#fff"/>${paths.join('')}</svg>`,
  );
  const pictures = [...ALPHABET].map((_, i) => {
    const picture = new Float32Array(width * height);
    for (let y = 0; y < height * OVERSAMPLING; y += 1) {
      for (let x = 0; x < cell; x += 1) {
        const at = Math.floor(y / OVERSAMPLING) * width + Math.floor(x / OVERSAMPLING);
        const value = sheet.data[(y * sheet.width + i * cell + x) * 3] ?? 255;
        picture[at] = (picture[at] ?? 0) + value / OVERSAMPLING ** 2;
      }
    }
    return picture;
  });
  return SHARPNESS.map((sigma) => {
    const blurred = pictures.map((picture) => blur(picture, width, height, sigma));
    return {
      ink: blurred.map((picture) => unit(inverted(picture))),
      edges: blurred.map((picture) => unit(edgesOf(picture, width, height))),
    };
  });
}

function inverted(picture: Float32Array): Float32Array {
  return picture.map((value) => -value);
}

function blur(picture: Float32Array, width: number, height: number, sigma: number): Float32Array {
  const radius = Math.ceil(3 * sigma);
  const kernel = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((sum, value) => sum + value, 0);
  const pass = (from: Float32Array, stepX: number, stepY: number): Float32Array =>
    from.map((_, at) => {
      const x = at % width;
      const y = Math.floor(at / width);
      return kernel.reduce((sum, weight, i) => {
        const fromX = x + (i - radius) * stepX;
        const fromY = y + (i - radius) * stepY;
        const isInside = fromX >= 0 && fromX < width && fromY >= 0 && fromY < height;
        // Paper surrounds the glyph.
        return sum + (weight / total) * (isInside ? (from[fromY * width + fromX] as number) : 255);
      }, 0);
    });
  return pass(pass(picture, 1, 0), 0, 1);
}

/** Differences to both neighbours, damped so that strong and weak edges count alike. */
export function edgesOf(picture: Float32Array, width: number, height: number): Float32Array {
  const out = new Float32Array(picture.length * 2);
  let strongest = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      const dx = (picture[at + 1] as number) - (picture[at - 1] as number);
      const dy = (picture[at + width] as number) - (picture[at - width] as number);
      out[2 * at] = dx;
      out[2 * at + 1] = dy;
      strongest = Math.max(strongest, dx * dx + dy * dy);
    }
  }
  const damping = 0.25 * Math.sqrt(strongest) + 1e-6;
  for (let at = 0; at < out.length; at += 2) {
    const size = Math.hypot(out[at] as number, out[at + 1] as number) + damping;
    out[at] = (out[at] as number) / size;
    out[at + 1] = (out[at + 1] as number) / size;
  }
  return out;
}

/** Takes away the mean and scales to length 1, in place; zeros where nothing varies. */
export function unit(vector: Float32Array): Float32Array {
  let sum = 0;
  for (let i = 0; i < vector.length; i += 1) sum += vector[i] as number;
  const mean = sum / vector.length;
  let squares = 0;
  for (let i = 0; i < vector.length; i += 1) squares += ((vector[i] as number) - mean) ** 2;
  const factor = squares < 1e-12 ? 0 : 1 / Math.sqrt(squares);
  for (let i = 0; i < vector.length; i += 1) vector[i] = ((vector[i] as number) - mean) * factor;
  return vector;
}
