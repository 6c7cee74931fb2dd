import { inflateRawSync, inflateSync, constants } from 'node:zlib';

import { PDF_LIMITS } from './limits.js';
import {
  dictOf,
  isArray,
  nameOf,
  numberOf,
  type PdfDict,
  type PdfStream,
  type PdfValue,
} from './values.js';

/** Filters whose output is a picture; they are left to the picture decoders. */
export const IMAGE_FILTERS = new Set([
  'DCTDecode',
  'DCT',
  'JPXDecode',
  'JBIG2Decode',
  'CCITTFaxDecode',
  'CCF',
]);

export interface Decoded {
  readonly data: Buffer;
  /** The picture filter that is still on the data; null where none is. */
  readonly imageFilter: string | null;
}

/** Decoded bytes that one reading may still produce. */
export class Budget {
  constructor(private left: number = PDF_LIMITS.allStreamBytes) {}

  /** @returns how many bytes one stream may have, 0 where the budget is used up */
  get forOne(): number {
    return Math.min(this.left, PDF_LIMITS.streamBytes);
  }

  spend(bytes: number): void {
    this.left = Math.max(0, this.left - bytes);
  }
}

/**
 * Undoes the filters of a stream (ISO 32000-2, 7.4), up to a picture filter.
 *
 * @param resolve follows references
 * @returns null where a filter is unknown, the data is damaged from its first byte, or the budget is used up
 */
export function decodeStream(
  stream: PdfStream,
  resolve: (value: PdfValue | undefined) => PdfValue,
  budget: Budget,
): Decoded | null {
  const filters = listOf(resolve(stream.dict.get('Filter') ?? stream.dict.get('F')), resolve);
  const parameters = listOf(
    resolve(stream.dict.get('DecodeParms') ?? stream.dict.get('DP')),
    resolve,
  );
  if (filters.length > PDF_LIMITS.filters) return null;
  let data: Buffer | null = stream.raw;
  for (const [index, filter] of filters.entries()) {
    const name = nameOf(filter) ?? '';
    if (IMAGE_FILTERS.has(name)) return { data, imageFilter: name };
    data = unfilter(name, data, budget.forOne);
    if (!data) return null;
    budget.spend(data.length);
    const parameter = dictOf(parameters[index]);
    if (parameter && /^(?:Fl|LZW)/.test(name)) data = unpredict(data, parameter, resolve);
  }
  return { data, imageFilter: null };
}

function listOf(
  value: PdfValue,
  resolve: (value: PdfValue | undefined) => PdfValue,
): readonly PdfValue[] {
  if (value === null) return [];
  return isArray(value) ? value.map(resolve) : [value];
}

function unfilter(name: string, data: Buffer, most: number): Buffer | null {
  switch (name) {
    case 'FlateDecode':
    case 'Fl':
      return inflate(data, most);
    case 'ASCIIHexDecode':
    case 'AHx':
      return Buffer.from(
        data
          .toString('latin1')
          .split('>')[0]
          ?.replace(/[^0-9a-fA-F]/g, '') ?? '',
        'hex',
      );
    case 'ASCII85Decode':
    case 'A85':
      return ascii85(data, most);
    case 'RunLengthDecode':
    case 'RL':
      return runLength(data, most);
    case 'LZWDecode':
    case 'LZW':
      return lzw(data, most);
    case 'Crypt':
      return data;
    default:
      return null;
  }
}

/** What a damaged stream yields before its damage is kept, as viewers do. */
function inflate(data: Buffer, most: number): Buffer | null {
  if (most === 0) return null;
  const options = { maxOutputLength: most, finishFlush: constants.Z_SYNC_FLUSH };
  for (const attempt of [inflateSync, inflateRawSync]) {
    try {
      return attempt(attempt === inflateSync ? data : data.subarray(2), options);
    } catch {
      // The second attempt leaves out the header and the checksum, which some writers get wrong.
    }
  }
  return null;
}

function ascii85(data: Buffer, most: number): Buffer | null {
  const out: number[] = [];
  let group: number[] = [];
  for (const byte of data) {
    if (byte === 0x7e) break;
    if (byte === 0x7a && group.length === 0) out.push(0, 0, 0, 0);
    else if (byte >= 0x21 && byte <= 0x75) group.push(byte - 0x21);
    if (group.length === 5) {
      pushGroup(out, group, 4);
      group = [];
    }
    if (out.length > most) return null;
  }
  if (group.length > 1) {
    const count = group.length - 1;
    while (group.length < 5) group.push(84);
    pushGroup(out, group, count);
  }
  return Buffer.from(out);
}

