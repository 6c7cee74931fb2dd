import { printable } from './printable.js';
import type { MediaMetadata } from './metadata.js';
import type { ExifDates } from './exif-facts.js';

/** Something in the metadata that does not fit together, in words. */
export interface DateDoubt {
  readonly reason: string;
}

const HOUR = 3_600_000;
/** Dates carry no zone more often than not, and zones span 26 hours. */
const ZONES = 26 * HOUR;
/** The first digital cameras for sale. */
const FIRST_CAMERA = Date.UTC(1990, 0, 1);

/**
 * Whether the dates of a picture can all be true: taken, then digitised, then changed; none in the future; the satellites' clock near the camera's. Tolerant of
 * unknown time zones. A camera whose clock was never set fails this as well, so it informs and accuses nobody.
 *
 * @param now when the picture is looked at
 */
export function dateDoubt(dates: ExifDates, now: Date): DateDoubt | null {
  const at = (date: string | null): number => (date === null ? Number.NaN : Date.parse(date));
  const [original, digitised, modified, gps] = [
    at(dates.original),
    at(dates.digitised),
    at(dates.modified),
    at(dates.gps),
  ] as const;
  const latest = Math.max(...[original, digitised, modified, gps].filter((time) => time > 0), 0);
  if (latest > now.getTime() + ZONES) return { reason: 'a date lies in the future' };
  if (original < FIRST_CAMERA) return { reason: `it says it was taken on ${dates.original}` };
  if (original > digitised + ZONES) return { reason: 'it was digitised before it was taken' };
  if (original > modified + ZONES) return { reason: 'it was last changed before it was taken' };
  if (Math.abs(original - gps) > ZONES) {
    return { reason: 'the satellites and the camera name different days' };
  }
  return null;
}

/** Programs that change pictures, as they name themselves. */
const EDITORS =
  /\b(?:adobe (?:photoshop|lightroom|express|illustrator|fireworks)|photoshop|lightroom|gimp|snapseed|picsart|canva|pixelmator|affinity photo|paint\.net|pixlr|photopea|facetune|faceapp|meitu|beautyplus|b612|vsco|luminar|capture one|darktable|rawtherapee|acorn|coreldraw|paintshop|microsoft (?:windows photo (?:viewer|editor)|photos)|picasa|imagemagick|photoscape|polarr|remini|lensa)\b/i;
const EDITOR_FIELDS = [
  'exif:Software',
  'exif:ProcessingSoftware',
  'png:Software',
  'iptc:Originating Program',
];
const XMP_EDITOR = /\b(?:CreatorTool|softwareAgent)(?:\s*=\s*["']|[^>=]{0,40}>\s*)([^"'<]{1,120})/g;
const MAX_EDITORS = 5;

/** Programs that say to have saved this picture, oldest place first. Saying so is normal, and easily forged or stripped. */
export function editorsOf({ texts }: Pick<MediaMetadata, 'texts'>): string[] {
  const named = EDITOR_FIELDS.map((place) => texts.get(place) ?? '');
  for (const [, value = ''] of (texts.get('xmp') ?? '').matchAll(XMP_EDITOR)) {
    if (named.push(value) > 100) break;
  }
  const editors = named.filter((text) => EDITORS.test(text)).map((text) => printable(text, 60));
  return [...new Set(editors)].slice(0, MAX_EDITORS);
}
