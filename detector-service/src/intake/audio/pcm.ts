/** How samples of uncompressed sound are stored, by mediabunny's codec names (`pcm-s16`, `pcm-s24be`, `ulaw`). */
interface PcmFormat {
  readonly bytes: number;
  readonly read: (view: DataView, at: number) => number;
}

const int24 = (view: DataView, at: number, isLittle: boolean): number => {
  const low = view.getUint8(isLittle ? at : at + 2);
  const middle = view.getUint8(at + 1);
  const high = view.getInt8(isLittle ? at + 2 : at);
  return high * 65_536 + middle * 256 + low;
};

const FORMATS: Readonly<Record<string, PcmFormat>> = {
  'pcm-u8': { bytes: 1, read: (view, at) => (view.getUint8(at) - 128) / 128 },
  'pcm-s8': { bytes: 1, read: (view, at) => view.getInt8(at) / 128 },
  'pcm-s16': { bytes: 2, read: (view, at) => view.getInt16(at, true) / 32_768 },
  'pcm-s16be': { bytes: 2, read: (view, at) => view.getInt16(at, false) / 32_768 },
  'pcm-s24': { bytes: 3, read: (view, at) => int24(view, at, true) / 8_388_608 },
  'pcm-s24be': { bytes: 3, read: (view, at) => int24(view, at, false) / 8_388_608 },
  'pcm-s32': { bytes: 4, read: (view, at) => view.getInt32(at, true) / 2_147_483_648 },
  'pcm-s32be': { bytes: 4, read: (view, at) => view.getInt32(at, false) / 2_147_483_648 },
  'pcm-f32': { bytes: 4, read: (view, at) => finite(view.getFloat32(at, true)) },
  'pcm-f32be': { bytes: 4, read: (view, at) => finite(view.getFloat32(at, false)) },
  'pcm-f64': { bytes: 8, read: (view, at) => finite(view.getFloat64(at, true)) },
  'pcm-f64be': { bytes: 8, read: (view, at) => finite(view.getFloat64(at, false)) },
  ulaw: { bytes: 1, read: (view, at) => muLaw(view.getUint8(at)) },
  alaw: { bytes: 1, read: (view, at) => aLaw(view.getUint8(at)) },
};

/** Floats may be anything, also infinite or no number at all. */
function finite(value: number): number {
  return Number.isFinite(value) ? Math.max(-8, Math.min(8, value)) : 0;
}

/** ITU-T G.711, µ-law. */
function muLaw(code: number): number {
  const inverted = ~code & 0xff;
  const magnitude = (((inverted & 0x0f) << 3) + 0x84) << ((inverted & 0x70) >> 4);
  return ((inverted & 0x80) === 0 ? magnitude - 0x84 : 0x84 - magnitude) / 32_768;
}

/** ITU-T G.711, A-law. */
function aLaw(code: number): number {
  const flipped = code ^ 0x55;
  const exponent = (flipped & 0x70) >> 4;
  const mantissa = (flipped & 0x0f) << 4;
  const magnitude = exponent === 0 ? mantissa + 8 : (mantissa + 0x108) << (exponent - 1);
  return ((flipped & 0x80) === 0 ? -magnitude : magnitude) / 32_768;
}

export function isPcm(codec: string): boolean {
  return Object.hasOwn(FORMATS, codec);
}

/**
 * Uncompressed samples as floats within -1..1, one array a channel. Bytes of an incomplete last sample are left out.
 *
 * @throws RangeError where the codec is not one of {@link isPcm}
 */
export function readPcm(data: Uint8Array, codec: string, channels: number): Float32Array[] {
  const format = FORMATS[codec];
  if (!format) {
    throw new RangeError(
      `Expected one of ${Object.keys(FORMATS).join(', ')} but received ${codec}; decode other codecs by their decoder.`,
    );
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const length = Math.floor(data.byteLength / (format.bytes * channels));
  return Array.from({ length: channels }, (_, channel) => {
    const samples = new Float32Array(length);
    for (
      let i = 0, at = channel * format.bytes;
      i < length;
      i += 1, at += format.bytes * channels
    ) {
      samples[i] = format.read(view, at);
    }
    return samples;
  });
}
