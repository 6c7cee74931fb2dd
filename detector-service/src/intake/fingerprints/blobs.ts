/** Finds the places that a picture shows again after it was cropped, resized, mirrored or compressed: blobs in scale space. */

/** Grey values 0..255, row by row. */
export interface GreyPicture {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** A blob: its centre and size in pixels of the picture. */
export interface Blob {
  readonly x: number;
  readonly y: number;
  /** Standard deviation of the Gaussian that fits it. */
  readonly sigma: number;
  readonly contrast: number;
}

const FIRST_SIGMA = 2;
const STEP = 2 ** (1 / 3);
const LEVELS = 9;
/** Difference of Gaussians in grey levels below which a blob is noise. */
const LEAST_CONTRAST = 2;

/**
 * Extrema of the difference of Gaussians over place and scale, refined to parts of a pixel (Lowe 2004, sections 3 and 4, without orientation: copies are
 * seldom turned by odd angles, and turned by right angles a blob stays a blob).
 *
 * @returns the strongest first
 */
export function findBlobs(picture: GreyPicture): readonly Blob[] {
  const { width, height } = picture;
  const smooth = [blurred(picture, FIRST_SIGMA)];
  for (let level = 1; level <= LEVELS; level += 1) {
    // Blurs add up by their squares, so each level needs only what it has more than the one before.
    const before = FIRST_SIGMA * STEP ** (level - 1);
    const values = smooth[level - 1] as Float32Array;
    smooth.push(blurred({ values, width, height }, before * Math.sqrt(STEP ** 2 - 1)));
  }
  const differences = smooth
    .slice(1)
    .map((above, level) => subtract(above, smooth[level] as Float32Array));
  const blobs: Blob[] = [];
  for (let level = 1; level < differences.length - 1; level += 1) {
    const layers = [level - 1, level, level + 1].map((i) => differences[i] as Float32Array);
    for (let y = 1; y < height - 1; y += 1) {
      for (let x = 1; x < width - 1; x += 1) {
        const at = y * width + x;
        const value = (layers[1] as Float32Array)[at] as number;
        if (Math.abs(value) < LEAST_CONTRAST || !isExtremum(layers, at, width, value)) continue;
        blobs.push(refine(layers, at, width, level, value));
      }
    }
  }
  return blobs.sort((left, right) => right.contrast - left.contrast);
}

function isExtremum(
  layers: readonly Float32Array[],
  at: number,
  width: number,
  value: number,
): boolean {
  const sign = Math.sign(value);
  for (const [i, layer] of layers.entries()) {
    for (let dy = -width; dy <= width; dy += width) {
      for (let dx = -1; dx <= 1; dx += 1) {
        if (i === 1 && dx === 0 && dy === 0) continue;
        if (sign * (layer[at + dy + dx] as number) >= sign * value) return false;
      }
    }
  }
  return true;
}

/** A parabola along each axis puts the extremum between the samples. */
function refine(
  layers: readonly Float32Array[],
  at: number,
  width: number,
  level: number,
  value: number,
): Blob {
  const [below, here, above] = layers as [Float32Array, Float32Array, Float32Array];
  const x = peak(here[at - 1] as number, value, here[at + 1] as number);
  const y = peak(here[at - width] as number, value, here[at + width] as number);
  const scale = peak(below[at] as number, value, above[at] as number);
  return {
    x: (at % width) + x,
    y: Math.floor(at / width) + y,
    sigma: FIRST_SIGMA * STEP ** (level + scale),
    contrast: Math.abs(value),
  };
}

function peak(before: number, here: number, after: number): number {
  const bend = before - 2 * here + after;
  if (bend === 0) return 0;
  return Math.max(-0.5, Math.min(0.5, (before - after) / (2 * bend)));
}

function subtract(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => value - (b[i] as number));
}

/** Gaussian blur, separable, edges repeated. */
function blurred({ values, width, height }: GreyPicture, sigma: number): Float32Array {
  const radius = Math.ceil(sigma * 2.5);
  const kernel = Float32Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  kernel.forEach((weight, i) => (kernel[i] = weight / total));
  const across = convolve(values, kernel, height, width, width, 1);
  return convolve(across, kernel, width, height, 1, width);
}

/** Convolves `lines` lines of `length` samples; neighbours in a line are `stride` apart. */
function convolve(
  values: Float32Array,
  kernel: Float32Array,
  lines: number,
  length: number,
  lineStride: number,
  stride: number,
): Float32Array {
  const radius = (kernel.length - 1) / 2;
  const result = new Float32Array(values.length);
  const padded = new Float32Array(length + 2 * radius);
  for (let line = 0; line < lines; line += 1) {
    const start = line * lineStride;
    for (let i = 0; i < padded.length; i += 1) {
      const from = Math.max(0, Math.min(length - 1, i - radius));
      padded[i] = values[start + from * stride] as number;
    }
    for (let i = 0; i < length; i += 1) {
      let sum = 0;
      for (let k = 0; k < kernel.length; k += 1) {
        sum += (padded[i + k] as number) * (kernel[k] as number);
      }
      result[start + i * stride] = sum;
    }
  }
  return result;
}
