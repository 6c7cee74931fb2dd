import { execFile } from 'node:child_process';

/** Longest sound taken into a variant, in seconds. */
const MOST_SECONDS = 600;
const MOST_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 25_000;

const RECIPES = {
  mp3: ['-c:a', 'libmp3lame', '-b:a', '64k', '-f', 'mp3'],
  telephone: [
    ...['-af', 'highpass=f=300,lowpass=f=3400', '-ac', '1', '-ar', '8000'],
    ...['-c:a', 'pcm_mulaw', '-f', 'wav'],
  ],
  'voice-message': [
    ...['-c:a', 'libopus', '-b:a', '16k', '-application', 'voip', '-ac', '1'],
    ...['-f', 'ogg'],
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type SoundVariant = keyof typeof RECIPES;

export function isSoundVariant(name: string): name is SoundVariant {
  return Object.hasOwn(RECIPES, name);
}

/**
 * Has ffmpeg make the variant: local files only, no metadata, bounded in time and size.
 *
 * @returns the bytes, or why there are none
 */
export function makeSoundVariant(
  path: string,
  variant: SoundVariant,
): Promise<{ readonly bytes: Buffer } | { readonly reason: string }> {
  const options = [
    ...['-nostdin', '-v', 'error', '-protocol_whitelist', 'file,pipe', '-i', `file:${path}`],
    ...['-vn', '-map_metadata', '-1', '-t', String(MOST_SECONDS), ...RECIPES[variant], 'pipe:1'],
  ];
  return new Promise((resolve) => {
    execFile(
      'ffmpeg',
      options,
      { encoding: 'buffer', maxBuffer: MOST_BYTES, timeout: TIMEOUT_MS, killSignal: 'SIGKILL' },
      (error, bytes) => {
        if (!error) resolve({ bytes });
        else if (error.code === 'ENOENT') resolve({ reason: 'ffmpeg is not installed' });
        else resolve({ reason: 'ffmpeg cannot convert this sound' });
      },
    );
  });
}
