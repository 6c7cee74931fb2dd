import { crc32 } from 'node:zlib';

import sharp from 'sharp';

import { makeZip } from './containers.js';
import { makePixels } from './picture.js';
import { signClaim } from './sign-claim.js';
import { makeTestAuthority, type TestAuthority } from './test-authority.js';

/**
 * Sample media for tests and demos, made from nothing: no file of anyone else is needed. Pixels are the same on every run; signatures and certificates are
 * new in every process, because their keys never leave it.
 */

let shared: Promise<TestAuthority> | undefined;

/** The process's own certificate authority: its PEM belongs into the trust list of a service that should trust these samples. */
export function makeTestTrustAnchor(): Promise<TestAuthority> {
  return (shared ??= makeTestAuthority());
}

/** A photo-like JPEG without any metadata. */
export async function makeCleanPicture(seed = 1, width = 640, height = 480): Promise<Buffer> {
  return jpeg(await makePixels(width, height, seed));
}

/** The line that Stable Diffusion front ends write into their pictures. */
export const DIFFUSION_PARAMETERS =
  'a lake below green hills, film photo\nNegative prompt: text, watermark\nSteps: 28, Sampler: DPM++ 2M Karras, CFG scale: 7, Seed: 1234567, Size: 512x384, Model hash: 6ce0161689, Model: v1-5-pruned-emaonly';

/** A PNG with the settings of a Stable Diffusion front end in its text chunk. */
export async function makeDiffusionPicture(): Promise<Buffer> {
  const { data, width, height } = await makePixels(512, 384, 2);
  const png = await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  return insertPngText(png, 'parameters', DIFFUSION_PARAMETERS);
}

/** A JPEG whose valid Content Credentials say that a model made it. */
export async function makeAiClaimedPicture(authority?: TestAuthority): Promise<Buffer> {
  const signer = await (authority ?? (await makeTestTrustAnchor())).issue('Test Image Generator');
  return signClaim(
    await makeCleanPicture(3),
    'image/jpeg',
    { generator: 'Test Image Generator', digitalSourceType: 'trainedAlgorithmicMedia' },
    signer,
  );
}

/** A JPEG whose valid Content Credentials say that a camera took it. */
export async function makeCameraClaimedPicture(
  authority?: TestAuthority,
  validity?: { readonly from: Date; readonly to: Date },
): Promise<Buffer> {
  const signer = await (authority ?? (await makeTestTrustAnchor())).issue('Test Camera', validity);
  return signClaim(
    await makeCleanPicture(4),
    'image/jpeg',
    { generator: 'Test Camera', digitalSourceType: 'digitalCapture' },
    signer,
  );
}

/** The camera's picture with one byte of its pixels changed after signing. */
export async function makeBrokenClaimPicture(authority?: TestAuthority): Promise<Buffer> {
  return flipPixelByte(await makeCameraClaimedPicture(authority));
}

/** A Windows program called `invoice.jpg`. It holds no code and cannot run. */
export function makeExecutable(): Buffer {
  const program = Buffer.alloc(1024);
  program.write('MZ', 0, 'latin1');
  program.writeUInt32LE(0x80, 0x3c);
  program.write('PE\0\0', 0x80, 'latin1');
  program.writeUInt16LE(0x14c, 0x84);
  return program;
}

/** A JPEG that is a zip archive as well. */
export async function makeZipPolyglot(): Promise<Buffer> {
  return Buffer.concat([
    await makeCleanPicture(5, 320, 240),
    makeZip({ 'note.txt': 'not a picture' }),
  ]);
}

/** Changes one bit in the middle of the entropy-coded data of a JPEG, which still decodes. */
export function flipPixelByte(picture: Buffer): Buffer {
  const changed = Buffer.from(picture);
  let at = Math.floor(changed.length * 0.75);
  while (nearMarker(changed, at)) at += 1;
  changed[at] = (changed[at] as number) ^ 0x01;
  return changed;
}

/** Bytes beside 0xff are marker or stuffing; changing them would break the stream instead of a pixel. */
function nearMarker(bytes: Buffer, at: number): boolean {
  return [at - 1, at, at + 1].some((i) => (bytes[i] as number) >= 0xfe);
}

/** Puts a tEXt chunk right behind the PNG header. */
export function insertPngText(png: Buffer, keyword: string, text: string): Buffer {
  const body = Buffer.concat([
    Buffer.from('tEXt', 'latin1'),
    Buffer.from(`${keyword}\0`, 'latin1'),
    Buffer.from(text, 'latin1'),
  ]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(body.length - 4, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  const afterHeader = 33;
  return Buffer.concat([png.subarray(0, afterHeader), chunk, png.subarray(afterHeader)]);
}

function jpeg(pixels: { data: Buffer; width: number; height: number }): Promise<Buffer> {
  const { data, width, height } = pixels;
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
}
