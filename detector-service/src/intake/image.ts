import sharp, { type Sharp } from 'sharp';

import { MediaRefusedError } from '../verdict/types.js';
import type { MediaLimits } from './limits.js';
import { blend, cutOut } from './pixels.js';

/**
 * The only file that knows sharp. It runs in a child process: decoders meet hostile bytes here, and what they do wrong must not reach the server.
 */

sharp.cache(false);
sharp.concurrency(1);

/** Decoded pixels: 8-bit RGB, row by row, upright, transparency laid on white. */
export interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

export interface ImageHeader {
  /** Upright, so width and height may be swapped against the file's. */
  readonly width: number;
  readonly height: number;
  readonly pages: number;
  /** HEVC-coded HEIF, which libvips lists and cannot decode. */
  readonly isHevc: boolean;
  readonly hasAlpha: boolean;
}

/** Longest side of the preview handed to reviewers. */
export const PREVIEW_SIDE = 1280;

const READABLE =
  /^image\/(?:jpeg|png|webp|gif|tiff|avif|hei[cf](?:-sequence)?|x-adobe-dng|x-(?:nikon-nef|canon-cr2|sony-arw))$/;

function open(bytes: Buffer, limits: MediaLimits, failOn: 'error' | 'none') {
  return sharp(bytes, {
    failOn,
    limitInputPixels: limits.maxPixels,
    sequentialRead: true,
    pages: 1,
  });
}

/**
 * Reads the header and enforces the pixel limits before anything is decoded.
 *
 * @returns null where the format is no picture this service can decode
 * @throws MediaRefusedError `media.too_many_pixels`, `media.expands_too_much`
 */
export async function readHeader(
  bytes: Buffer,
  mediaType: string,
  limits: MediaLimits,
): Promise<ImageHeader | null> {
  if (bytes.length === 0 || !READABLE.test(mediaType)) return null;
  const header = await open(bytes, limits, 'none')
    .metadata()
    .catch((error: unknown) => {
      if (isPixelLimit(error)) throw tooManyPixels(limits, 'more');
      return null;
    });
  if (!header?.width || !header.height) return null;
  const pixels = header.width * header.height;
  if (pixels > limits.maxPixels) throw tooManyPixels(limits, String(pixels));
  const decoded = pixels * 4;
  if (decoded > limits.freeExpansionBytes && decoded > bytes.length * limits.maxExpansion) {
    throw new MediaRefusedError(
      'media.expands_too_much',
      `Expected a picture of at most ${limits.maxExpansion} decoded bytes per byte of file but received ` +
        `${Math.round(decoded / bytes.length)}; send the picture at its real size.`,
    );
  }
  const turned = (header.orientation ?? 1) >= 5;
  return {
    width: turned ? header.height : header.width,
    height: turned ? header.width : header.height,
    pages: header.pages ?? 1,
    isHevc: header.format === 'heif' && header.compression === 'hevc',
    hasAlpha: header.hasAlpha,
  };
}

/** Decodes the whole first page. Rejects when the decoder reports any error, such as a cut-off file. */
export async function decode(
  bytes: Buffer,
  header: ImageHeader,
  limits: MediaLimits,
): Promise<Pixels> {
  return header.isHevc ? decodeHevc(bytes, limits) : toPixels(open(bytes, limits, 'error'));
}

/** Decodes as much of a damaged picture as the decoder yields, as most viewers do; null where that is nothing. */
export async function decodeDamaged(
  bytes: Buffer,
  header: ImageHeader,
  limits: MediaLimits,
): Promise<Pixels | null> {
  if (header.isHevc) return null;
  return toPixels(open(bytes, limits, 'none')).catch(() => null);
}

/** The samples of a picture with transparency as they stand in the file, RGBA; null where they cannot be had. */
export async function decodeWithAlpha(
  bytes: Buffer,
  limits: MediaLimits,
): Promise<(Pixels & { readonly channels: 4 }) | null> {
  try {
    const { data, info } = await open(bytes, limits, 'error')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return info.channels === 4
      ? { data, width: info.width, height: info.height, channels: 4 }
      : null;
  } catch {
    return null;
  }
}

/** One picture of a moving one, and when it is shown. */
export interface Page {
  readonly seconds: number;
  readonly pixels: Pixels;
}

