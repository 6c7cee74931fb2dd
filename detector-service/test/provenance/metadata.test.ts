import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { deflateSync } from 'node:zlib';

import { findGeneratorMark } from '../../src/provenance/generator-marks.js';
import { readMetadata } from '../../src/provenance/metadata.js';
import { readPngTexts } from '../../src/provenance/texts/png-text.js';
import {
  DIFFUSION_PARAMETERS,
  insertPngText,
  makeDiffusionPicture,
} from '../../../scripts/media/samples.js';

const square = (): Sharp =>
  sharp({ create: { width: 16, height: 16, channels: 3, background: '#336699' } });

function xmp(properties: string): string {
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" ${properties}/></rdf:RDF></x:xmpmeta>`;
}

describe('generator marks', () => {
  const COMFY = '{"3": {"class_type": "KSampler", "inputs": {}}}';

  it.each<[string, () => Promise<Buffer>, string, string | null]>([
    ['Stable Diffusion settings in PNG', makeDiffusionPicture, 'image/png', 'Stable Diffusion'],
    [
      'ComfyUI graph',
      async () => insertPngText(await square().png().toBuffer(), 'prompt', COMFY),
      'image/png',
      'ComfyUI',
    ],
    [
      'InvokeAI chunk',
      async () => insertPngText(await square().png().toBuffer(), 'invokeai_metadata', '{}'),
      'image/png',
      'InvokeAI',
    ],
    [
      'NovelAI software',
      async () => insertPngText(await square().png().toBuffer(), 'Software', 'NovelAI'),
      'image/png',
      'NovelAI',
    ],
    [
      'Midjourney job',
      async () =>
        insertPngText(
          await square().png().toBuffer(),
          'Description',
          'a cat --v 6 Job ID: 0b5d2b9c-94c5-4b3c-8e0b-2f1f8f8f8f8f',
        ),
      'image/png',
      'Midjourney',
    ],
    [
      'a caption that merely mentions a generator',
      async () =>
        insertPngText(
          await square().png().toBuffer(),
          'Comment',
          'An article about Midjourney and ComfyUI',
        ),
      'image/png',
      null,
    ],
    [
      'a prompt field that is no graph',
      async () => insertPngText(await square().png().toBuffer(), 'prompt', 'call back tomorrow'),
      'image/png',
      null,
    ],
    [
      'credit line in XMP',
      async () => square().jpeg().withXmp(xmp('photoshop:Credit="Made with Google AI"')).toBuffer(),
      'image/jpeg',
      'Google AI',
    ],
    [
      'creator tool in XMP',
      async () => square().jpeg().withXmp(xmp('xmp:CreatorTool="Adobe Firefly"')).toBuffer(),
      'image/jpeg',
      'Adobe Firefly',
    ],
    [
      'an editor in XMP',
      async () => square().jpeg().withXmp(xmp('xmp:CreatorTool="Adobe Photoshop 25.1"')).toBuffer(),
      'image/jpeg',
      null,
    ],
    [
      'software in EXIF',
      async () =>
        square()
          .jpeg()
          .withExif({ IFD0: { Software: 'DALL-E 3' } })
          .toBuffer(),
      'image/jpeg',
      'DALL·E',
    ],
    ['nothing', () => square().jpeg().toBuffer(), 'image/jpeg', null],
  ])('%s', async (_name, make, mediaType, generator) => {
    const mark = findGeneratorMark(readMetadata(await make(), mediaType).texts);
    expect(mark?.generator ?? null).toBe(generator);
  });

  it.each<[string, (text: string) => Buffer]>([
    [
      'UTF-16 big-endian',
      (text) =>
        Buffer.concat([Buffer.from('UNICODE\0', 'latin1'), Buffer.from(text, 'utf16le').swap16()]),
    ],
    [
      'UTF-16 little-endian',
      (text) => Buffer.concat([Buffer.from('UNICODE\0', 'latin1'), Buffer.from(text, 'utf16le')]),
    ],
    [
      'ASCII',
      (text) => Buffer.concat([Buffer.from('ASCII\0\0\0', 'latin1'), Buffer.from(text, 'latin1')]),
    ],
  ])('reads EXIF UserComment in %s', async (_name, encode) => {
    const jpeg = await square().jpeg().toBuffer();
    const { texts } = readMetadata(
      withUserComment(jpeg, encode(DIFFUSION_PARAMETERS)),
      'image/jpeg',
    );
    expect(findGeneratorMark(texts)).toEqual({
      generator: 'Stable Diffusion',
      place: 'exif:UserComment',
    });
  });
});

