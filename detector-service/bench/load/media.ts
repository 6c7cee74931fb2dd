import { makeCleanPicture } from '../../../scripts/media/samples.js';

export interface Photo {
  readonly name: string;
  readonly bytes: Buffer;
}

const SIZES = [
  { name: '0.3 MP', width: 640, height: 480 },
  { name: '2 MP', width: 1920, height: 1080 },
  { name: '12 MP', width: 4000, height: 3000 },
] as const;

/** JPEGs of the size and texture of everyday photos, from small to large. */
export function makePhotos(): Promise<Photo[]> {
  return Promise.all(
    SIZES.map(async ({ name, width, height }) => ({
      name,
      bytes: await makeCleanPicture(1, width, height),
    })),
  );
}

let stamped = 0n;

/** The same picture under another hash, so that no answer comes from the known ones: a JPEG comment right after the start marker. */
export function variantOf(bytes: Buffer): Buffer {
  const stamp = Buffer.alloc(16);
  stamp.writeBigUInt64BE(process.hrtime.bigint(), 0);
  stamp.writeBigUInt64BE((stamped += 1n), 8);
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0x00, 2 + stamp.length]), stamp]);
  return Buffer.concat([bytes.subarray(0, 2), comment, bytes.subarray(2)]);
}
