import { decodeLoose } from './collect.js';

const MAX_FRAMES = 200;
const MAX_FRAME_BYTES = 1_000_000;

/**
 * The text, comment and user-defined frames of an ID3v2 tag at the start of `bytes`, by frame name: `TSSE`, `COMM`, `TXXX:prompt`.
 * (https://id3.org/id3v2.4.0-structure; frame names of version 2.2 have three characters.)
 */
export function id3Texts(bytes: Buffer): [string, string][] {
  if (bytes.length < 20 || bytes.toString('latin1', 0, 3) !== 'ID3') return [];
  const version = bytes[3] ?? 0;
  const nameBytes = version === 2 ? 3 : 4;
  const headBytes = version === 2 ? 6 : 10;
  const end = Math.min(bytes.length, 10 + syncSafe(bytes, 6));
  const hasExtendedHeader = version > 2 && ((bytes[5] ?? 0) & 0x40) !== 0;
  const start = hasExtendedHeader ? 10 + extendedHeaderBytes(bytes, version) : 10;
  const texts: [string, string][] = [];
  for (let at = start, frames = 0; at + headBytes <= end && frames < MAX_FRAMES; frames += 1) {
    const name = bytes.toString('latin1', at, at + nameBytes);
    if (!/^[A-Z0-9]{3,4}$/.test(name)) break;
    const size =
      version === 2
        ? bytes.readUIntBE(at + 3, 3)
        : version === 3
          ? bytes.readUInt32BE(at + 4)
          : syncSafe(bytes, at + 4);
    const from = at + headBytes;
    at = from + size;
    if (at > end) break;
    if (size > 1 && size <= MAX_FRAME_BYTES)
      texts.push(...frameTexts(name, bytes.subarray(from, at)));
  }
  return texts;
}

/** Seven bits a byte, so that no size looks like the start of an audio frame. */
function syncSafe(bytes: Buffer, at: number): number {
  return [0, 1, 2, 3].reduce((size, i) => size * 128 + ((bytes[at + i] ?? 0) & 0x7f), 0);
}

function extendedHeaderBytes(bytes: Buffer, version: number): number {
  return version === 3 ? 4 + bytes.readUInt32BE(10) : syncSafe(bytes, 10);
}

function frameTexts(name: string, frame: Buffer): [string, string][] {
  const encoding = frame[0] ?? 0;
  if (name === 'TXXX' || name === 'TXX') {
    const [key = '', value = ''] = strings(frame.subarray(1), encoding);
    return [[`TXXX:${key.slice(0, 60)}`, value]];
  }
  if (name.startsWith('T')) return [[name, strings(frame.subarray(1), encoding).join(' ')]];
  // Comments and lyrics: a language of three letters, a short description, the text.
  if (/^(?:COMM|COM|USLT|ULT)$/.test(name) && frame.length > 4) {
    const [, value = ''] = strings(frame.subarray(4), encoding);
    return [[name, value]];
  }
  return /^(?:WOAF|WOAS|WORS|WAF|WAS)$/.test(name) ? [[name, decodeLoose(frame)]] : [];
}

/** The parts of a frame between terminators: 0 is Latin-1, 1 UTF-16 with byte order mark, 2 UTF-16BE, 3 UTF-8. */
function strings(body: Buffer, encoding: number): string[] {
  if (encoding !== 1 && encoding !== 2) return decodeLoose(body).split('\0');
  const isBig = encoding === 2 || (body[0] === 0xfe && body[1] === 0xff);
  const even = Buffer.from(body.subarray(0, body.length - (body.length % 2)));
  const text = (isBig ? even.swap16() : even).toString('utf16le');
  return text.split('\0').map((part) => part.replace(/^\uFEFF/, ''));
}