/** Inserts an APP1 segment with a big-endian EXIF block that holds nothing but a UserComment. */
function withUserComment(jpeg: Buffer, comment: Buffer): Buffer {
  const tiff = Buffer.alloc(44);
  tiff.write('MM\0*', 0, 'latin1');
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(1, 8);
  writeEntry(tiff, 10, 0x8769, 4, 1, 26);
  tiff.writeUInt16BE(1, 26);
  writeEntry(tiff, 28, 0x9286, 7, comment.length, 44);
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, comment]);
  const header = Buffer.from([0xff, 0xe1, 0, 0]);
  header.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), header, body, jpeg.subarray(2)]);
}

function writeEntry(
  tiff: Buffer,
  at: number,
  tag: number,
  type: number,
  count: number,
  value: number,
): void {
  tiff.writeUInt16BE(tag, at);
  tiff.writeUInt16BE(type, at + 2);
  tiff.writeUInt32BE(count, at + 4);
  tiff.writeUInt32BE(value, at + 8);
}

describe('readMetadata', () => {
  it('reads camera and time of capture', async () => {
    const jpeg = await square()
      .jpeg()
      .withExif({
        IFD0: { Make: 'Canon', Model: 'Canon EOS R5' },
        IFD2: { DateTimeOriginal: '2026:03:04 05:06:07', OffsetTimeOriginal: '+02:00' },
      })
      .toBuffer();
    expect(readMetadata(jpeg, 'image/jpeg')).toMatchObject({
      camera: 'Canon EOS R5',
      capturedAt: '2026-03-04T05:06:07+02:00',
    });
  });

  it('keeps markup out of the camera name', async () => {
    const jpeg = await square()
      .jpeg()
      .withExif({ IFD0: { Model: '<script>alert(1)</script>' } })
      .toBuffer();
    expect(readMetadata(jpeg, 'image/jpeg').camera).not.toMatch(/[<>]/);
  });

  it.each([
    [
      'attribute',
      'Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"',
      'trainedAlgorithmicMedia',
    ],
    [
      'camera',
      'Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"',
      'digitalCapture',
    ],
    ['absence', 'xmp:CreatorTool="x"', null],
  ])('reads the digital source type: %s', async (_name, properties, expected) => {
    const jpeg = await square().jpeg().withXmp(xmp(properties)).toBuffer();
    expect(readMetadata(jpeg, 'image/jpeg').digitalSourceType).toBe(expected);
  });

  it('never throws on mutated pictures', async () => {
    const seeds = await Promise.all([
      square()
        .jpeg()
        .withExif({ IFD0: { Model: 'Camera' } })
        .withXmp(xmp('xmp:CreatorTool="x"'))
        .toBuffer(),
      square()
        .webp()
        .withExif({ IFD0: { Model: 'Camera' } })
        .toBuffer(),
      makeDiffusionPicture().then((png) => png.subarray(0, 2000)),
    ]);
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 30 }),
        fc.nat(),
        (seed, changes, cut) => {
          const bytes = Buffer.from(seed.subarray(0, 1 + (cut % seed.length)));
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          findGeneratorMark(readMetadata(bytes, 'image/jpeg').texts);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('readPngTexts', () => {
  it('bounds inflated text', async () => {
    const bomb = Buffer.concat([Buffer.from('\0'), deflateSync(Buffer.alloc(50_000_000))]);
    const png = insertPngText(await square().png().toBuffer(), 'Comment', bomb.toString('latin1'));
    const at = png.indexOf('tEXt');
    png.write('zTXt', at, 'latin1');
    expect(readPngTexts(png).size).toBe(0);
  });
});