function pushGroup(out: number[], group: readonly number[], count: number): void {
  const value = group.reduce((sum, digit) => sum * 85 + digit, 0);
  for (let index = 0; index < count; index++) {
    out.push(Math.floor(value / 256 ** (3 - index)) % 256);
  }
}

function runLength(data: Buffer, most: number): Buffer | null {
  const parts: Buffer[] = [];
  let total = 0;
  for (let at = 0; at < data.length;) {
    const length = data[at++] ?? 128;
    if (length === 128) break;
    const part =
      length < 128 ? data.subarray(at, at + length + 1) : Buffer.alloc(257 - length, data[at] ?? 0);
    at += length < 128 ? length + 1 : 1;
    total += part.length;
    if (total > most) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const LZW_CLEAR = 256;
const LZW_END = 257;

/** Variable-width LZW with the early change that PDF has by default. */
function lzw(data: Buffer, most: number): Buffer | null {
  const parts: Buffer[] = [];
  let total = 0;
  let table: Buffer[] = [];
  let previous: Buffer | null = null;
  let bits = 0;
  let held = 0;
  for (const byte of data) {
    held = (held << 8) | byte;
    bits += 8;
    const width = Math.min(
      12,
      Math.max(9, 32 - Math.clz32(table.length + 258 + (previous ? 1 : 0))),
    );
    if (bits < width) continue;
    bits -= width;
    const code = held >>> bits;
    held &= (1 << bits) - 1;
    if (code === LZW_END) break;
    if (code === LZW_CLEAR) {
      table = [];
      previous = null;
      continue;
    }
    const entry: Buffer | null | undefined =
      code < 256
        ? Buffer.from([code])
        : (table[code - 258] ?? (previous && Buffer.concat([previous, previous.subarray(0, 1)])));
    if (!entry) break;
    if (previous && table.length < 4096 - 258) {
      table.push(Buffer.concat([previous, entry.subarray(0, 1)]));
    }
    total += entry.length;
    if (total > most) return null;
    parts.push(entry);
    previous = entry;
  }
  return Buffer.concat(parts);
}

/** Undoes PNG and TIFF prediction (ISO 32000-2, 7.4.4.4). */
function unpredict(
  data: Buffer,
  parameters: PdfDict,
  resolve: (value: PdfValue | undefined) => PdfValue,
): Buffer {
  const number = (key: string, otherwise: number) =>
    numberOf(resolve(parameters.get(key))) ?? otherwise;
  const predictor = number('Predictor', 1);
  if (predictor < 2) return data;
  const colours = number('Colors', 1);
  const bits = number('BitsPerComponent', 8);
  const perPixel = Math.max(1, Math.ceil((colours * bits) / 8));
  const perRow = Math.ceil((colours * bits * number('Columns', 1)) / 8);
  if (!(perRow > 0) || perRow > data.length + 1) return data;
  return predictor === 2 ? undoTiff(data, perRow, perPixel, bits) : undoPng(data, perRow, perPixel);
}

function undoTiff(data: Buffer, perRow: number, perPixel: number, bits: number): Buffer {
  if (bits !== 8) return data;
  const out = Buffer.from(data);
  for (let at = 0; at < out.length; at++) {
    if (at % perRow >= perPixel) out[at] = ((out[at] ?? 0) + (out[at - perPixel] ?? 0)) & 0xff;
  }
  return out;
}

function undoPng(data: Buffer, perRow: number, perPixel: number): Buffer {
  const rows = Math.ceil(data.length / (perRow + 1));
  const out = Buffer.alloc(rows * perRow);
  for (let row = 0; row < rows; row++) {
    const from = row * (perRow + 1);
    const to = row * perRow;
    const kind = data[from] ?? 0;
    for (let index = 0; index < perRow; index++) {
      const left = index >= perPixel ? (out[to + index - perPixel] ?? 0) : 0;
      const up = row > 0 ? (out[to + index - perRow] ?? 0) : 0;
      const corner = row > 0 && index >= perPixel ? (out[to + index - perRow - perPixel] ?? 0) : 0;
      out[to + index] = ((data[from + 1 + index] ?? 0) + predicted(kind, left, up, corner)) & 0xff;
    }
  }
  return out;
}

function predicted(kind: number, left: number, up: number, corner: number): number {
  if (kind === 1) return left;
  if (kind === 2) return up;
  if (kind === 3) return (left + up) >> 1;
  if (kind !== 4) return 0;
  const estimate = left + up - corner;
  const [toLeft, toUp, toCorner] = [left, up, corner].map((value) => Math.abs(estimate - value));
  if ((toLeft ?? 0) <= (toUp ?? 0) && (toLeft ?? 0) <= (toCorner ?? 0)) return left;
  return (toUp ?? 0) <= (toCorner ?? 0) ? up : corner;
}
