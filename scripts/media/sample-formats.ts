import sharp, { type Sharp } from 'sharp';

import {
  makeAvi,
  makeDocx,
  makeFlac,
  makeJpegXl,
  makeMovie,
  makeMp3,
  makePdf,
  makeSvg,
  makeWav,
} from './containers.js';
import { makePixels } from './picture.js';

/**
 * The smallest honest file of each format that can carry Content Credentials, made without any program that may be missing. Sound and video are silent and
 * dark: their content is never decoded by those who use them.
 */
export interface SampleFormat {
  readonly name: string;
  readonly mediaType: string;
  make(): Promise<Buffer>;
}

const SIZE = 64;

async function picture(): Promise<Sharp> {
  const { data, width, height } = await makePixels(SIZE, SIZE, 7);
  return sharp(data, { raw: { width, height, channels: 3 } });
}

const encoded =
  (encode: (image: Sharp) => Sharp): (() => Promise<Buffer>) =>
  async () =>
    encode(await picture()).toBuffer();

const fixed =
  (make: () => Buffer): (() => Promise<Buffer>) =>
  () =>
    Promise.resolve(make());

export const SAMPLE_FORMATS: readonly SampleFormat[] = [
  { name: 'JPEG', mediaType: 'image/jpeg', make: encoded((image) => image.jpeg()) },
  { name: 'PNG', mediaType: 'image/png', make: encoded((image) => image.png()) },
  { name: 'WebP', mediaType: 'image/webp', make: encoded((image) => image.webp()) },
  { name: 'AVIF', mediaType: 'image/avif', make: encoded((image) => image.avif()) },
  { name: 'HEIC', mediaType: 'image/heic', make: makeHeic },
  { name: 'TIFF', mediaType: 'image/tiff', make: encoded((image) => image.tiff()) },
  { name: 'DNG', mediaType: 'image/x-adobe-dng', make: encoded((image) => image.tiff()) },
  { name: 'GIF', mediaType: 'image/gif', make: encoded((image) => image.gif()) },
  { name: 'SVG', mediaType: 'image/svg+xml', make: fixed(makeSvg) },
  { name: 'JPEG XL', mediaType: 'image/jxl', make: fixed(makeJpegXl) },
  { name: 'PDF', mediaType: 'application/pdf', make: fixed(makePdf) },
  {
    name: 'Word',
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    make: fixed(makeDocx),
  },
  { name: 'MP4', mediaType: 'video/mp4', make: fixed(() => makeMovie('isom')) },
  { name: 'MOV', mediaType: 'video/quicktime', make: fixed(() => makeMovie('qt  ')) },
  { name: 'M4A', mediaType: 'audio/mp4', make: fixed(() => makeMovie('M4A ')) },
  { name: 'AVI', mediaType: 'video/x-msvideo', make: fixed(makeAvi) },
  { name: 'WAV', mediaType: 'audio/wav', make: fixed(() => makeWav()) },
  { name: 'MP3', mediaType: 'audio/mpeg', make: fixed(makeMp3) },
  { name: 'FLAC', mediaType: 'audio/flac', make: fixed(() => makeFlac()) },
];

/** AVIF and HEIC are the same container; only the brand differs to those who do not decode. */
async function makeHeic(): Promise<Buffer> {
  const avif = await (await picture()).avif().toBuffer();
  const heic = Buffer.from(avif);
  heic.write('heic', 8, 'latin1');
  return heic;
}
