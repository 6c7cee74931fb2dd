import { flacTexts, oggTexts, riffTexts } from './audio-tags.js';
import { TextCollector, type Texts } from './collect.js';
import { pdfTexts, svgMetadata } from './document-info.js';
import { id3Texts } from './id3.js';
import { isoMediaTexts } from './iso-media.js';
import { gifComment, jpegComment } from './picture-comments.js';
import { readPngTexts } from './png-text.js';
import { xmpPackets } from './xmp-packets.js';

type Found = readonly (readonly [string, string])[];

/** Readers by media type; each prefixes its tags with where they stand. */
const READERS: readonly (readonly [RegExp, string, (bytes: Buffer) => Found])[] = [
  [/^image\/png$/, 'png', (bytes) => [...readPngTexts(bytes)]],
  [/^image\/jpeg$/, 'jpeg', (bytes) => [['comment', jpegComment(bytes)]]],
  [/^image\/gif$/, 'gif', (bytes) => [['comment', gifComment(bytes)]]],
  [/^image\/svg\+xml$/, 'svg', (bytes) => [['metadata', svgMetadata(bytes)]]],
  [/^(?:(?:video|audio|application)\/mp4|video\/(?:quicktime|3gpp2?))$/, 'mp4', isoMediaTexts],
  [/^audio\/mpeg$/, 'id3', id3Texts],
  [/^audio\/(?:x-)?flac$/, 'vorbis', flacTexts],
  [/^(?:audio|video|application)\/ogg/, 'vorbis', oggTexts],
  [/^(?:audio\/wav|video\/x-msvideo)$/, 'riff', riffTexts],
  [/^application\/pdf$/, 'pdf', pdfTexts],
];

const HOLDS_XMP = /^(?:image|audio|video)\/|^application\/(?:pdf|mp4|ogg)$/;
const PNG_XMP = 'png:XML:com.adobe.xmp';

/** Texts that the container itself holds, and all XMP under the place `xmp`. Throws nothing that a caller has to expect. */
export function containerTexts(bytes: Buffer, mediaType: string): Texts {
  const collector = new TextCollector();
  const packets: string[] = [];
  for (const [types, place, read] of READERS) {
    if (!types.test(mediaType)) continue;
    for (const [name, value] of safely(() => read(bytes))) {
      if (`${place}:${name}` === PNG_XMP) packets.push(value);
      else collector.keep(`${place}:${name}`, value);
    }
  }
  if (HOLDS_XMP.test(mediaType)) packets.push(xmpPackets(bytes, mediaType));
  collector.keep('xmp', [...new Set(packets)].join('\n'));
  return collector.texts;
}

/** A reader that runs off the end of a damaged file has found nothing. */
function safely(read: () => Found): Found {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}
