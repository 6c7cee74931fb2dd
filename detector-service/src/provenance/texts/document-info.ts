const REACH = 2_000_000;

/**
 * Producer and Creator of a PDF's information dictionary, where they stand uncompressed as literal or hexadecimal strings. The last word counts: later revisions
 * follow earlier ones.
 */
export function pdfTexts(bytes: Buffer): [string, string][] {
  const text =
    bytes.length <= 2 * REACH
      ? bytes.toString('latin1')
      : bytes.toString('latin1', 0, REACH) + bytes.toString('latin1', bytes.length - REACH);
  const found = new Map<string, string>();
  for (const [, name = '', literal, hex] of text.matchAll(ENTRY)) {
    found.set(name, decode(literal === undefined ? fromHex(hex ?? '') : fromLiteral(literal)));
  }
  return [...found];
}

const ENTRY =
  /\/(Producer|Creator)\s*(?:\(((?:[^()\\]|\\[\s\S]){0,300})\)|<([0-9A-Fa-f\s]{0,1200})>)/g;

function fromLiteral(literal: string): Buffer {
  return Buffer.from(literal.replace(/\\([\s\S])/g, '$1'), 'latin1');
}

function fromHex(hex: string): Buffer {
  return Buffer.from(hex.replace(/\s/g, ''), 'hex');
}

/** UTF-16 with byte order mark, or PDFDocEncoding, which is Latin-1 for letters. */
function decode(bytes: Buffer): string {
  if (bytes[0] !== 0xfe || bytes[1] !== 0xff) return bytes.toString('latin1');
  const even = Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)));
  return even.swap16().toString('utf16le');
}

/** What stands in the `metadata` elements of an SVG: machine-written, unlike its title and description. */
export function svgMetadata(bytes: Buffer): string {
  const text = bytes.toString('utf8', 0, REACH);
  return [...text.matchAll(/<metadata\b[^>]*>([\s\S]{0,200000}?)<\/metadata>/gi)]
    .slice(0, 8)
    .map(([, content = '']) => content)
    .join('\n');
}
