import { gunzipSync } from 'node:zlib';

import { MAX_TEXT_BYTES } from './texts/collect.js';

/** Decoded pixels with 3 (RGB) or 4 (RGBA) samples each, row by row. */
export interface Samples {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}

const MAGIC_BYTES = 15;
const LENGTH_BYTES = 4;

/**
 * Text hidden in the lowest bits of pixels, column by column: how NovelAI and some front ends keep their settings when a platform strips metadata. In the alpha
 * channel the text announces itself as `stealth_pnginfo` or, gzipped, `stealth_pngcomp`; in the colours as `stealth_rgbinfo` or `stealth_rgbcomp`. After the
 * name follow its length in bits, big-endian, and the text.
 *
 * @returns null where there is none, or it is damaged or longer than the picture can hold
 */
export function stealthText(samples: Samples): string | null {
  return (
    (samples.channels === 4 && hidden(samples, [3], 'stealth_png')) ||
    hidden(samples, [0, 1, 2], 'stealth_rgb') ||
    null
  );
}

function hidden(
  samples: Samples,
  planes: readonly number[],
  family: 'stealth_png' | 'stealth_rgb',
): string | null {
  const bits = new BitReader(samples, planes);
  const magic = bits.bytes(MAGIC_BYTES)?.toString('latin1');
  if (magic !== `${family}info` && magic !== `${family}comp`) return null;
  const length = (bits.bytes(LENGTH_BYTES)?.readUInt32BE(0) ?? 0) / 8;
  if (length === 0 || length > MAX_TEXT_BYTES || !Number.isInteger(length)) return null;
  const body = bits.bytes(length);
  if (!body) return null;
  try {
    const text = magic.endsWith('comp')
      ? gunzipSync(body, { maxOutputLength: MAX_TEXT_BYTES })
      : body;
    return text.toString('utf8');
  } catch {
    return null;
  }
}

/** The lowest bits of some channels, down each column and on to the next. */
class BitReader {
  private at = 0;

  constructor(
    private readonly samples: Samples,
    private readonly planes: readonly number[],
  ) {}

  /** The next bytes, highest bit first; null beyond the last pixel. */
  bytes(count: number): Buffer | null {
    const { width, height } = this.samples;
    if (this.at + count * 8 > width * height * this.planes.length) return null;
    const out = Buffer.alloc(count);
    for (let i = 0; i < count * 8; i += 1)
      out[i >> 3] = ((out[i >> 3] as number) << 1) | this.next();
    return out;
  }

  private next(): number {
    const { data, width, height, channels } = this.samples;
    const pixel = Math.floor(this.at / this.planes.length);
    const plane = this.planes[this.at % this.planes.length] as number;
    this.at += 1;
    const x = Math.floor(pixel / height);
    const y = pixel % height;
    return (data[(y * width + x) * channels + plane] as number) & 1;
  }
}
