import fc from 'fast-check';

import {
  compareVideo,
  decodeVideoFingerprint,
  encodeVideoFingerprint,
  isSameVideo,
  type FrameHash,
} from '../../../src/intake/fingerprints/video.js';

const hashes = [
  '9f3a61c4b2d05e78',
  '16c9e2a75b3d80f4',
  'e4710b9d3c5af268',
  '5d82f61a0e7bc493',
  'b07e4d93a1c86f25',
  '2ac5983fd4e1760b',
  'cb16f07842d93ea5',
  '743de9b05a8c1f62',
];
const video = hashes.map((hash, i) => ({ seconds: i * 2, hash }));

/** The same hash with some bits turned over. */
function near(hash: string, bits: number): string {
  let value = BigInt(`0x${hash}`);
  for (let bit = 0; bit < bits; bit += 1) value ^= 1n << BigInt(bit * 5);
  return value.toString(16).padStart(16, '0');
}

describe('the video fingerprint', () => {
  it.each<[string, readonly FrameHash[]]>([
    ['itself', video],
    ['an encoded copy', video.map(({ seconds, hash }) => ({ seconds, hash: near(hash, 9) }))],
    ['a copy whose beginning was cut off', video.slice(3)],
    ['a copy with a title before it', [{ seconds: 0, hash: '00ff00ff00ff00ff' }, ...video]],
    [
      'a copy with one frame replaced',
      video.map((frame, i) => (i === 4 ? { ...frame, hash: 'ffffffff00000000' } : frame)),
    ],
  ])('recognises %s', (_name, copy) => {
    expect(isSameVideo(video, copy)).toBe(true);
    expect(isSameVideo(copy, video)).toBe(true);
  });

  it('tells apart what shows other pictures, or the same ones in another order', () => {
    const other = video.map(({ seconds, hash }) => ({ seconds, hash: near(hash, 13) }));
    expect(isSameVideo(video, other)).toBe(false);
    expect(compareVideo(video, [...video].reverse())).toBeLessThan(0.3);
  });

  it('compares no still pictures and no black ones', () => {
    const still = video.map(({ seconds }) => ({ seconds, hash: hashes[0] as string }));
    const black = video.map(({ seconds }) => ({ seconds, hash: '0000000000000000' }));
    expect(compareVideo(still, still)).toBeNull();
    expect(compareVideo(black, black)).toBeNull();
  });

  it('survives its text form', () => {
    const frame = fc.record({
      seconds: fc.nat(4_000_000).map((ms) => ms / 1000),
      hash: fc
        .bigInt({ min: 0n, max: 2n ** 64n - 1n })
        .map((bits) => bits.toString(16).padStart(16, '0')),
    });
    fc.assert(
      fc.property(fc.array(frame), (frames) => {
        expect(decodeVideoFingerprint(encodeVideoFingerprint(frames))).toEqual(frames);
      }),
    );
  });

  it.each(['', 'a1.AAAA', 'v1.AAAA', 'v1.????'])('refuses the text %j', (text) => {
    expect(() => decodeVideoFingerprint(text)).toThrow('Expected a video fingerprint');
  });
});
