/** Files as an attacker would send them, made here byte by byte: none holds anything that could do harm. */
import { deflateSync, crc32 } from 'node:zlib';

import { makeExecutable, makeZipPolyglot } from '../media/samples.js';
import { makePicture, randomNumbers, type MediaFile } from './media.js';

const RANDOM_BYTES = 5_000_000;

export async function makeHostileMedia(): Promise<MediaFile[]> {
  const picture = await makePicture(7_000);
  return [
    { name: 'one-byte.png', bytes: Buffer.from([0x89]) },
    { name: 'truncated.jpg', bytes: picture.subarray(0, Math.floor(picture.length / 3)) },
    { name: 'header-only.jpg', bytes: picture.subarray(0, 20) },
    { name: 'pixel-bomb.png', bytes: png(60_000, 60_000, deflateSync(Buffer.alloc(1_000))) },
    { name: 'inflating.png', bytes: png(9_000, 9_000, deflateSync(Buffer.alloc(9_000 * 27_001))) },
    { name: 'wrong-checksum.png', bytes: png(64, 64, deflateSync(Buffer.alloc(64 * 193)), 1) },
    { name: 'polyglot.jpg', bytes: await makeZipPolyglot() },
    { name: 'invoice.jpg', bytes: makeExecutable() },
    { name: 'script.svg', bytes: Buffer.from(SVG_WITH_SCRIPT) },
    { name: 'billion-laughs.svg', bytes: Buffer.from(billionLaughs()) },
    { name: 'page.png', bytes: Buffer.from('<!doctype html><script>alert(1)</script>') },
    { name: 'header-only.pdf', bytes: Buffer.from('%PDF-1.7\n') },
    { name: 'endless-box.mp4', bytes: endlessBox() },
    { name: '..\\..\\<b>näme</b>.sh', bytes: Buffer.from('#!/bin/sh\nexit 0\n') },
    { name: 'noise.jpg', bytes: randomBytes(RANDOM_BYTES) },
  ];
}

const SVG_WITH_SCRIPT =
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>';

/** Entities that refer to each other until the text would fill any memory. */
function billionLaughs(): string {
  const entities = Array.from(
    { length: 9 },
    (_, level) => `<!ENTITY e${level + 1} "${`&e${level};`.repeat(10)}">`,
  ).join('');
  return `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY e0 "ha">${entities}]><svg xmlns="http://www.w3.org/2000/svg"><text>&e9;</text></svg>`;
}

/** A movie whose first box says that it is longer than any file, and whose next has no length at all. */
function endlessBox(): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.writeUInt32BE(24, 0);
  bytes.write('ftypisom', 4, 'latin1');
  bytes.writeUInt32BE(0xffffffff, 24);
  bytes.write('moov', 28, 'latin1');
  bytes.writeUInt32BE(0, 32);
  bytes.write('trak', 36, 'latin1');
  return bytes;
}

/** An RGB picture in one chunk of pixel data. @param damage added to each checksum */
function png(width: number, height: number, pixels: Buffer, damage = 0): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header, damage),
    chunk('IDAT', pixels, damage),
    chunk('IEND', Buffer.alloc(0), damage),
  ]);
}

function chunk(type: string, data: Buffer, damage: number): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE((crc32(body) + damage) >>> 0, body.length + 4);
  return framed;
}

function randomBytes(length: number): Buffer {
  const random = randomNumbers(7);
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 1) bytes[at] = random() * 256;
  return bytes;
}
