import sharp from 'sharp';

import { decode, encodePreview, readHeader, shrink } from '../../src/intake/image.js';
import { MEDIA_LIMITS } from '../../src/intake/limits.js';

const PAYLOAD = '<script>alert("MARK-OF-PAYLOAD")</script>';

/** A sound picture that carries a payload in its metadata, in a comment and behind its end. */
async function loadedPicture(): Promise<Buffer> {
  const picture = await sharp({
    create: { width: 64, height: 48, channels: 3, background: '#884422' },
  })
    .withExif({ IFD0: { ImageDescription: PAYLOAD, Artist: PAYLOAD } })
    .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/">${PAYLOAD}</x:xmpmeta>`)
    .jpeg()
    .toBuffer();
  const comment = Buffer.from(PAYLOAD);
  const size = Buffer.alloc(2);
  size.writeUInt16BE(comment.length + 2);
  const segment = Buffer.concat([Buffer.from([0xff, 0xfe]), size, comment]);
  return Buffer.concat([picture.subarray(0, 2), segment, picture.subarray(2), comment]);
}

it('gives reviewers a picture of which only the pixels survive', async () => {
  const held = await loadedPicture();
  const header = await readHeader(held, 'image/jpeg', MEDIA_LIMITS);
  if (!header) throw new Error('Expected a header of the picture.');
  const preview = await encodePreview(await shrink(await decode(held, header, MEDIA_LIMITS)));
  const { exif, xmp, format, width, height } = await sharp(preview).metadata();

  expect(held.toString('latin1').split('MARK-OF-PAYLOAD')).toHaveLength(6);
  expect(preview.includes('MARK-OF-PAYLOAD')).toBe(false);
  expect({ exif, xmp, format, width, height }).toEqual({
    exif: undefined,
    xmp: undefined,
    format: 'jpeg',
    width: 64,
    height: 48,
  });
});
