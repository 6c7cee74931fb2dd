import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { jest } from '@jest/globals';
import fc from 'fast-check';

import { JUDGED_RATE } from '../../../src/intake/audio/collector.js';
import { decodeSound, type SoundAnswer } from '../../../src/intake/audio/decode.js';
import { openMediaFile } from '../../../src/intake/container/media-file.js';
import { findFfmpeg } from '../../../src/intake/ffmpeg.js';
import { mediaLimits } from '../../../src/intake/limits.js';
import { makeTone, makeVowels, wavOf, writeWav } from '../../../../scripts/media/sound.js';

const FIXTURES = new URL('../../fixtures/media/', import.meta.url);
const TYPES: Readonly<Record<string, string>> = {
  'voice.mp3': 'audio/mpeg',
  'voice.flac': 'audio/flac',
  'voice.opus': 'audio/ogg',
  'voice.ogg': 'audio/ogg',
  'voice.m4a': 'audio/mp4',
  'clip.webm': 'video/webm',
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-sound-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function decode(
  bytes: Buffer,
  mediaType: string,
  maxAudioSeconds = 300,
): Promise<SoundAnswer> {
  const path = join(folder, 'sound');
  await writeFile(path, bytes);
  const file = await openMediaFile(path, bytes.length);
  try {
    return await decodeSound(
      { path, mediaType, bytes, file },
      mediaLimits({ maxAudioSeconds }),
      null,
    );
  } finally {
    file?.close();
  }
}

function soundOf(answer: SoundAnswer) {
  if (answer.kind !== 'decoded') throw new Error(`Expected sound but received ${answer.kind}.`);
  return answer.sound;
}

/** The strongest frequency, by counting where the sound rises through zero. */
function pitchOf(samples: Float32Array): number {
  const middle = samples.subarray(samples.length >> 2, (samples.length * 3) >> 2);
  let rises = 0;
  for (let i = 1; i < middle.length; i += 1) {
    if ((middle[i - 1] as number) < 0 && (middle[i] as number) >= 0) rises += 1;
  }
  return (rises * JUDGED_RATE) / middle.length;
}

const TONE = makeTone(500, 1, 8_000);

function body(
  bytesEach: number,
  write: (buffer: Buffer, value: number, at: number) => void,
): Buffer {
  const buffer = Buffer.alloc(TONE.length * bytesEach);
  TONE.forEach((value, i) => write(buffer, value, i * bytesEach));
  return buffer;
}

describe('uncompressed sound', () => {
  it.each([
    [
      '8 bits',
      { format: 1, bits: 8 },
      body(1, (b, v, at) => b.writeUInt8(128 + Math.round(v * 127), at)),
    ],
    [
      '16 bits',
      { format: 1, bits: 16 },
      body(2, (b, v, at) => b.writeInt16LE(Math.round(v * 32_767), at)),
    ],
    [
      '24 bits',
      { format: 1, bits: 24 },
      body(3, (b, v, at) => b.writeIntLE(Math.round(v * 8_388_607), at, 3)),
    ],
    [
      '32 bits',
      { format: 1, bits: 32 },
      body(4, (b, v, at) => b.writeInt32LE(Math.round(v * 2_147_483_647), at)),
    ],
    ['floats', { format: 3, bits: 32 }, body(4, (b, v, at) => b.writeFloatLE(v, at))],
    ['long floats', { format: 3, bits: 64 }, body(8, (b, v, at) => b.writeDoubleLE(v, at))],
  ])('of %s keeps pitch, level and length', async (_name, format, bytes) => {
    const wav = wavOf(bytes, { ...format, channels: 1, rate: 8_000 });
    const { samples, seconds, sampleRate, channels } = soundOf(await decode(wav, 'audio/wav'));
    expect({ seconds, sampleRate, channels }).toEqual({
      seconds: 1,
      sampleRate: 8_000,
      channels: 1,
    });
    expect(samples).toHaveLength(JUDGED_RATE);
    expect(pitchOf(samples)).toBeCloseTo(500, -1);
    const middle = samples.subarray(4_000, 12_000);
    expect(Math.max(...middle)).toBeCloseTo(0.5, 1);
    expect(Math.min(...middle)).toBeCloseTo(-0.5, 1);
  });

  it.each([
    // G.711: the codes of silence, of the largest positive and of the largest negative value.
    ['µ-law', 7, [0xff, 0x80, 0x00], [0, 0.98, -0.98]],
    ['A-law', 6, [0xd5, 0xaa, 0x2a], [0, 0.98, -0.98]],
  ])('of %s follows the table', async (_name, format, codes, expected) => {
    const held = Buffer.from(codes.flatMap((code) => Array<number>(4_000).fill(code)));
    const { samples } = soundOf(
      await decode(wavOf(held, { format, channels: 1, rate: 8_000, bits: 8 }), 'audio/wav'),
    );
    expected.forEach((value, i) => {
      expect(samples[Math.round((i + 0.5) * 8_000)]).toBeCloseTo(value, 1);
    });
  });

  it('mixes channels and measures what mixing would hide', async () => {
    const left = makeTone(400, 1, 8_000, 1.5);
    const bytes = Buffer.alloc(left.length * 4);
    left.forEach((value, i) => {
      bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, value)) * 32_767), i * 4);
    });
    const stereo = wavOf(bytes, { format: 1, channels: 2, rate: 8_000, bits: 16 });
    const sound = soundOf(await decode(stereo, 'audio/wav'));
    expect(sound.channels).toBe(2);
    expect(Math.max(...sound.samples)).toBeLessThan(0.6);
    expect(sound.clippedShare).toBeGreaterThan(0.3);
  });

  it('measures digital silence, but not the zeros of a tone', async () => {
    const half = Float32Array.from([...makeTone(400, 1, 8_000), ...new Float32Array(8_000)]);
    const { digitalSilenceShare, clippedShare } = soundOf(
      await decode(writeWav(half, 8_000), 'audio/wav'),
    );
    expect(digitalSilenceShare).toBeCloseTo(0.5, 2);
    expect(clippedShare).toBe(0);
  });

  it('stops at the limit and says so', async () => {
    const wav = writeWav(makeTone(400, 5, 8_000), 8_000);
    const cut = soundOf(await decode(wav, 'audio/wav', 2));
    expect(cut.isCut).toBe(true);
    expect(cut.seconds).toBe(2);
    expect(cut.samples).toHaveLength(2 * JUDGED_RATE);
    expect(soundOf(await decode(wav, 'audio/wav', 300)).isCut).toBe(false);
  });

  it('refuses sample rates that would turn a small file into hours', async () => {
    const wav = wavOf(Buffer.alloc(100_000), { format: 1, channels: 1, rate: 1, bits: 16 });
    await expect(decode(wav, 'audio/wav')).resolves.toMatchObject({ kind: 'unreadable' });
  });
});

