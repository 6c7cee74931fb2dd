import { shortSourceType } from './digital-source-type.js';
import { datesOf, description, readTags, userComment, type ExifDates } from './exif-facts.js';
import { printable } from './printable.js';
import { TextCollector, type Texts } from './texts/collect.js';
import { containerTexts } from './texts/container-texts.js';

/** What metadata outside Content Credentials says. All of it is claim, none of it proof: anyone can write or strip it. */
export interface MediaMetadata {
  readonly camera: string | null;
  /** ISO 8601; without a zone where the media names none. */
  readonly capturedAt: string | null;
  readonly digitalSourceType: string | null;
  /** XMP says that Content Credentials lie in this file. */
  readonly namesOwnStore: boolean;
  /** Texts in which generators and editors leave marks, by where they were found. */
  readonly texts: Texts;
  readonly dates: ExifDates;
  /** The small copy that cameras embed, still encoded. */
  readonly thumbnail: Buffer | null;
}

const EXIF_TEXTS = [
  'ImageDescription',
  'Software',
  'ProcessingSoftware',
  'HostComputer',
  'Artist',
  'Make',
  'Model',
  'XPComment',
  'XPTitle',
];
const IPTC_TEXTS = ['Credit', 'Caption/Abstract', 'By-line', 'Originating Program', 'Source'];

/** Never throws: metadata that cannot be read is metadata that says nothing. */
export function readMetadata(bytes: Buffer, mediaType: string): MediaMetadata {
  const collector = new TextCollector();
  collector.keepAll(containerTexts(bytes, mediaType));
  const { exif, iptc, xmp, thumbnail } = readTags(mediaType.startsWith('image/') ? bytes : EMPTY);
  collector.keep('exif:UserComment', userComment(exif['UserComment']));
  for (const name of EXIF_TEXTS) collector.keep(`exif:${name}`, description(exif[name]));
  for (const name of IPTC_TEXTS) collector.keep(`iptc:${name}`, description(iptc[name]));
  // Compressed XMP, as in JPEG XL, is found by the tag reader alone.
  collector.keep('xmp', typeof xmp['_raw'] === 'string' ? xmp['_raw'] : '');
  const { texts } = collector;
  const packet = texts.get('xmp') ?? '';
  const dates = datesOf(exif);
  return {
    camera: cameraOf(exif, texts),
    capturedAt: dates.original ?? movieDate(texts),
    digitalSourceType:
      sourceTypeIn(packet) ??
      sourceTypeIn(texts.get('svg:metadata') ?? '') ??
      shortSourceType(description(iptc['Digital Source Type'])),
    namesOwnStore: OWN_STORE.test(packet),
    texts,
    dates,
    thumbnail,
  };
}

const EMPTY = Buffer.alloc(0);
const MAX_CAMERA_LENGTH = 100;

/** Make and model as one line of printable text: the tags are free text, and what attackers write there ends up on screens. */
function cameraOf(exif: Readonly<Record<string, unknown>>, texts: Texts): string | null {
  const [make, model] = (['Make', 'Model'] as const).map((name) =>
    printable(
      (
        description(exif[name]) ||
        (texts.get(`mp4:com.apple.quicktime.${name.toLowerCase()}`) ?? '')
      ).replace(/[^\p{L}\p{N} .,()/+_-]+/gu, ' '),
      MAX_CAMERA_LENGTH,
    ),
  ) as [string, string];
  if (!model) return make || null;
  return model.toLowerCase().startsWith(make.toLowerCase()) ? model : `${make} ${model}`.trim();
}

/** Phones write when a movie was taken as ISO 8601. */
function movieDate(texts: Texts): string | null {
  const text = texts.get('mp4:com.apple.quicktime.creationdate') ?? texts.get('mp4:©day') ?? '';
  const iso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:?\d{2})?$/.exec(text.trim())?.[0];
  return iso && !Number.isNaN(Date.parse(iso)) ? iso : null;
}

/** How XMP points to a store in the same file, by the C2PA specification. */
const OWN_STORE = /provenance\s*(?:=\s*["']|>\s*)self#jumbf/i;

/** As attribute, as element, or as rdf:resource of an element. */
const XMP_SOURCE_TYPE =
  /\bDigitalSource_?Type(?:\s*=\s*["']([^"']{1,200})["']|[^>]{0,200}?rdf:resource\s*=\s*["']([^"']{1,200})["']|[^>]{0,200}>\s*([^<]{1,200})<)/i;

function sourceTypeIn(xmp: string): string | null {
  const match = XMP_SOURCE_TYPE.exec(xmp);
  return match ? shortSourceType(match[1] ?? match[2] ?? match[3]) : null;
}
