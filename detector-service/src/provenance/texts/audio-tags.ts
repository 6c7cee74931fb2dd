import { decodeLoose } from './collect.js';
import { id3Texts } from './id3.js';

const MAX_COMMENTS = 200;
const MAX_COMMENT_BYTES = 1_000_000;

/** Vorbis comments (https://xiph.org/vorbis/doc/v-comment.html), by upper-case field name; `ENCODED-WITH` stands for the vendor. */
function vorbisComments(block: Buffer): [string, string][] {
  const texts: [string, string][] = [];
  let at = 0;
  const next = (): Buffer | null => {
    if (at + 4 > block.length) return null;
    const length = block.readUInt32LE(at);
    if (length > MAX_COMMENT_BYTES || at + 4 + length > block.length) return null;
    at += 4 + length;
    return block.subarray(at - length, at);
  };
  const vendor = next();
  if (!vendor || at + 4 > block.length) return [];
  texts.push(['ENCODED-WITH', decodeLoose(vendor)]);
  const count = Math.min(block.readUInt32LE(at), MAX_COMMENTS);
  at += 4;
  for (let i = 0; i < count; i += 1) {
    const comment = next();
    if (!comment) break;
    const [, name, value] = /^([^=]{1,60})=([\s\S]*)$/.exec(decodeLoose(comment)) ?? [];
    if (name && value) texts.push([name.toUpperCase(), value]);
  }
  return texts;
}

const VORBIS_COMMENT = 4;

/** The comments of a FLAC file: metadata blocks of one byte type, three bytes length. */
export function flacTexts(bytes: Buffer): [string, string][] {
  const start = bytes.toString('latin1', 0, 3) === 'ID3' ? bytes.indexOf('fLaC', 0, 'latin1') : 0;
  if (start < 0 || bytes.toString('latin1', start, start + 4) !== 'fLaC') return [];
  for (let at = start + 4; at + 4 <= bytes.length;) {
    const head = bytes[at] ?? 0;
    const end = at + 4 + bytes.readUIntBE(at + 1, 3);
    if ((head & 0x7f) === VORBIS_COMMENT) return vorbisComments(bytes.subarray(at + 4, end));
    if (head & 0x80) break;
    at = end;
  }
  return [];
}

/** Comments stand in the second packet of an Ogg stream, on one of its first pages. */
const OGG_REACH = 262_144;

export function oggTexts(bytes: Buffer): [string, string][] {
  const head = withoutPageHeaders(bytes.subarray(0, OGG_REACH));
  for (const marker of ['\x03vorbis', 'OpusTags']) {
    const at = head.indexOf(marker, 0, 'latin1');
    if (at >= 0) return vorbisComments(head.subarray(at + marker.length));
  }
  return [];
}

/** The packets of the first pages, joined: a long comment is cut up by page headers. */
function withoutPageHeaders(bytes: Buffer): Buffer {
  const contents: Buffer[] = [];
  for (let at = 0; at + 27 <= bytes.length && bytes.toString('latin1', at, at + 4) === 'OggS';) {
    const segments = bytes[at + 26] ?? 0;
    const start = at + 27 + segments;
    const size = bytes.subarray(at + 27, start).reduce((sum, length) => sum + length, 0);
    contents.push(bytes.subarray(start, start + size));
    at = start + size;
  }
  return Buffer.concat(contents);
}

const MAX_CHUNKS = 2_000;

/** The INFO list, the `bext` description and an `id3 ` chunk of a WAV or AVI file. */
export function riffTexts(bytes: Buffer): [string, string][] {
  const texts: [string, string][] = [];
  for (const { id, content } of riffChunks(bytes.subarray(12))) {
    if (id === 'LIST' && content.toString('latin1', 0, 4) === 'INFO') {
      for (const entry of riffChunks(content.subarray(4))) {
        if (entry.content.length <= MAX_COMMENT_BYTES) {
          texts.push([entry.id, decodeLoose(entry.content)]);
        }
      }
    }
    if (id === 'bext') {
      texts.push(['bext:Description', decodeLoose(content.subarray(0, 256))]);
      texts.push(['bext:Originator', decodeLoose(content.subarray(256, 288))]);
    }
    if (/^id3 $/i.test(id)) {
      texts.push(
        ...id3Texts(content).map(([name, value]): [string, string] => [`id3:${name}`, value]),
      );
    }
  }
  return texts;
}

function riffChunks(bytes: Buffer): { id: string; content: Buffer }[] {
  const found: { id: string; content: Buffer }[] = [];
  for (let at = 0; at + 8 <= bytes.length && found.length < MAX_CHUNKS;) {
    const size = bytes.readUInt32LE(at + 4);
    found.push({
      id: bytes.toString('latin1', at, at + 4),
      content: bytes.subarray(at + 8, at + 8 + size),
    });
    at += 8 + size + (size % 2);
  }
  return found;
}
