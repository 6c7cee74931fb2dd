/**
 * Makes the small encoded sounds and videos that the tests of the detection service read, so that those tests need no encoder. Run it with ffmpeg in PATH:
 *
 *     npx tsx scripts/media/encoded-fixtures.ts
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { makeVowels, writeWav } from './sound.js';

const FOLDER = fileURLToPath(
  new URL('../../detector-service/test/fixtures/media/', import.meta.url),
);
/** Two seconds are enough for every measure and keep the files small. */
const SECONDS = 2;
const QUIET = ['-nostdin', '-v', 'error', '-y', '-fflags', '+bitexact'];
const PLAIN = ['-map_metadata', '-1', '-flags', '+bitexact'];

const SOUNDS: Readonly<Record<string, readonly string[]>> = {
  'voice.mp3': ['-c:a', 'libmp3lame', '-b:a', '24k'],
  'voice.flac': ['-c:a', 'flac', '-sample_fmt', 's16', '-ar', '8000'],
  'voice.opus': ['-c:a', 'libopus', '-b:a', '12k'],
  'voice.ogg': ['-c:a', 'libvorbis', '-q:a', '0'],
  'voice.m4a': ['-c:a', 'aac', '-b:a', '24k'],
};

/** A zoom with texture, small and slow, with sound. */
const PICTURES = [
  ...['-f', 'lavfi', '-t', String(SECONDS)],
  ...['-i', `mandelbrot=size=192x160:rate=3:end_scale=0.02:end_pts=${SECONDS * 3}`],
];
const VIDEOS: Readonly<Record<string, readonly string[]>> = {
  'clip.mp4': [
    '-c:v',
    'libx264',
    '-preset',
    'slow',
    '-crf',
    '38',
    '-g',
    '5',
    '-pix_fmt',
    'yuv420p',
    '-c:a',
    'aac',
    '-b:a',
    '16k',
  ],
  'clip.webm': ['-c:v', 'libvpx', '-b:v', '30k', '-g', '5', '-c:a', 'libopus', '-b:a', '8k'],
};

function main(): void {
  mkdirSync(FOLDER, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'mediaguard-fixtures-'));
  const wav = join(work, 'voice.wav');
  writeFileSync(wav, writeWav(makeVowels(SECONDS, 16_000), 16_000));
  for (const [name, options] of Object.entries(SOUNDS)) {
    ffmpeg(['-i', wav, ...options, ...PLAIN, join(FOLDER, name)]);
  }
  for (const [name, options] of Object.entries(VIDEOS)) {
    ffmpeg([...PICTURES, '-i', wav, ...options, ...PLAIN, join(FOLDER, name)]);
  }
  rmSync(work, { recursive: true });
}

function ffmpeg(options: readonly string[]): void {
  execFileSync('ffmpeg', [...QUIET, ...options], { stdio: 'inherit' });
}

main();
