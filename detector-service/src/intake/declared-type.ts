import { extname } from 'node:path';

/** Types by file extension, for the formats a CRM commonly receives. */
const BY_EXTENSION: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  jpe: 'image/jpeg',
  jfif: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  heic: 'image/heic',
  heif: 'image/heif',
  svg: 'image/svg+xml',
  jxl: 'image/jxl',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  m4a: 'audio/mp4',
  flac: 'audio/flac',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  aac: 'audio/aac',
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  mkv: 'video/matroska',
  avi: 'video/x-msvideo',
  pdf: 'application/pdf',
  rtf: 'application/rtf',
  txt: 'text/plain',
  csv: 'text/plain',
  zip: 'application/zip',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  html: 'text/html',
  htm: 'text/html',
  exe: 'application/vnd.microsoft.portable-executable',
};

/** Other spellings and near relatives of a type; both sides of a comparison pass through here. */
const ALIASES: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/x-png': 'image/png',
  'image/apng': 'image/png',
  'image/x-ms-bmp': 'image/bmp',
  'image/heif': 'image/heic',
  'image/heic-sequence': 'image/heic',
  'image/heif-sequence': 'image/heic',
  'image/x-adobe-dng': 'image/tiff',
  'audio/mp3': 'audio/mpeg',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/x-flac': 'audio/flac',
  'audio/x-m4a': 'audio/mp4',
  'audio/m4a': 'audio/mp4',
  'audio/opus': 'audio/ogg',
  'application/ogg': 'audio/ogg',
  'video/ogg': 'audio/ogg',
  'video/avi': 'video/x-msvideo',
  'video/vnd.avi': 'video/x-msvideo',
  'video/x-m4v': 'video/mp4',
  'application/mp4': 'video/mp4',
  'video/x-matroska': 'video/matroska',
  'application/x-pdf': 'application/pdf',
  'text/rtf': 'application/rtf',
  'text/csv': 'text/plain',
  'application/json': 'text/plain',
  'text/markdown': 'text/plain',
  'application/csv': 'text/plain',
  'application/x-zip-compressed': 'application/zip',
  'text/xml': 'application/xml',
  'application/x-msdownload': 'application/vnd.microsoft.portable-executable',
};

/** Types that say nothing, so nothing can contradict them. */
const UNSPECIFIC = new Set([
  'application/octet-stream',
  'binary/octet-stream',
  'application/unknown',
  '*/*',
  '',
]);

/** Containers whose audio-only and video files share a signature. */
const SAME_CONTAINER: readonly ReadonlySet<string>[] = [
  new Set(['audio/mp4', 'video/mp4', 'video/quicktime']),
  new Set(['audio/webm', 'video/webm', 'video/matroska', 'audio/x-matroska']),
];

export interface TypeClaim {
  readonly said: string;
  readonly by: 'declared type' | 'file name';
}

/**
 * What the sender claims and the bytes deny, or null where they agree or nothing is claimed. A claim of a more general type
 * (a zip for an Office file, XML or text for SVG) is no contradiction.
 */
export function contradictedClaim(
  mediaType: string,
  declaredType: string | undefined,
  fileName: string | undefined,
): TypeClaim | null {
  if (mediaType === 'application/octet-stream') return null;
  const declared = normalise(declaredType ?? '');
  if (!UNSPECIFIC.has(declared) && !agrees(mediaType, declared)) {
    return { said: declared, by: 'declared type' };
  }
  const named =
    BY_EXTENSION[
      extname(fileName ?? '')
        .slice(1)
        .toLowerCase()
    ];
  return named !== undefined && !agrees(mediaType, normalise(named))
    ? { said: named, by: 'file name' }
    : null;
}

function normalise(type: string): string {
  const bare = (type.split(';')[0] ?? '').trim().toLowerCase();
  return ALIASES[bare] ?? bare;
}

function agrees(mediaType: string, claim: string): boolean {
  const found = normalise(mediaType);
  if (found === claim || SAME_CONTAINER.some((set) => set.has(found) && set.has(claim)))
    return true;
  if (claim === 'application/zip') return /openxmlformats|opendocument|oasis/.test(found);
  if (claim === 'application/xml' || claim === 'text/plain') {
    return /^text\/|xml$|rtf$/.test(found) && found !== 'text/html';
  }
  if (claim.startsWith('application/vnd.openxmlformats')) return found === 'application/zip';
  if (claim === 'application/msword' || claim.startsWith('application/vnd.ms-'))
    return found === 'application/x-cfb';
  return false;
}
