import ExifReader from 'exifreader';

type Tags = Readonly<Record<string, unknown>>;

/** EXIF, XMP and IPTC tags as the library gives them. */
export interface RawTags {
  readonly exif: Tags;
  readonly iptc: Tags;
  readonly xmp: Tags;
  readonly thumbnail: Buffer | null;
}

/** Bytes of an embedded thumbnail that are worth decoding; cameras stay below 64 kB. */
const MAX_THUMBNAIL_BYTES = 2_000_000;

/** Never throws: metadata that cannot be read is metadata that says nothing. */
export function readTags(bytes: Buffer): RawTags {
  try {
    const { exif, iptc, xmp, Thumbnail } = ExifReader.load(bytes, { expanded: true });
    return { exif: { ...exif }, iptc: { ...iptc }, xmp: { ...xmp }, thumbnail: imageOf(Thumbnail) };
  } catch {
    return { exif: {}, iptc: {}, xmp: {}, thumbnail: null };
  }
}

function imageOf(thumbnail: unknown): Buffer | null {
  const image: unknown =
    thumbnail !== null && typeof thumbnail === 'object' && 'image' in thumbnail
      ? thumbnail.image
      : null;
  const bytes =
    image instanceof ArrayBuffer || image instanceof SharedArrayBuffer
      ? Buffer.from(image)
      : image instanceof Uint8Array
        ? Buffer.from(image)
        : null;
  return bytes && bytes.length > 0 && bytes.length <= MAX_THUMBNAIL_BYTES ? bytes : null;
}

/** What a tag says in words. */
export function description(tag: unknown): string {
  const text = fieldOf(tag, 'description');
  return typeof text === 'string' ? text.trim() : '';
}

function fieldOf(tag: unknown, field: 'description' | 'value'): unknown {
  return tag !== null && typeof tag === 'object'
    ? Object.entries(tag).find(([key]) => key === field)?.[1]
    : undefined;
}

const CHARSET_BYTES = 8;

/** EXIF UserComment: eight bytes name the charset. Writers disagree on the byte order of UNICODE, so the readable one wins. */
export function userComment(tag: unknown): string {
  const value = fieldOf(tag, 'value');
  if (!Array.isArray(value)) return description(tag);
  const bytes = Buffer.from(value.filter((byte) => typeof byte === 'number'));
  const charset = bytes.toString('latin1', 0, CHARSET_BYTES);
  const body = bytes.subarray(CHARSET_BYTES);
  if (charset.startsWith('UNICODE')) {
    const even = body.subarray(0, body.length - (body.length % 2));
    const little = even.toString('utf16le');
    const big = Buffer.from(even).swap16().toString('utf16le');
    // Some write UTF-8 after the word UNICODE.
    const narrow = body.toString('utf8');
    return [little, big, narrow].reduce((best, text) =>
      asciiShare(text) > asciiShare(best) ? text : best,
    );
  }
  return (/^(?:ASCII|JIS|\0)/.test(charset) ? body : bytes).toString('utf8').replace(/\0+$/, '');
}

function asciiShare(text: string): number {
  const sample = text.slice(0, 400);
  return sample === '' ? 0 : (sample.match(/[\x20-\x7e]/g)?.length ?? 0) / sample.length;
}

/** When the camera says what happened. ISO 8601; without a zone where the media names none. */
export interface ExifDates {
  readonly original: string | null;
  readonly digitised: string | null;
  readonly modified: string | null;
  /** By the satellites, in UTC. */
  readonly gps: string | null;
}

export function datesOf(exif: Tags): ExifDates {
  return {
    original: dateOf(exif, 'DateTimeOriginal', 'OffsetTimeOriginal'),
    digitised: dateOf(exif, 'DateTimeDigitized', 'OffsetTimeDigitized'),
    modified: dateOf(exif, 'DateTime', 'OffsetTime'),
    gps: gpsTime(exif),
  };
}

const EXIF_TIME = /^(\d{4}):(\d{2}):(\d{2}) (\d{2}:\d{2}:\d{2})/;

function dateOf(exif: Tags, name: string, offsetName: string): string | null {
  const match = EXIF_TIME.exec(description(exif[name]));
  if (!match) return null;
  const [, year, month, day, time] = match;
  const offset = /^[+-]\d{2}:\d{2}$/.exec(description(exif[offsetName]))?.[0] ?? '';
  const text = `${year}-${month}-${day}T${time}${offset}`;
  return Number.isNaN(Date.parse(text)) ? null : text;
}

function gpsTime(exif: Tags): string | null {
  const day = /^(\d{4}):(\d{2}):(\d{2})$/.exec(description(exif['GPSDateStamp']));
  const time = /^(\d{1,2}):(\d{1,2}):(\d{1,2})/.exec(description(exif['GPSTimeStamp']));
  if (!day || !time) return null;
  const [hour, minute, second] = time.slice(1).map((part) => part.padStart(2, '0'));
  const text = `${day[1]}-${day[2]}-${day[3]}T${hour}:${minute}:${second}Z`;
  return Number.isNaN(Date.parse(text)) ? null : text;
}
