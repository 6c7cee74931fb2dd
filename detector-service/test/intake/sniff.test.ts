import { randomBytes } from 'node:crypto';

import fc from 'fast-check';
import { zipSync } from 'fflate';
import sharp, { type Sharp } from 'sharp';

import { contradictedClaim } from '../../src/intake/declared-type.js';
import { SNIFF_WINDOW, familyOf, sniff } from '../../src/intake/sniff.js';
import { makeExecutable, makeZipPolyglot } from '../../../scripts/media/samples.js';

const square = (): Sharp =>
  sharp({ create: { width: 16, height: 16, channels: 3, background: '#336699' } });

/** As a file is sniffed: by its two ends. */
function sniffWhole(bytes: Buffer) {
  const head = bytes.subarray(0, SNIFF_WINDOW);
  const rest = bytes.subarray(head.length);
  return sniff(head, rest.subarray(Math.max(0, rest.length - SNIFF_WINDOW)));
}

describe('sniff', () => {
  const text = (value: string): Buffer => Buffer.from(value, 'utf8');

  it.each<[string, Buffer, string, string | null]>([
    ['PDF at the start', text('%PDF-1.7\n1 0 obj'), 'application/pdf', null],
    [
      'PDF behind junk inside the window',
      text(`${' '.repeat(700)}%PDF-1.4\n`),
      'application/pdf',
      null,
    ],
    ['PDF header beyond the window', text(`${'x'.repeat(1100)}%PDF-1.4\n`), 'text/plain', null],
    [
      'plain SVG',
      text('<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>'),
      'image/svg+xml',
      null,
    ],
    [
      'SVG behind prolog and comment',
      text('<?xml version="1.0"?><!-- x --><svg/>'),
      'image/svg+xml',
      null,
    ],
    [
      'SVG with a script',
      text('<svg><script>alert(1)</script></svg>'),
      'image/svg+xml',
      'svg_script',
    ],
    ['SVG with an event handler', text('<svg onload="x()"></svg>'), 'image/svg+xml', 'svg_script'],
    [
      'SVG with an external reference',
      text('<svg><image xlink:href="http://a/b"/></svg>'),
      'image/svg+xml',
      'svg_script',
    ],
    ['HTML', text('<!DOCTYPE html><html></html>'), 'text/html', 'html'],
    ['HTML after a byte-order mark', text('\uFEFF<html><body>'), 'text/html', 'html'],
    ['HTML in UTF-16', Buffer.from('\uFEFF<html><script>', 'utf16le'), 'text/html', 'html'],
    ['PHP', text('<?php system($_GET["c"]);'), 'application/x-httpd-php', 'script'],
    ['shell script', text('#!/bin/sh\nrm -rf ~\n'), 'text/x-shellscript', 'script'],
    ['batch file', text('@echo off\r\n'), 'application/x-bat', 'script'],
    [
      'Windows program',
      makeExecutable(),
      'application/vnd.microsoft.portable-executable',
      'program',
    ],
    ['ELF program', Buffer.from('\x7fELF\x02\x01\x01\0', 'latin1'), 'application/x-elf', 'program'],
    ['WebAssembly', Buffer.from('\0asm\x01\0\0\0', 'latin1'), 'application/wasm', 'program'],
    [
      'text that begins with MZ',
      text(`MZ is short for Mark Zbikowski. ${'x'.repeat(60)}`),
      'text/plain',
      null,
    ],
    ['plain text', text('name,amount\nAda,1\n'), 'text/plain', null],
    [
      'detached credentials',
      Buffer.from('\0\0\0\x10jumb\0\0\0\0', 'latin1'),
      'application/c2pa',
      null,
    ],
    ['nothing known', Buffer.from([1, 2, 3, 0, 255, 254, 253]), 'application/octet-stream', null],
    ['nothing at all', Buffer.alloc(0), 'application/octet-stream', null],
  ])('%s', async (_name, bytes, mediaType, active) => {
    expect(await sniff(bytes)).toMatchObject({ mediaType, active });
  });

  it.each<[string, () => Promise<Buffer>]>([
    ['image/jpeg', () => square().jpeg().toBuffer()],
    ['image/png', () => square().png().toBuffer()],
    ['image/webp', () => square().webp().toBuffer()],
    ['image/gif', () => square().gif().toBuffer()],
    ['image/tiff', () => square().tiff().toBuffer()],
    ['image/avif', () => square().avif().toBuffer()],
  ])('a clean %s is nothing else', async (mediaType, make) => {
    expect(await sniff(await make())).toEqual({
      mediaType,
      family: 'image',
      active: null,
      polyglot: null,
    });
  });

  it.each(['none', 'deflate', 'lzw', 'jpeg'] as const)(
    'knows a TIFF with %s compression whose tags stand behind its pixels',
    async (compression) => {
      const noise = randomBytes(420 * 420 * 3);
      const bytes = await sharp(noise, { raw: { width: 420, height: 420, channels: 3 } })
        .tiff({ compression, quality: 100 })
        .toBuffer();
      expect(bytes.readUInt32LE(4)).toBeGreaterThan(SNIFF_WINDOW);
      expect(await sniffWhole(bytes)).toMatchObject({ mediaType: 'image/tiff', family: 'image' });
    },
  );

  it('knows a Word file whose pictures stand before its text', async () => {
    const bytes = zipSync({
      'word/media/image1.jpg': [randomBytes(SNIFF_WINDOW + 1), { level: 0 }],
      '[Content_Types].xml': new Uint8Array(40),
      'word/document.xml': new Uint8Array(40),
    });
    expect((await sniffWhole(Buffer.from(bytes))).mediaType).toMatch(/wordprocessingml/);
    const archive = zipSync({ 'a.jpg': [randomBytes(SNIFF_WINDOW + 1), { level: 0 }] });
    expect((await sniffWhole(Buffer.from(archive))).mediaType).toBe('application/zip');
  });

  it('sees a zip at the end of a picture', async () => {
    const bytes = await makeZipPolyglot();
    expect((await sniff(bytes)).polyglot).toEqual({ mediaType: 'application/zip', offset: null });
    const head = bytes.subarray(0, 4096);
    expect((await sniff(head, bytes.subarray(-2048))).polyglot?.mediaType).toBe('application/zip');
  });

  it('sees PHP and a PDF header inside a picture', async () => {
    const gif = await square().gif().toBuffer();
    const withPhp = Buffer.concat([gif, text('<?php echo 1; ?>')]);
    expect((await sniff(withPhp)).polyglot?.mediaType).toBe('application/x-httpd-php');
    const withPdf = Buffer.concat([gif.subarray(0, 13), text('%PDF-1.4'), gif.subarray(13)]);
    expect((await sniff(withPdf)).polyglot).toEqual({ mediaType: 'application/pdf', offset: 13 });
  });

  it('answers for any bytes, with a family that fits the type', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 4096 }),
        fc.uint8Array({ maxLength: 256 }),
        async (head, tail) => {
          const found = await sniff(Buffer.from(head), Buffer.from(tail));
          expect(found.family).toBe(familyOf(found.mediaType));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('answers for mutated media', async () => {
    const seeds = await Promise.all([
      square().jpeg().toBuffer(),
      square().png().toBuffer(),
      square().avif().toBuffer(),
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 20 }),
        fc.nat(),
        async (seed, changes, cut) => {
          const bytes = Buffer.from(seed.subarray(0, 1 + (cut % seed.length)));
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          expect(typeof (await sniff(bytes)).mediaType).toBe('string');
        },
      ),
      { numRuns: 200 },
    );
  });

  it('never needs more than its window', () => {
    expect(SNIFF_WINDOW).toBeGreaterThanOrEqual(1024);
  });
});

