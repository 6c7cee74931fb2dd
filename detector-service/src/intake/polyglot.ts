/** A second reading of the same bytes. */
export interface Polyglot {
  readonly mediaType: string;
  /** Byte offset within the head, or null where the sign stands at the end of the file. */
  readonly offset: number | null;
}

/**
 * Looks for a second type in bytes that already have one: an archive behind a picture (GIFAR, JPEG+ZIP), a PDF header inside the reader's window, a
 * page or script that a browser or interpreter would run. Formats that are archives by nature are not flagged for being archives.
 */
export function findPolyglot(mediaType: string, head: Buffer, tail: Buffer): Polyglot | null {
  if (isPlainText(mediaType)) return null;
  return (
    embeddedPdf(mediaType, head) ??
    appendedArchive(mediaType, head, tail) ??
    embeddedScript(mediaType, head, tail)
  );
}

function isPlainText(mediaType: string): boolean {
  return mediaType.startsWith('text/') || /(?:xml|rtf|php|bat)$/.test(mediaType);
}

function embeddedPdf(mediaType: string, head: Buffer): Polyglot | null {
  if (mediaType === 'application/pdf') return null;
  const offset = head.subarray(0, 1024).indexOf('%PDF-1');
  return offset < 0 ? null : { mediaType: 'application/pdf', offset };
}

const ZIP_END = Buffer.from([0x50, 0x4b, 0x05, 0x06]);
const ZIP_END_FIXED_BYTES = 22;
const MEDIA = /^(?:image|audio|video)\/|^application\/pdf$/;

/** A zip reader starts at the end: an end record whose comment reaches exactly to the last byte makes the file an archive as well. */
function appendedArchive(mediaType: string, head: Buffer, tail: Buffer): Polyglot | null {
  if (!MEDIA.test(mediaType)) return null;
  const end = tail.length > 0 ? tail : head;
  const at = end.lastIndexOf(ZIP_END);
  if (at < 0 || at + ZIP_END_FIXED_BYTES > end.length) return null;
  const entries = end.readUInt16LE(at + 10);
  const comment = end.readUInt16LE(at + 20);
  return entries > 0 && at + ZIP_END_FIXED_BYTES + comment === end.length
    ? { mediaType: 'application/zip', offset: null }
    : null;
}

const SCRIPT = /<\?php\s|<script[\s>]|<html[\s>]/i;

/** Markup in the first bytes (where old browsers sniff) or after the end of the picture. XMP and SVG-in-font text between them is left alone. */
function embeddedScript(mediaType: string, head: Buffer, tail: Buffer): Polyglot | null {
  if (!mediaType.startsWith('image/') || mediaType === 'image/svg+xml') return null;
  const opening = head.subarray(0, 512).toString('latin1');
  const found = SCRIPT.exec(opening);
  if (found) return { mediaType: scriptType(found[0]), offset: found.index };
  const end = (tail.length > 0 ? tail : head).subarray(-2048);
  const closing = SCRIPT.exec(end.toString('latin1'));
  return closing ? { mediaType: scriptType(closing[0]), offset: null } : null;
}

function scriptType(sign: string): string {
  return sign.startsWith('<?') ? 'application/x-httpd-php' : 'text/html';
}