/** Milliseconds a page is shown where the file names none, as browsers do it. */
const PAGE_MS = 100;

/**
 * Pages of a moving GIF or WebP, spread evenly over as much of it as the pixel limit allows. Pages that cannot be decoded are left out.
 *
 * @param count at most this many
 */
export async function decodePages(
  bytes: Buffer,
  header: ImageHeader,
  limits: MediaLimits,
  count: number,
): Promise<Page[]> {
  // Each page builds on those before it, so the last one costs as much as all of them.
  const reachable = Math.min(
    header.pages,
    Math.floor(limits.maxPixels / (header.width * header.height)),
  );
  const wanted = Math.min(count, reachable);
  const { delay = [] } = await sharp(bytes, { failOn: 'none', pages: -1 }).metadata();
  const starts: number[] = [];
  let time = 0;
  for (let page = 0; page < reachable; page += 1) {
    starts.push(time / 1000);
    time += delay[page] || PAGE_MS;
  }
  const pages: Page[] = [];
  for (let i = 0; i < wanted; i += 1) {
    const page = Math.floor(((i + 0.5) / wanted) * reachable);
    const image = sharp(bytes, {
      failOn: 'none',
      limitInputPixels: limits.maxPixels,
      page,
      pages: 1,
    });
    const pixels = await toPixels(image).catch(() => null);
    if (pixels) pages.push({ seconds: starts[page] ?? 0, pixels });
  }
  return pages;
}

async function toPixels(image: Sharp): Promise<Pixels> {
  const { data, info } = await image
    .autoOrient()
    .toColourspace('srgb')
    .flatten({ background: '#ffffff' })
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels === 3) return { data, width: info.width, height: info.height };
  const rgb = Buffer.alloc(info.width * info.height * 3);
  for (let at = 0, to = 0; to < rgb.length; at += info.channels) {
    const grey = data[at] ?? 0;
    rgb[to++] = grey;
    rgb[to++] = grey;
    rgb[to++] = grey;
  }
  return { data: rgb, width: info.width, height: info.height };
}

/** libvips ships without an HEVC decoder; libheif as WebAssembly stands in for it, and already turns the picture upright. */
async function decodeHevc(bytes: Buffer, limits: MediaLimits): Promise<Pixels> {
  const { default: decodeHeic } = await import('heic-decode');
  const { data, width, height } = await decodeHeic({ buffer: bytes });
  if (width * height > limits.maxPixels) throw tooManyPixels(limits, String(width * height));
  const rgba = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return toPixels(sharp(rgba, { raw: { width, height, channels: 4 } }));
}

function raw(pixels: Pixels): Sharp {
  return sharp(pixels.data, { raw: { width: pixels.width, height: pixels.height, channels: 3 } });
}

/** The picture within {@link PREVIEW_SIDE} pixels a side: what previews, hashes and heat maps are made from. */
export function shrink(pixels: Pixels): Promise<Pixels> {
  return fitWithin(pixels, PREVIEW_SIDE);
}

/** A fresh JPEG: encoded from pixels, so neither metadata nor payload survives. */
export function encodePreview(pixels: Pixels): Promise<Buffer> {
  return raw(pixels).jpeg({ quality: 82 }).toBuffer();
}