describe('contradictedClaim', () => {
  it.each<[string, string | undefined, string | undefined, string | null]>([
    ['image/jpeg', 'image/jpeg', 'a.jpg', null],
    ['image/jpeg', 'image/pjpeg; charset=binary', 'a.JPEG', null],
    ['image/png', 'image/jpeg', undefined, 'image/jpeg'],
    ['image/png', 'application/octet-stream', 'a.png', null],
    ['image/png', undefined, 'photo.jpg', 'image/jpeg'],
    ['image/heic', 'image/heif', 'a.heif', null],
    ['video/mp4', 'audio/mp4', 'a.m4a', null],
    ['video/mp4', undefined, 'clip.mov', null],
    [
      'application/zip',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'a.docx',
      null,
    ],
    ['application/x-cfb', 'application/msword', 'old.doc', null],
    ['text/html', 'text/plain', 'a.txt', 'text/plain'],
    ['text/plain', 'text/csv', 'a.csv', null],
    ['image/jpeg', undefined, 'no-extension', null],
    ['application/octet-stream', 'image/png', 'a.png', null],
  ])('%s said to be %s and named %s', (mediaType, declared, name, contradicted) => {
    expect(contradictedClaim(mediaType, declared, name)?.said ?? null).toBe(contradicted);
  });
});
