/**
 * Which media types the reader understands, under the name it knows them by. Camera raw formats are TIFF or BMFF files with a type of their own.
 */
const FORMATS: Readonly<Record<string, string>> = {
  'image/jpeg': 'image/jpeg',
  'image/png': 'image/png',
  'image/webp': 'image/webp',
  'image/avif': 'image/avif',
  'image/heic': 'image/heic',
  'image/heif': 'image/heif',
  'image/heic-sequence': 'image/heic',
  'image/heif-sequence': 'image/heif',
  'image/x-canon-cr3': 'image/heic',
  'image/tiff': 'image/tiff',
  'image/x-adobe-dng': 'image/x-adobe-dng',
  'image/x-sony-arw': 'image/x-sony-arw',
  'image/x-nikon-nef': 'image/x-nikon-nef',
  'image/gif': 'image/gif',
  'image/svg+xml': 'image/svg+xml',
  'image/jxl': 'image/jxl',
  'application/pdf': 'application/pdf',
  'application/mp4': 'video/mp4',
  'video/mp4': 'video/mp4',
  'video/3gpp': 'video/mp4',
  'video/3gpp2': 'video/mp4',
  'video/quicktime': 'video/quicktime',
  'video/x-msvideo': 'video/avi',
  'audio/mp4': 'audio/mp4',
  'audio/wav': 'audio/wav',
  'audio/mpeg': 'audio/mpeg',
  'audio/flac': 'audio/flac',
  'audio/x-flac': 'audio/flac',
};

/** Zip-based documents: the reader checks the hash of each part. */
const DOCUMENTS =
  /^application\/(?:epub\+zip|oxps|vnd\.(?:openxmlformats-officedocument|oasis\.opendocument)\..+|vnd\.ms-(?:word|excel|powerpoint)\..+\.macroenabled\.12)$/i;

/** The entry that holds the store of a zip-based document. */
const STORE_ENTRY = 'META-INF/content_credential.c2pa';

/** The reader's name for a media type, or null where it cannot read that type. */
export function c2paFormat(mediaType: string): string | null {
  return FORMATS[mediaType] ?? (DOCUMENTS.test(mediaType) ? mediaType : null);
}

/** What a store looks like in the containers that carry one: raw, and by the names of its place where it is encoded or cut up. */
const TRACES: readonly Buffer[] = [
  // A JUMBF superbox whose description box bears the C2PA type.
  Buffer.from('jumdc2pa\0\x11\0\x10\x80\0\0\xaa\x008\x9bq', 'latin1'),
  ...['c2pa:manifest', 'C2PA_GIF', 'C2PA_Manifest', STORE_ENTRY].map((name) =>
    Buffer.from(name, 'latin1'),
  ),
];

/** Whether bytes look as if they held a C2PA store, wherever it lies. */
export function hasTraceOfStore(bytes: Buffer): boolean {
  return TRACES.some((trace) => bytes.includes(trace));
}

/**
 * Whether a file of a type that the reader does not know holds a store: what is there should not be called absent. Only pictures, sound and video are asked,
 * since documents and archives may well contain signed pictures of their own.
 */
export function holdsUnreadableStore(bytes: Buffer, mediaType: string): boolean {
  return /^(?:image|audio|video)\//.test(mediaType) && hasTraceOfStore(bytes);
}
