import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import sharp from 'sharp';

import { createDetectors } from '../../src/detectors/suite.js';
import { findFfmpeg, type Ffmpeg } from '../../src/intake/ffmpeg.js';
import { MEDIA_LIMITS } from '../../src/intake/limits.js';
import { createC2paReader } from '../../src/provenance/c2pa-reader.js';
import { NO_ANCHORS } from '../../src/provenance/trust-anchors.js';
import { examine, type Examination } from '../../src/verdict/examine.js';
import { fuse } from '../../src/verdict/fuse.js';
import { makeVowels, writeWav } from '../../../scripts/media/sound.js';
import { makePixels } from '../../../scripts/media/picture.js';

const FIXTURES = new URL('../fixtures/media/', import.meta.url);
let folder: string;
/** Optional on a user's machine: what needs it is skipped there, visibly. */
const ffmpeg = await findFfmpeg('ffmpeg');
const itWithFfmpeg = ffmpeg ? it : it.skip;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-av-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function examined(bytes: Buffer, program: Ffmpeg | null = null): Promise<Examination> {
  const path = join(folder, 'media');
  await writeFile(path, bytes);
  return examine(
    { path, sizeBytes: bytes.length, declaredType: undefined, fileName: undefined },
    {
      c2pa: createC2paReader(NO_ANCHORS),
      detectors: await createDetectors([], {
        ffmpeg: program,
        readMarks: () => Promise.resolve([]),
        documentAnchors: [],
      }),
      limits: MEDIA_LIMITS,
    },
  );
}

const codes = ({ findings }: Examination): string[] => findings.map(({ code }) => code);
const fixture = (name: string): Promise<Buffer> => readFile(new URL(name, FIXTURES));

describe('sound files', () => {
  it('are measured and drawn, and not scored', async () => {
    const examination = await examined(writeWav(makeVowels(4, 16_000), 16_000));
    expect(codes(examination)).toEqual(['audio.measured', 'audio.not_scored']);
    expect(examination.media.durationSeconds).toBe(4);
    expect(examination.scores.every((score) => score === null)).toBe(true);
    expect(fuse(examination.findings)).toBe('not_evaluated');
    expect(examination.evidence.map(({ kind }) => kind)).toEqual(['spectrogram']);
    expect(examination.fingerprints).toEqual([
      { kind: 'audio', value: expect.stringMatching(/^a1\./) as string },
    ]);
    expect(examination.findings[0]?.detail).toMatch(
      /^4\.0 s of pcm-s16 at 16 kHz in 1 channel\. \d+ % of it sounds like speech/,
    );
  });

  it('say what they lack ffmpeg for', async () => {
    const examination = await examined(await fixture('voice.m4a'));
    expect(codes(examination)).toEqual(['audio.not_decoded']);
    expect(examination.findings[0]?.detail).toContain('needs ffmpeg');
    expect(examination.media.durationSeconds).toBeCloseTo(2, 1);
  });

  it('contradict themselves where bytes follow their end', async () => {
    const wav = writeWav(makeVowels(2, 16_000), 16_000);
    const examination = await examined(Buffer.concat([wav, Buffer.alloc(5_000, 7)]));
    expect(codes(examination)).toContain('audio.container_inconsistent');
    expect(
      examination.findings.find(({ code }) => code === 'audio.container_inconsistent')?.detail,
    ).toContain('5000 bytes');
  });

  it('contradict themselves where the sound is shorter than they say', async () => {
    const wav = writeWav(makeVowels(4, 16_000), 16_000);
    expect(codes(await examined(wav.subarray(0, wav.length / 2)))).toContain(
      'audio.container_inconsistent',
    );
  });

  it('that are damaged never end in an error', async () => {
    const bytes = await fixture('voice.opus');
    for (const length of [60, 300, 1_000, 2_000]) {
      const cut = await examined(bytes.subarray(0, length));
      expect(codes(cut).some((code) => code.startsWith('audio.'))).toBe(true);
    }
  });
});

describe('videos', () => {
  it('without ffmpeg are checked but not looked at', async () => {
    const examination = await examined(await fixture('clip.mp4'));
    expect(codes(examination)).toEqual(['video.not_decoded', 'video.audio_not_scored']);
    expect(examination.media).toMatchObject({ mediaType: 'video/mp4', width: 192, height: 160 });
    expect(examination.media.durationSeconds).toBeCloseTo(2, 1);
    expect(fuse(examination.findings)).toBe('not_evaluated');
  });

  it('without ffmpeg are still listened to where the codec is known', async () => {
    const examination = await examined(await fixture('clip.webm'));
    expect(codes(examination)).toEqual(['video.not_decoded', 'video.audio_not_scored']);
    expect(examination.evidence.map(({ kind }) => kind)).toEqual(['spectrogram']);
  });

  it('contradict themselves where bytes follow their end', async () => {
    const clip = await fixture('clip.mp4');
    const examination = await examined(Buffer.concat([clip, Buffer.alloc(900, 1)]));
    expect(codes(examination)).toContain('video.container_inconsistent');
  });

  itWithFfmpeg('show their frames', async () => {
    const examination = await examined(await fixture('clip.mp4'), ffmpeg);
    expect(examination.evidence.map(({ kind }) => kind)).toEqual(['frame_strip', 'spectrogram']);
    expect(examination.fingerprints.map(({ kind }) => kind)).toEqual(['video', 'audio']);
    expect(codes(examination)).toEqual(['video.not_decoded', 'video.audio_not_scored']);
    expect(examination.findings[0]?.detail).toMatch(/frames between 0:00\.0 and 0:01/);
  });

  it('that are damaged never end in an error', async () => {
    const bytes = await fixture('clip.mp4');
    for (const length of [40, 500, 3_000, bytes.length - 10]) {
      const cut = await examined(bytes.subarray(0, length), ffmpeg);
      expect(codes(cut)).toContain('video.not_decoded');
    }
  });
});

it('looks at the frames of a moving picture without ffmpeg', async () => {
  const pages = await Promise.all(
    [1, 2, 3, 4].map(async (seed) => (await makePixels(160, 160, seed)).data),
  );
  const gif = await sharp(Buffer.concat(pages), {
    raw: { width: 160, height: 640, channels: 3, pageHeight: 160 },
  })
    .gif({ delay: [500, 500, 500, 500] })
    .toBuffer();
  const examination = await examined(gif);
  expect(examination.evidence.map(({ kind }) => kind)).toEqual(['preview', 'frame_strip']);
  expect(examination.findings.at(-1)?.detail).toContain('4 frames between 0:00.0 and 0:01.5');
});