/** The picture within `side` pixels a side; a smaller one stays as it is. */
export async function fitWithin(pixels: Pixels, side: number): Promise<Pixels> {
  if (Math.max(pixels.width, pixels.height) <= side) return pixels;
  const { data, info } = await raw(pixels)
    .resize(side, side, { fit: 'inside' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Draws an SVG that this program wrote; never one that came from outside. */
export function drawOwnSvg(svg: string): Promise<Pixels> {
  return toPixels(sharp(Buffer.from(svg)));
}

/** A channel of brightness: bytes, row by row. */
interface GreyBytes {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** Grey values that were made of pictures still in use: several detectors ask for them, and colours take long to turn grey. */
const greyOfPicture = new WeakMap<Pixels, Promise<GreyBytes>>();

function greyOf(pixels: Pixels): Promise<GreyBytes> {
  const known = greyOfPicture.get(pixels);
  if (known) return known;
  const made = toGrey(raw(pixels));
  greyOfPicture.set(pixels, made);
  return made;
}

async function toGrey(image: Sharp): Promise<GreyBytes> {
  const { data, info } = await image
    .greyscale()
    .toColourspace('b-w')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

function rawGrey({ data, width, height }: GreyBytes): Sharp {
  return sharp(data, { raw: { width, height, channels: 1 } });
}

/** One channel of floating-point values, row by row. */
interface GreyValues {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
}

function valuesOf({ data, width, height }: GreyBytes): GreyValues {
  return { values: new Float32Array(data), width, height };
}

/** The picture as `side` x `side` grey values. */
export async function greySquare(pixels: Pixels, side: number): Promise<Buffer> {
  const image = rawGrey(await greyOf(pixels)).resize(side, side, { fit: 'fill' });
  return (await toGrey(image)).data;
}

/** The picture as grey values scaled so that its longest side is `side`. */
export async function greyWithin(pixels: Pixels, side: number): Promise<GreyValues> {
  const image = rawGrey(await greyOf(pixels)).resize(side, side, { fit: 'inside' });
  return valuesOf(await toGrey(image));
}

/** A part of the picture as grey values; the rectangle must lie inside. */
export async function greyRegion(
  pixels: Pixels,
  left: number,
  top: number,
  width: number,
  height: number,
): Promise<GreyValues> {
  return valuesOf(await toGrey(raw(cutOut(pixels, left, top, width, height))));
}

/** Encodes pixels as JPEG and decodes them again. */
export async function throughJpeg(pixels: Pixels, quality: number): Promise<Pixels> {
  return toPixels(sharp(await encodeJpeg(pixels, quality)));
}

/** A JPEG with halved colour resolution, as cameras and messengers write it. */
export function encodeJpeg(pixels: Pixels, quality: number): Promise<Buffer> {
  return raw(pixels).jpeg({ quality, chromaSubsampling: '4:2:0' }).toBuffer();
}

export function encodePng(pixels: Pixels): Promise<Buffer> {
  return raw(pixels).png({ compressionLevel: 4 }).toBuffer();
}

/** Stretches the picture to exactly this size, by Lanczos' kernel. */
export async function scale(pixels: Pixels, width: number, height: number): Promise<Pixels> {
  const { data, info } = await raw(pixels)
    .resize(width, height, { fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** The picture turned by 90 degrees, clockwise. */
export async function quarterTurn(pixels: Pixels): Promise<Pixels> {
  const { data, info } = await raw(pixels).rotate(90).raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** @param sigma of the Gaussian, in pixels */
export async function blur(pixels: Pixels, sigma: number): Promise<Pixels> {
  const { data, info } = await raw(pixels).blur(sigma).raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Longest side of a heat map. */
const OVERLAY_SIDE = 800;

/** What is laid over a picture: RGBA, of any size; it is stretched over the picture. */
export interface Layer {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** A photograph under a translucent layer, as JPEG. */
export async function overlay(pixels: Pixels, layer: Layer): Promise<Buffer> {
  return raw(await laidOver(pixels, layer))
    .jpeg({ quality: 85, chromaSubsampling: '4:4:4' })
    .toBuffer();
}

/** A page of text under a translucent layer, as PNG, which keeps its thin lines. */
export async function overlayPage(pixels: Pixels, layer: Layer): Promise<Buffer> {
  return encodePng(await laidOver(pixels, layer));
}

async function laidOver(pixels: Pixels, layer: Layer): Promise<Pixels> {
  const ground = await fitWithin(pixels, OVERLAY_SIDE);
  const { width, height } = ground;
  const stretched = await sharp(layer.data, {
    raw: { width: layer.width, height: layer.height, channels: 4 },
  })
    .resize(width, height, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  return { data: blend(ground.data, stretched), width, height };
}

function isPixelLimit(error: unknown): boolean {
  return error instanceof Error && error.message.includes('pixel limit');
}

function tooManyPixels(limits: MediaLimits, received: string): MediaRefusedError {
  return new MediaRefusedError(
    'media.too_many_pixels',
    `Expected at most ${limits.maxPixels} pixels but received ${received}; send a smaller picture or raise the limit maxPixels.`,
  );
}
