/**
 * Content probes for what `file-type` leaves open: active content, programs, and formats whose header may stand further in.
 * Each probe sees the head of a file only and answers without decoding anything.
 */

/** Content that runs or can run. Never media, whatever its name. */
export type ActiveContent = 'program' | 'script' | 'html' | 'svg_script';

export interface Probe {
  readonly mediaType: string;
  readonly active: ActiveContent | null;
}

/** The PDF reader rule: the header counts anywhere in the first 1024 bytes (ISO 32000-1, annex H, note 13). */
export const PDF_HEADER_WINDOW = 1024;

const PROGRAM_SIGNATURES: readonly { readonly bytes: readonly number[]; readonly type: string }[] =
  [
    { bytes: [0x7f, 0x45, 0x4c, 0x46], type: 'application/x-elf' },
    { bytes: [0xfe, 0xed, 0xfa, 0xce], type: 'application/x-mach-binary' },
    { bytes: [0xfe, 0xed, 0xfa, 0xcf], type: 'application/x-mach-binary' },
    { bytes: [0xce, 0xfa, 0xed, 0xfe], type: 'application/x-mach-binary' },
    { bytes: [0xcf, 0xfa, 0xed, 0xfe], type: 'application/x-mach-binary' },
    { bytes: [0xca, 0xfe, 0xba, 0xbe], type: 'application/java-vm' },
    { bytes: [0x4c, 0x00, 0x00, 0x00, 0x01, 0x14, 0x02, 0x00], type: 'application/x-ms-shortcut' },
    { bytes: [0x00, 0x61, 0x73, 0x6d], type: 'application/wasm' },
    { bytes: [0x64, 0x65, 0x78, 0x0a], type: 'application/vnd.android.dex' },
  ];

export function probeProgram(head: Buffer): Probe | null {
  for (const { bytes, type } of PROGRAM_SIGNATURES) {
    if (bytes.every((byte, at) => head[at] === byte)) return { mediaType: type, active: 'program' };
  }
  // "MZ" opens plain text too; a DOS header also needs its fixed length and some binary bytes.
  if (
    head.subarray(0, 2).toString('latin1') === 'MZ' &&
    (head.length < 64 || head.subarray(0, 64).includes(0))
  ) {
    return { mediaType: 'application/vnd.microsoft.portable-executable', active: 'program' };
  }
  return null;
}

