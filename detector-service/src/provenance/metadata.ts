import ExifReader from 'exifreader';

import { shortSourceType } from './digital-source-type.js';
import { readPngTexts } from './png-text.js';

/** What metadata outside Content Credentials says. All of it is claim, none of it proof: anyone can write or strip it. */
export interface MediaMetadata {
  readonly camera: string | null;
  /** ISO 8601; without a zone where the media names none. */
  readonly capturedAt: string | null;
  readonly digitalSourceType: string | null;
  /** XMP says that Content Credentials lie in this file. */
  readonly namesOwnStore: boolean;
  /** Texts in which generators leave marks, by where they were found. */
  readonly texts: ReadonlyMap<string, string>;
}

type Tags = Readonly<Record<string, unknown>>;

const NO_METADATA: MediaMetadata = Object.freeze({
  camera: null,
  capturedAt: null,
  digitalSourceType: null,
  namesOwnStore: false,
  texts: new Map<string, string>(),
});

/** Never throws: metadata that cannot be read is metadata that says nothing. */
export function readMetadata(bytes: Buffer, mediaType: string): MediaMetadata {
  if (!mediaType.startsWith('image/') || mediaType === 'image/svg+xml') return NO_METADATA;
  const pngTexts = readPngTexts(bytes);
  const { exif, xmp, iptc } = readTags(bytes);
  const packet = pngTexts.get('XML:com.adobe.xmp') ?? textOf(xmp['_raw']);
  const texts = new Map<string, string>();
  const keep = (place: string, value: string): void => {
    if (value.trim() !== '') texts.set(place, value);
  };
  for (const [key, value] of pngTexts) {
    if (key !== 'XML:com.adobe.xmp') keep(`png:${key}`, value);
  }
  keep('exif:UserComment', userComment(exif['UserComment']));
  for (const name of [
    'ImageDescription',
    'Software',
    'Artist',
    'Make',
    'Model',
    'XPComment',
    'XPTitle',
  ]) {
    keep(`exif:${name}`, description(exif[name]));
  }
  keep('xmp', packet);
  for (const name of ['Credit', 'Caption/Abstract', 'By-line', 'Originating Program', 'Source']) {
    keep(`iptc:${name}`, description(iptc[name]));
  }
  return {
    camera: cameraOf(exif),
    capturedAt: capturedAtOf(exif),
    digitalSourceType:
      sourceTypeIn(packet) ?? shortSourceType(description(iptc['Digital Source Type'])),
    namesOwnStore: OWN_STORE.test(packet),
    texts,
  };
}

/** How XMP points to a store in the same file, by the C2PA specification. */
const OWN_STORE = /provenance\s*(?:=\s*["']|>\s*)self#jumbf/i;

function readTags(bytes: Buffer): { exif: Tags; xmp: Tags; iptc: Tags } {
  try {
    const { exif, xmp, iptc } = ExifReader.load(bytes, { expanded: true });
    return { exif: { ...exif }, xmp: { ...xmp }, iptc: { ...iptc } };
  } catch {
    return { exif: {}, xmp: {}, iptc: {} };
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function fieldOf(tag: unknown, field: 'description' | 'value'): unknown {
  return tag !== null && typeof tag === 'object'
    ? Object.entries(tag).find(([key]) => key === field)?.[1]
    : undefined;
}

function description(tag: unknown): string {
  return textOf(fieldOf(tag, 'description')).trim();
}

const CHARSET_BYTES = 8;

/** EXIF UserComment: eight bytes name the charset. Writers disagree on the byte order of UNICODE, so the readable one wins. */
function userComment(tag: unknown): string {
  const value = fieldOf(tag, 'value');
  if (!Array.isArray(value)) return description(tag);
  const bytes = Buffer.from(value.filter((byte) => typeof byte === 'number'));
  const charset = bytes.toString('latin1', 0, CHARSET_BYTES);
  const body = bytes.subarray(CHARSET_BYTES);
  if (charset.startsWith('UNICODE')) {
    const even = body.subarray(0, body.length - (body.length % 2));
    const little = even.toString('utf16le');
    const big = Buffer.from(even).swap16().toString('utf16le');
    return asciiShare(big) > asciiShare(little) ? big : little;
  }
  return (/^(?:ASCII|JIS|\0)/.test(charset) ? body : bytes).toString('utf8').replace(/\0+$/, '');
}

function asciiShare(text: string): number {
  const sample = text.slice(0, 400);
  return sample === '' ? 0 : (sample.match(/[\x20-\x7e]/g)?.length ?? 0) / sample.length;
}

const MAX_CAMERA_LENGTH = 100;

/** Make and model as one line of printable text: the tags are free text, and what attackers write there ends up on screens. */
function cameraOf(exif: Tags): string | null {
  const [make, model] = ['Make', 'Model'].map((name) =>
    description(exif[name])
      .replace(/[^\p{L}\p{N} .,()/+_-]+/gu, ' ')
      .trim()
      .slice(0, MAX_CAMERA_LENGTH),
  ) as [string, string];
  if (!model) return make || null;
  return model.toLowerCase().startsWith(make.toLowerCase()) ? model : `${make} ${model}`.trim();
}

const EXIF_TIME = /^(\d{4}):(\d{2}):(\d{2}) (\d{2}:\d{2}:\d{2})/;

function capturedAtOf(exif: Tags): string | null {
  const match = EXIF_TIME.exec(description(exif['DateTimeOriginal']));
  if (!match) return null;
  const [, year, month, day, time] = match;
  const offset = /^[+-]\d{2}:\d{2}$/.exec(description(exif['OffsetTimeOriginal']))?.[0] ?? '';
  const text = `${year}-${month}-${day}T${time}${offset}`;
  return Number.isNaN(Date.parse(text)) ? null : text;
}

/** As attribute, as element, or as rdf:resource of an element. */
const XMP_SOURCE_TYPE =
  /DigitalSourceType(?:\s*=\s*["']([^"']{1,200})["']|[^>]{0,200}?rdf:resource\s*=\s*["']([^"']{1,200})["']|[^>]{0,200}>\s*([^<]{1,200})<)/i;

function sourceTypeIn(xmp: string): string | null {
  const match = XMP_SOURCE_TYPE.exec(xmp);
  return match ? shortSourceType(match[1] ?? match[2] ?? match[3]) : null;
}
