import { fileTypeFromBuffer } from 'file-type';

import { findPolyglot, type Polyglot } from './polyglot.js';
import {
  probeC2paStore,
  probeMarkedText,
  probeOffice,
  probePdf,
  probeProgram,
  probeText,
  probeTiff,
  type ActiveContent,
} from './probes.js';

/** The coarse kind of a file, which decides who looks at it. */
export type MediaFamily = 'image' | 'audio' | 'video' | 'document' | 'archive' | 'text' | 'other';

export interface SniffedType {
  /** By content; `application/octet-stream` when nothing matches. */
  readonly mediaType: string;
  readonly family: MediaFamily;
  /** Set where the content can run. */
  readonly active: ActiveContent | null;
  /** A second type that other readers would see in the same bytes. */
  readonly polyglot: Polyglot | null;
}

/** Bytes at each end of a file that sniffing may look at. */
export const SNIFF_WINDOW = 256 * 1024;

/** Names that `file-type` gives and that others, Salesforce among them, spell differently. */
const CANONICAL: Readonly<Record<string, string>> = {
  'image/apng': 'image/png',
  'audio/vnd.wave': 'audio/wav',
  'audio/x-m4a': 'audio/mp4',
  'video/x-m4v': 'video/mp4',
  'video/vnd.avi': 'video/x-msvideo',
  'application/x-msdownload': 'application/vnd.microsoft.portable-executable',
};

/** Types that `file-type` gives too readily: the probes look closer. */
const LEFT_TO_PROBES = new Set([
  'application/xml',
  'application/vnd.microsoft.portable-executable',
]);

const ACTIVE_TYPES: Readonly<Record<string, ActiveContent>> = {
  'application/x-elf': 'program',
  'application/x-mach-binary': 'program',
  'application/java-vm': 'program',
  'application/wasm': 'program',
  'application/vnd.android.package-archive': 'program',
  'application/java-archive': 'program',
  'application/x-ms-shortcut': 'program',
};

/**
 * Says what bytes are, from the bytes alone. Programs are looked for first, so that nothing can hide one behind a second signature; text-like
 * formats last, since almost anything can contain text.
 *
 * @param head the first bytes, at most {@link SNIFF_WINDOW}
 * @param tail the last bytes where the file is longer than the head, else empty
 */
export async function sniff(head: Buffer, tail: Buffer = Buffer.alloc(0)): Promise<SniffedType> {
  const probed = probeProgram(head) ?? probeC2paStore(head) ?? probeMarkedText(head);
  if (probed) return sniffed(probed.mediaType, probed.active, null);

  const named = await byFileType(head);
  const guess =
    named && !LEFT_TO_PROBES.has(named)
      ? { mediaType: named, active: ACTIVE_TYPES[named] ?? null }
      : null;
  const office = named === 'application/zip' ? probeOffice(tail) : null;
  const found = office ?? guess ?? probeTiff(head) ?? probePdf(head) ?? probeText(head);
  if (!found) return sniffed('application/octet-stream', null, null);
  return sniffed(found.mediaType, found.active, findPolyglot(found.mediaType, head, tail));
}

/** `file-type` throws on some truncated containers; the type is then simply not known to it. */
async function byFileType(head: Buffer): Promise<string | null> {
  try {
    const type = await fileTypeFromBuffer(head);
    const bare = type?.mime.split(';')[0]?.trim();
    return bare ? (CANONICAL[bare] ?? bare) : null;
  } catch {
    return null;
  }
}

function sniffed(
  mediaType: string,
  active: ActiveContent | null,
  polyglot: Polyglot | null,
): SniffedType {
  return { mediaType, family: familyOf(mediaType), active, polyglot };
}

const DOCUMENTS =
  /^application\/(?:pdf|rtf|msword|vnd\.ms-|vnd\.openxmlformats-|vnd\.oasis\.|x-cfb|postscript|epub)/;
const ARCHIVES = /^application\/(?:zip|gzip|x-(?:7z|rar|tar|bzip2|xz|lzip|zstd)|vnd\.rar|zstd)/;

export function familyOf(mediaType: string): MediaFamily {
  const [kind] = mediaType.split('/');
  if (kind === 'image' || kind === 'audio' || kind === 'video' || kind === 'text') return kind;
  if (mediaType === 'application/ogg') return 'audio';
  if (mediaType === 'application/mp4') return 'video';
  if (DOCUMENTS.test(mediaType)) return 'document';
  if (ARCHIVES.test(mediaType)) return 'archive';
  return 'other';
}
