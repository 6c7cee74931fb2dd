/** Fingerprints of pictures as text, for the database and for export. */
import type { Patch, PictureFingerprint } from './picture.js';

const PREFIX = 'i1.';
const WHOLE_BYTES = 32;
/** Two bytes each for place and radius, eight for the hash. */
const PATCH_BYTES = 14;
const PLACE_UNIT = 64;

/** A version, then base64url of: 1 or 0 for whether the hash of the whole follows, that hash, and a record a patch. */
export function encodePictureFingerprint({ whole, patches }: PictureFingerprint): string {
  const records = patches.map(({ x, y, radius, hash }) => {
    const record = Buffer.alloc(PATCH_BYTES);
    [x, y, radius].forEach((value, i) => record.writeUInt16BE(toUnits(value), i * 2));
    record.set(hash, 6);
    return record;
  });
  const bytes = Buffer.concat([Buffer.from([whole ? 1 : 0]), whole ?? Buffer.alloc(0), ...records]);
  return PREFIX + bytes.toString('base64url');
}

/** @throws RangeError where the text is no fingerprint of this version */
export function decodePictureFingerprint(text: string): PictureFingerprint {
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url');
  const start = 1 + (bytes[0] === 1 ? WHOLE_BYTES : 0);
  const isWhole = text.startsWith(PREFIX) && bytes.length >= start;
  if (!isWhole || (bytes[0] ?? 2) > 1 || (bytes.length - start) % PATCH_BYTES !== 0) {
    throw new RangeError(
      `Expected a fingerprint of a picture that begins with ${PREFIX} but received ${JSON.stringify(text.slice(0, 20))}; make it with: npx mediaguard registry add`,
    );
  }
  const patches: Patch[] = [];
  for (let at = start; at < bytes.length; at += PATCH_BYTES) {
    patches.push({
      x: bytes.readUInt16BE(at) / PLACE_UNIT,
      y: bytes.readUInt16BE(at + 2) / PLACE_UNIT,
      radius: bytes.readUInt16BE(at + 4) / PLACE_UNIT,
      hash: new Uint8Array(bytes.subarray(at + 6, at + PATCH_BYTES)),
    });
  }
  return { whole: start > 1 ? new Uint8Array(bytes.subarray(1, start)) : null, patches };
}

function toUnits(value: number): number {
  return Math.max(0, Math.min(0xffff, Math.round(value * PLACE_UNIT)));
}
