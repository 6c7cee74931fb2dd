import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { JUDGED_RATE } from '../src/intake/audio/collector.js';
import { audioFingerprint, compareAudio } from '../src/intake/fingerprints/audio.js';

const COPIES: Readonly<Record<string, readonly string[]>> = {
  'MP3 64 kbit/s': ['-c:a', 'libmp3lame', '-b:a', '64k', '-f', 'mp3'],
  'Opus 16 kbit/s': ['-c:a', 'libopus', '-b:a', '16k', '-f', 'ogg'],
  telephone: ['-af', 'highpass=300,lowpass=3400', '-ar', '8000', '-c:a', 'pcm_mulaw', '-f', 'wav'],
  'beginning 0.53 s later': ['-ss', '0.53', '-f', 'wav'],
  'two per cent faster': ['-af', 'atempo=1.02', '-f', 'wav'],
};

const ffmpeg = (...options: readonly string[]): Buffer =>
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...options], {
    maxBuffer: 256 * 1024 * 1024,
  });

function fingerprintOf(path: string): Uint32Array {
  const raw = ffmpeg('-i', path, '-ac', '1', '-ar', String(JUDGED_RATE), '-f', 'f32le', '-');
  return audioFingerprint(new Float32Array(raw.buffer, raw.byteOffset, Math.floor(raw.length / 4)));
}

function report(name: string, distances: readonly number[]): void {
  const sorted = [...distances].sort((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN).toFixed(3);
  process.stdout.write(
    `${name.padEnd(24)} ${String(sorted.length).padStart(5)} pairs  least ${at(0)}  median ${at(0.5)}  most ${at(1)}\n`,
  );
}

/**
 * Measures the audio fingerprint: how far copies of recordings through codecs and lines lie from them, and how far unrelated recordings. Needs ffmpeg.
 *
 * @param folder recordings of at least 6 seconds
 */
export function benchAudioCopies(folder: string): Promise<void> {
  const paths = readdirSync(folder)
    .filter((name) => /\.(?:flac|wav|mp3|ogg|opus|m4a)$/.test(name))
    .map((name) => join(folder, name));
  const originals = paths.map(fingerprintOf);
  report(
    'unrelated',
    originals.flatMap((a, i) =>
      originals.slice(0, i).flatMap((b) => compareAudio(a, b)?.distance ?? []),
    ),
  );
  const work = mkdtempSync(join(tmpdir(), 'mediaguard-copies-'));
  for (const [name, options] of Object.entries(COPIES)) {
    const copy = join(work, 'copy');
    const distances = paths.flatMap((path, i) => {
      ffmpeg('-i', path, ...options, copy);
      return compareAudio(originals[i] ?? new Uint32Array(), fingerprintOf(copy))?.distance ?? [];
    });
    report(name, distances);
  }
  rmSync(work, { recursive: true });
  return Promise.resolve();
}
