import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openMediaFile } from '../../intake/container/media-file.js';
import { demuxerOf, runFfmpeg, type Ffmpeg } from '../../intake/ffmpeg.js';
import type { ItemLaw } from './law.js';
import type { MadeBytes, VariantSource } from './source.js';

/** Longest part taken into a variant, from the beginning. */
const MOST_SECONDS = 20;
const MOST_BYTES = 128 * 1024 * 1024;
const TIMEOUT_MS = 25_000;
/** Side of the crops of matched variants. */
const CROP = 224;
/** Short side before the crop of m2. */
const SHORT_SIDE = 256;

export const VIDEO_VARIANTS = ['m1', 'm2', 'messenger', 'resave'] as const;
export type VideoVariant = (typeof VIDEO_VARIANTS)[number];

export function isVideoVariant(name: string): name is VideoVariant {
  return VIDEO_VARIANTS.some((known) => known === name);
}

/** Has ffmpeg make the variant, or says why there is none. The matched ones have no sound: whether a class has any must not tell it. */
export async function makeVideoVariant(
  source: VariantSource,
  variant: VideoVariant,
  law: ItemLaw,
  ffmpeg: Ffmpeg | null,
): Promise<MadeBytes> {
  if (!ffmpeg) return { reason: 'ffmpeg is not installed' };
  const demuxer = demuxerOf(source.mediaType);
  if (demuxer === null) return { reason: `${source.mediaType} is not given to ffmpeg` };
  if (variant === 'm1' && (await shortSideOf(source)) < CROP) return { reason: 'too small' };
  // The container is written with an index, which a pipe does not allow.
  const folder = await mkdtemp(join(tmpdir(), 'mediaguard-video-'));
  const target = join(folder, 'variant.mp4');
  try {
    const { isDone } = await runFfmpeg(ffmpeg, {
      input: { path: source.path, demuxer },
      outputOptions: [...recipeOf(variant, law), ...COMMON, `file:${target}`, ...TO_NOWHERE],
      maxBytes: 0,
      maxMs: TIMEOUT_MS,
    });
    if (!isDone) return { reason: 'ffmpeg cannot convert this video' };
    return { bytes: await readFile(target) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const COMMON = [
  ...['-map_metadata', '-1', '-map_chapters', '-1', '-fflags', '+bitexact'],
  ...['-t', String(MOST_SECONDS), '-fs', String(MOST_BYTES), '-movflags', '+faststart'],
  ...['-f', 'mp4', '-y'],
];
/** Nothing goes to standard output, where ffmpeg is otherwise read from. */
const TO_NOWHERE = ['-map', '0:v:0', '-c', 'copy', '-t', '0', '-f', 'null'];

function recipeOf(variant: VideoVariant, { videoQuality }: ItemLaw): readonly string[] {
  const frames = (filter: string, crf: number): readonly string[] => [
    ...['-map', '0:v:0', '-vf', filter, '-c:v', 'libx264', '-preset', 'veryfast'],
    ...['-crf', String(crf), '-pix_fmt', 'yuv420p', '-flags:v', '+bitexact'],
  ];
  const crop = `crop=${CROP}:${CROP},setsar=1`;
  const shortSide = `scale='if(lt(iw,ih),${SHORT_SIDE},-2)':'if(lt(iw,ih),-2,${SHORT_SIDE})'`;
  switch (variant) {
    case 'm1':
      return frames(crop, videoQuality);
    case 'm2':
      return frames(`${shortSide},${crop}`, videoQuality);
    case 'messenger':
      return [
        ...frames(
          "scale='min(848,iw)':'min(848,ih)':force_original_aspect_ratio=decrease:force_divisible_by=2",
          28,
        ),
        ...['-map', '0:a:0?', '-c:a', 'aac', '-b:a', '64k', '-flags:a', '+bitexact'],
      ];
    case 'resave':
      return ['-map', '0:v:0', '-map', '0:a:0?', '-c', 'copy'];
  }
}

async function shortSideOf({ path, sizeBytes }: VariantSource): Promise<number> {
  const file = await openMediaFile(path, sizeBytes);
  const track = file?.facts.tracks.find(({ kind }) => kind === 'video');
  file?.close();
  return Math.min(track?.width ?? 0, track?.height ?? 0);
}