const HTML_START =
  /^(?:<!--[\s\S]{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|script|iframe|meta|title|style|table|div|a|h1|p|br|font|img|b)[\s>/]/i;
const PHP_START = /^<\?(?:php\b|=)/i;
const SHEBANG = /^#!\s*\/[^\n]{1,200}/;
const BATCH_START = /^@echo\s+(?:off|on)\b/i;
const SVG_START =
  /^(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--[\s\S]{0,4000}?-->\s*)*(?:<!doctype\s+svg[\s\S]{0,4000}?>\s*)?(?:<!--[\s\S]{0,4000}?-->\s*)*<(?:\w+:)?svg[\s>/]/i;
const SVG_ACTIVE =
  /<(?:\w+:)?(?:script|foreignObject|iframe|embed|object|handler)[\s>/]|\son\w+\s*=|javascript:|<!ENTITY|xlink:href\s*=\s*["'](?!#|data:image\/)/i;

/** Markup, scripts and plain text. `head` should hold the whole file where it is small: SVG scripts may stand anywhere. */
export function probeText(head: Buffer): Probe | null {
  const text = decodeText(head);
  if (text === null) return null;
  const start = text.replace(/^[\s\uFEFF]+/, '');
  if (SVG_START.test(start)) {
    return { mediaType: 'image/svg+xml', active: SVG_ACTIVE.test(text) ? 'svg_script' : null };
  }
  if (PHP_START.test(start)) return { mediaType: 'application/x-httpd-php', active: 'script' };
  if (SHEBANG.test(start)) return { mediaType: 'text/x-shellscript', active: 'script' };
  if (BATCH_START.test(start)) return { mediaType: 'application/x-bat', active: 'script' };
  if (HTML_START.test(start)) return { mediaType: 'text/html', active: 'html' };
  if (/^<\?xml\s/i.test(start)) return { mediaType: 'application/xml', active: null };
  if (start.startsWith('{\\rtf')) return { mediaType: 'application/rtf', active: null };
  return { mediaType: 'text/plain', active: null };
}

/** Text behind a byte-order mark, which other formats' short signatures could be taken from. */
export function probeMarkedText(head: Buffer): Probe | null {
  const mark = head.subarray(0, 3).toString('hex');
  const isMarked = mark.startsWith('fffe') || mark.startsWith('feff') || mark === 'efbbbf';
  return isMarked && isReadable(decodeText(head)) ? probeText(head) : null;
}

export function probePdf(head: Buffer): Probe | null {
  const at = head.subarray(0, PDF_HEADER_WINDOW).indexOf('%PDF-');
  return at < 0 ? null : { mediaType: 'application/pdf', active: null };
}

/** Classic TIFF. `file-type` wants its directory of tags, which most writers put behind the pixels, beyond what is sniffed. */
export function probeTiff(head: Buffer): Probe | null {
  const opening = head.subarray(0, 4).toString('latin1');
  return opening === 'II*\0' || opening === 'MM\0*'
    ? { mediaType: 'image/tiff', active: null }
    : null;
}

const OFFICE_FOLDERS: Readonly<Record<string, string>> = {
  'word/': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'xl/': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'ppt/': 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
};
const ZIP_DIRECTORY_ENTRY = Buffer.from([0x50, 0x4b, 0x01, 0x02]);
const ZIP_DIRECTORY_ENTRY_FIXED_BYTES = 46;

/** An Office file by the directory at its end, where the parts that tell so do not stand in its first bytes. */
export function probeOffice(tail: Buffer): Probe | null {
  const names: string[] = [];
  for (
    let at = tail.indexOf(ZIP_DIRECTORY_ENTRY);
    at >= 0 && at + ZIP_DIRECTORY_ENTRY_FIXED_BYTES <= tail.length;
    at = tail.indexOf(ZIP_DIRECTORY_ENTRY, at + ZIP_DIRECTORY_ENTRY_FIXED_BYTES)
  ) {
    const start = at + ZIP_DIRECTORY_ENTRY_FIXED_BYTES;
    names.push(tail.toString('latin1', start, start + tail.readUInt16LE(at + 28)));
  }
  if (!names.includes('[Content_Types].xml')) return null;
  const folder = Object.keys(OFFICE_FOLDERS).find((start) =>
    names.some((name) => name.startsWith(start)),
  );
  const mediaType = folder && OFFICE_FOLDERS[folder];
  return mediaType ? { mediaType, active: null } : null;
}

/** A bare Content Credentials store: a JUMBF superbox at the very start. */
export function probeC2paStore(head: Buffer): Probe | null {
  return head.subarray(4, 8).toString('latin1') === 'jumb'
    ? { mediaType: 'application/c2pa', active: null }
    : null;
}

/** MPEG audio frames may begin with the bytes of a mark; what follows is then no text. */
function isReadable(text: string | null): boolean {
  const sample = (text ?? '').slice(1, 200);
  return sample !== '' && !/\p{Cc}|\p{Cs}|\ufffd/u.test(sample.replace(/\s/g, ''));
}

/** The text of a head that is text (UTF-8, or UTF-16 with a byte-order mark), or null. */
function decodeText(head: Buffer): string | null {
  if (head.length === 0) return null;
  if (head[0] === 0xff && head[1] === 0xfe) return head.toString('utf16le');
  if (head[0] === 0xfe && head[1] === 0xff) {
    const even = Buffer.from(head.subarray(0, head.length - (head.length % 2)));
    return even.swap16().toString('utf16le');
  }
  let controls = 0;
  for (const byte of head) {
    if (byte === 0) return null;
    if (byte < 0x09 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b)) controls += 1;
  }
  return controls * 50 > head.length ? null : head.toString('utf8');
}
