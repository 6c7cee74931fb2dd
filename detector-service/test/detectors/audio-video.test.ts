/** @jest-environment ./test/support/typed-array-environment.js */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import sharp from 'sharp';

import { createAudioDetector } from '../../src/detectors/audio/audio-detector.js';
import { createDetectors } from '../../src/detectors/suite.js';
import type { Detector } from '../../src/detectors/types.js';
import { createVideoDetector } from '../../src/detectors/video/video-detector.js';
import type { SamplesManifest } from '../../src/inference/model-manifest.js';
import type { Ffmpeg } from '../../src/intake/ffmpeg.js';
import { MEDIA_LIMITS } from '../../src/intake/limits.js';
import { createC2paReader } from '../../src/provenance/c2pa-reader.js';
import { NO_ANCHORS } from '../../src/provenance/trust-anchors.js';
import { examine, type Examination } from '../../src/verdict/examine.js';
import { fuse, fusedScore } from '../../src/verdict/fuse.js';
import { makeNoise, makeVowels, writeWav } from '../../../scripts/media/sound.js';
import { makePixels } from '../../../scripts/media/picture.js';
import { ffmpeg, itWithFfmpeg } from '../support/optional-programs.js';
import { SPEECH_MANIFEST, speechModelOf } from '../support/speech-model.js';

const FIXTURES = new URL('../fixtures/media/', import.meta.url);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-av-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function examined(bytes: Buffer, program: Ffmpeg | null = null): Promise<Examination> {
  return examinedBy(
    await createDetectors([], {
      ffmpeg: program,
      readMarks: () => Promise.resolve([]),
      documentAnchors: { signers: [], timeStamps: [] },
    }),
    bytes,
  );
}

async function examinedBy(detectors: readonly Detector[], bytes: Buffer): Promise<Examination> {
  const path = join(folder, 'media');
  await writeFile(path, bytes);
  return examine(
    { path, sizeBytes: bytes.length, declaredType: undefined, fileName: undefined },
    { c2pa: createC2paReader(NO_ANCHORS), detectors, limits: MEDIA_LIMITS },
  );
}

/** Judged by a speech model with this answer, which listens to short sounds too. */
function heardBy(logit: number, changes: Partial<SamplesManifest>, bytes: Buffer) {
  const abstain = { ...SPEECH_MANIFEST.abstain, minSpeechSeconds: 1 };
  const models = [speechModelOf([{ logit }], { ...changes, abstain })];
  return examinedBy(
    [
      createVideoDetector({ pictures: [], faces: null }, models, null),
      createAudioDetector(null, models),
    ],
    bytes,
  );
}

const codes = ({ findings }: Examination): string[] => findings.map(({ code }) => code);
const fixture = (name: string): Promise<Buffer> => readFile(new URL(name, FIXTURES));

describe('sound files', () => {
  it('are measured and drawn, and not scored without a model', async () => {
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

describe('the voice', () => {
  const advisory = { thresholds: { suspect: 1, clear: 0 } };

  it.each<[string, number, Partial<SamplesManifest>, string, string, number | null]>([
    ['an alarm', 9, {}, 'audio.synthetic', 'suspect', 0.982],
    ['no sign', -9, {}, 'audio.clear', 'clear', 0.0067],
    ['doubt', 1, {}, 'audio.uncertain', 'not_evaluated', 0.5],
    ['an alarm that was not earned', 9, advisory, 'audio.uncertain', 'not_evaluated', 0.982],
  ])('of a sound file with %s', async (_name, logit, changes, code, verdict, score) => {
    const wav = writeWav(makeVowels(4, 16_000), 16_000);
    const examination = await heardBy(logit, changes, wav);
    expect(codes(examination)).toEqual(['audio.measured', code]);
    expect(fuse(examination.findings)).toBe(verdict);
    expect(fusedScore(examination.scores)).toBe(score);
    expect(examination.models).toEqual([{ id: 'ear', version: '1.2.3' }]);
  });

  it.each([
    ['an alarm', 9, 'video.voice_synthetic', 'suspect'],
    ['no sign, which clears nothing', -9, 'video.voice_scored', 'not_evaluated'],
  ])('of a video with %s', async (_name, logit, code, verdict) => {
    const examination = await heardBy(logit, {}, await fixture('clip.webm'));
    expect(codes(examination)).toEqual(['video.not_decoded', 'audio.measured', code]);
    expect(fuse(examination.findings)).toBe(verdict);
  });

  it('that is no speech is not scored, with the reason', async () => {
    const examination = await heardBy(9, {}, writeWav(makeNoise(4, 16_000), 16_000));
    expect(codes(examination)).toEqual(['audio.measured', 'audio.not_scored']);
    expect(examination.findings[1]?.detail).toMatch(/^Nothing in it sounds like speech\./);
    expect(fuse(examination.findings)).toBe('not_evaluated');
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
    expect(codes(examination)).toEqual([
      'video.not_decoded',
      'audio.measured',
      'video.audio_not_scored',
    ]);
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
    expect(codes(examination)).toEqual([
      'video.not_decoded',
      'audio.measured',
      'video.audio_not_scored',
    ]);
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
