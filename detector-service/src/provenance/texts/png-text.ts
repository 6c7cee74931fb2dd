import { inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Bound on one text after inflation: generator graphs reach some hundred kilobytes. */
const MAX_TEXT_BYTES = 4_000_000;
const MAX_TEXTS = 200;

/**
 * The text chunks of a PNG by keyword: tEXt (Latin-1), zTXt (deflated Latin-1), iTXt (UTF-8, perhaps deflated). Generators write their settings
 * here, in places and sizes that general metadata readers skip. Damaged chunks are left out; checksums are not checked, since writers get them wrong.
 */
export function readPngTexts(bytes: Buffer): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) return texts;
  for (let at = 8; at + 12 <= bytes.length && texts.size < MAX_TEXTS;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const end = at + 8 + length;
    if (end > bytes.length || type === 'IEND') break;
    const text = readText(type, bytes.subarray(at + 8, end));
    if (text && !texts.has(text[0])) texts.set(...text);
    at = end + 4;
  }
  return texts;
}

function readText(type: string, data: Buffer): [string, string] | null {
  if (type !== 'tEXt' && type !== 'zTXt' && type !== 'iTXt') return null;
  const keyEnd = data.indexOf(0);
  if (keyEnd < 1 || keyEnd > 79) return null;
  const key = data.toString('latin1', 0, keyEnd);
  const rest = data.subarray(keyEnd + 1);
  try {
    if (type === 'tEXt') return [key, decodeLoose(rest)];
    if (type === 'zTXt') return [key, decodeLoose(inflate(rest.subarray(1)))];
    const languageEnd = rest.indexOf(0, 2);
    const translatedEnd = rest.indexOf(0, languageEnd + 1);
    if (languageEnd < 0 || translatedEnd < 0) return null;
    const body = rest.subarray(translatedEnd + 1);
    return [key, (rest[0] === 1 ? inflate(body) : body).toString('utf8')];
  } catch {
    return null;
  }
}

function inflate(data: Buffer): Buffer {
  return inflateSync(data, { maxOutputLength: MAX_TEXT_BYTES });
}

/** tEXt is Latin-1 by the standard and UTF-8 in practice; UTF-8 wins where the bytes are valid UTF-8. */
function decodeLoose(data: Buffer): string {
  const limited = data.subarray(0, MAX_TEXT_BYTES);
  const text = limited.toString('utf8');
  return text.includes('\uFFFD') ? limited.toString('latin1') : text;
}
