import type { Pixels } from '../../intake/image.js';
import { arrayOf } from './signature-fields.js';
import { listPages } from './compare/page-list.js';
import type { PdfDocument } from './document.js';
import {
  PdfRef,
  PdfStream,
  PdfString,
  isArray,
  nameOf,
  numberOf,
  type PdfDict,
  type PdfValue,
} from './values.js';

/** Smaller pictures are logos and lines, on which no detector can say anything. */
const SMALLEST_SIDE = 128;
const DEEPEST_FORM = 4;

/** A picture that a page shows. */
export interface EmbeddedPicture {
  /** From 0. */
  readonly page: number;
  /** Number of its object. */
  readonly object: number;
  readonly width: number;
  readonly height: number;
  readonly stream: PdfStream;
}

/** What is stored in the document: a whole JPEG file, or pixels. */
export type PictureContent =
  | { readonly kind: 'jpeg'; readonly bytes: Buffer }
  | { readonly kind: 'pixels'; readonly pixels: Pixels };

/** The largest pictures of the document, the largest first; each once, on the first page that shows it. */
export function largestPictures(document: PdfDocument, most: number): readonly EmbeddedPicture[] {
  const pictures = new Map<number, EmbeddedPicture>();
  for (const [page, { inherited }] of listPages(document).entries()) {
    collect(document, inherited.get('Resources'), page, 0, pictures);
  }
  return [...pictures.values()]
    .sort((one, other) => other.width * other.height - one.width * one.height)
    .slice(0, most);
}

function collect(
  document: PdfDocument,
  resources: PdfValue | undefined,
  page: number,
  depth: number,
  pictures: Map<number, EmbeddedPicture>,
): void {
  const objects = document.dict(document.dict(resources)?.get('XObject'));
  if (depth > DEEPEST_FORM) return;
  for (const reference of objects?.values() ?? []) {
    const stream = document.resolve(reference);
    if (!(stream instanceof PdfStream) || !(reference instanceof PdfRef)) continue;
    const { number } = reference;
    if (nameOf(document.resolve(stream.dict.get('Subtype'))) === 'Form') {
      collect(document, stream.dict.get('Resources'), page, depth + 1, pictures);
      continue;
    }
    const width = numberOf(document.resolve(stream.dict.get('Width'))) ?? 0;
    const height = numberOf(document.resolve(stream.dict.get('Height'))) ?? 0;
    if (pictures.has(number) || Math.min(width, height) < SMALLEST_SIDE) continue;
    pictures.set(number, { page, object: number, width, height, stream });
  }
}

/** @returns null where the picture is in a format that is not decoded here, or damaged */
export function contentOf(
  document: PdfDocument,
  { stream, width, height }: EmbeddedPicture,
  maxPixels: number,
): PictureContent | null {
  if (width * height > maxPixels) return null;
  const decoded = document.decode(stream);
  if (!decoded) return null;
  if (decoded.imageFilter === 'DCTDecode' || decoded.imageFilter === 'DCT') {
    return { kind: 'jpeg', bytes: decoded.data };
  }
  if (
    decoded.imageFilter !== null ||
    numberOf(document.resolve(stream.dict.get('BitsPerComponent'))) !== 8
  ) {
    return null;
  }
  const toRgb = colourReader(document, stream.dict.get('ColorSpace'));
  if (!toRgb || decoded.data.length < width * height * toRgb.components) return null;
  const rgb = Buffer.alloc(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    toRgb.read(decoded.data, pixel * toRgb.components, rgb, pixel * 3);
  }
  return { kind: 'pixels', pixels: { data: rgb, width, height } };
}

interface ColourReader {
  readonly components: number;
  read(from: Buffer, at: number, to: Buffer, target: number): void;
}

const GREY: ColourReader = {
  components: 1,
  read: (from, at, to, target) => to.fill(from[at] ?? 0, target, target + 3),
};
const RGB: ColourReader = {
  components: 3,
  read: (from, at, to, target) => from.copy(to, target, at, at + 3),
};
const CMYK: ColourReader = {
  components: 4,
  read: (from, at, to, target) => {
    const light = 255 - (from[at + 3] ?? 0);
    for (let channel = 0; channel < 3; channel++) {
      to[target + channel] = Math.round(((255 - (from[at + channel] ?? 0)) * light) / 255);
    }
  },
};
const BY_COMPONENTS: Readonly<Record<number, ColourReader>> = { 1: GREY, 3: RGB, 4: CMYK };
const BY_NAME: Readonly<Record<string, ColourReader>> = {
  DeviceGray: GREY,
  CalGray: GREY,
  G: GREY,
  DeviceRGB: RGB,
  CalRGB: RGB,
  RGB,
  DeviceCMYK: CMYK,
  CMYK,
};

/** Colours without their profiles: detectors look at texture, not at hue. */
function colourReader(document: PdfDocument, space: PdfValue | undefined): ColourReader | null {
  const value = document.resolve(space);
  const direct = nameOf(value);
  if (direct !== null) return BY_NAME[direct] ?? null;
  if (!isArray(value)) return null;
  const family = nameOf(document.resolve(value[0])) ?? '';
  if (family === 'ICCBased') {
    const profile: PdfDict | null = document.dict(value[1]);
    return BY_COMPONENTS[numberOf(document.resolve(profile?.get('N'))) ?? 0] ?? null;
  }
  if (family === 'Indexed' || family === 'I') return indexedReader(document, value);
  return BY_NAME[family] ?? null;
}

function indexedReader(document: PdfDocument, space: readonly PdfValue[]): ColourReader | null {
  const base = colourReader(document, space[1]);
  const table = document.resolve(space[3]);
  const colours =
    table instanceof PdfString
      ? table.bytes
      : table instanceof PdfStream
        ? (document.decode(table)?.data ?? null)
        : null;
  if (!base || !colours || arrayOf(document, space[1])[0] === space[0]) return null;
  return {
    components: 1,
    read: (from, at, to, target) =>
      base.read(colours, (from[at] ?? 0) * base.components, to, target),
  };
}
