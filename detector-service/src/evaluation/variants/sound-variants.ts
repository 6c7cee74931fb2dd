import { demuxerOf, runFfmpeg, type Ffmpeg } from '../../intake/ffmpeg.js';
import type { MadeBytes, VariantSource } from './source.js';

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

/** Has ffmpeg make the variant, without metadata, or says why there is none. */
export async function makeSoundVariant(
  { path, mediaType }: VariantSource,
  variant: SoundVariant,
  ffmpeg: Ffmpeg | null,
): Promise<MadeBytes> {
  if (!ffmpeg) return { reason: 'ffmpeg is not installed' };
  const demuxer = demuxerOf(mediaType);
  if (demuxer === null) return { reason: `${mediaType} is not given to ffmpeg` };
  const { bytes, isDone } = await runFfmpeg(ffmpeg, {
    input: { path, demuxer },
    outputOptions: [
      ...['-vn', '-map_metadata', '-1', '-t', String(MOST_SECONDS)],
      ...RECIPES[variant],
    ],
    maxBytes: MOST_BYTES,
    maxMs: TIMEOUT_MS,
  });
  return isDone ? { bytes } : { reason: 'ffmpeg cannot convert this sound' };
}