describe('compressed sound', () => {
  it.each(['voice.mp3', 'voice.flac', 'voice.opus', 'voice.ogg', 'clip.webm'])(
    '%s is decoded without any outside program',
    async (name) => {
      const sound = soundOf(
        await decode(await readFile(new URL(name, FIXTURES)), TYPES[name] ?? ''),
      );
      expect(sound.errors).toBe(0);
      expect(Math.abs(sound.seconds - 2)).toBeLessThan(0.15);
      // The same recording in every file: levels agree to a few decibels.
      const level = Math.sqrt(
        sound.samples.reduce((sum, s) => sum + s * s, 0) / sound.samples.length,
      );
      const original = makeVowels(2, 16_000);
      const expected = Math.sqrt(original.reduce((sum, s) => sum + s * s, 0) / original.length);
      expect(Math.abs(20 * Math.log10(level / expected))).toBeLessThan(4);
    },
  );

  it('says that AAC needs an outside program where there is none', async () => {
    const bytes = await readFile(new URL('voice.m4a', FIXTURES));
    await expect(decode(bytes, 'audio/mp4')).resolves.toEqual({ kind: 'no_decoder', codec: 'aac' });
  });

  it('keeps what comes before the damage', async () => {
    const bytes = await readFile(new URL('voice.mp3', FIXTURES));
    const sound = soundOf(await decode(bytes.subarray(0, bytes.length / 2), 'audio/mpeg'));
    expect(sound.seconds).toBeGreaterThan(0.5);
    expect(sound.seconds).toBeLessThan(1.5);
  });

  it.each(Object.keys(TYPES))('never throws for a damaged %s', async (name) => {
    // The decoders print what they think of damaged files.
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const bytes = await readFile(new URL(name, FIXTURES));
    const mutation = fc.record({
      length: fc.integer({ min: 16, max: bytes.length }),
      changes: fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), {
        maxLength: 12,
      }),
    });
    await fc.assert(
      fc.asyncProperty(mutation, async ({ length, changes }) => {
        const damaged = Buffer.from(bytes);
        for (const [at, value] of changes) damaged[at] = value;
        const answer = await decode(damaged.subarray(0, length), TYPES[name] ?? '');
        if (answer.kind === 'decoded') {
          expect(answer.sound.samples.every(Number.isFinite)).toBe(true);
          expect(answer.sound.seconds).toBeLessThan(400);
        }
      }),
      { numRuns: 15 },
    );
  });
});

describe('ffmpeg', () => {
  it('is not found under a wrong name or when it is switched off', async () => {
    await expect(findFfmpeg(join(folder, 'no-such-program'))).resolves.toBeNull();
    await expect(findFfmpeg('off')).resolves.toBeNull();
  });
});
