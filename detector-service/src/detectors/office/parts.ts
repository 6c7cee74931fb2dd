import { unzipSync } from 'fflate';

/** Bounds on one document; what exceeds them is not unpacked at all. */
const MOST_FILE_BYTES = 64_000_000;
const MOST_PARTS = 10_000;
const MOST_TEXT_BYTES = 4_000_000;
const MOST_MEDIA_BYTES = 30_000_000;
const MOST_UNPACKED_BYTES = 120_000_000;

export interface OfficeParts {
  /** All parts by name, as the package lists them. */
  readonly names: readonly string[];
  /** Relationships and properties. */
  readonly texts: ReadonlyMap<string, string>;
  /** Pictures. */
  readonly media: ReadonlyMap<string, Buffer>;
}

const TEXT = /\.rels$|^docProps\/(?:app|core)\.xml$|^meta\.xml$/;
const MEDIA = /(?:^|\/)(?:media|Pictures)\/[^/]+$/;

/**
 * Unpacks what is examined of an Office or OpenDocument package, in memory only: names are never used as paths. fflate allots each part the size that the
 * directory states and no more, so a bomb cannot exceed what was checked.
 *
 * @returns null where the package is damaged or exceeds the limits
 */
export function openParts(bytes: Buffer): OfficeParts | null {
  if (bytes.length > MOST_FILE_BYTES) return null;
  const names: string[] = [];
  let unpacked = 0;
  try {
    const files = unzipSync(bytes, {
      filter({ name, originalSize }) {
        if (names.length >= MOST_PARTS) return false;
        names.push(name);
        const most = TEXT.test(name) ? MOST_TEXT_BYTES : MEDIA.test(name) ? MOST_MEDIA_BYTES : 0;
        if (originalSize > most || unpacked + originalSize > MOST_UNPACKED_BYTES) return false;
        unpacked += originalSize;
        return true;
      },
    });
    const texts = new Map<string, string>();
    const media = new Map<string, Buffer>();
    for (const [name, data] of Object.entries(files)) {
      const part = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      if (TEXT.test(name)) texts.set(name, part.toString('utf8'));
      else media.set(name, part);
    }
    return { names, texts, media };
  } catch {
    // fflate reports every kind of damage by throwing.
    return null;
  }
}
