import type { ContainerFacts } from './container/media-file.js';
import { demuxerOf, runFfmpeg, type Ffmpeg, type FfmpegOutput } from './ffmpeg.js';
import type { Pixels } from './image.js';
import type { MediaLimits } from './limits.js';

/** One picture of a video. */
export interface VideoFrame {
  /** Seconds from the beginning. */
  readonly seconds: number;
  readonly pixels: Pixels;
}

export interface FrameSource {
  readonly path: string;
  readonly mediaType: string;
  /** Null where only ffmpeg reads the container. */
  readonly container: ContainerFacts | null;
}

export type FrameAnswer =
  | { readonly kind: 'frames'; readonly frames: readonly VideoFrame[] }
  | { readonly kind: 'unreadable' };

/** Longest side of a frame; larger ones are scaled down, since 8K costs time and memory and shows nothing more at this stage. */
const MAX_SIDE = 1280;
/** Seconds times pixels up to which decoding all of it (20 s of 720p, say) is cheaper than seeking to each frame. */
const WHOLE_PASS = 20 * 1280 * 720;
/** The scale filter keeps shapes and the even sizes that some converters need. */
const SCALE = `scale=w='min(iw,${MAX_SIDE})':h='min(ih,${MAX_SIDE})':force_original_aspect_ratio=decrease:force_divisible_by=2`;
const RAW_FRAMES = ['-an', '-sn', '-dn', '-map', '0:v:0', '-pix_fmt', 'rgb24', '-f', 'rawvideo'];
const FRAME_BYTES = MAX_SIDE * MAX_SIDE * 3;

/**
 * At most `limits.maxFrames` frames spread evenly over a video, upright, in order. Short videos are decoded once from end to end; in longer ones ffmpeg goes to
 * the key frame at or before each instant. Never throws for what the bytes do; what comes within `limits.outsideProgramMs` is what there is.
 */
export async function sampleFrames(
  source: FrameSource,
  limits: MediaLimits,
  ffmpeg: Ffmpeg,
): Promise<FrameAnswer> {
  const demuxer = demuxerOf(source.mediaType);
  if (!demuxer) return { kind: 'unreadable' };
  const deadline = performance.now() + limits.outsideProgramMs;
  const input = { path: source.path, demuxer };
  const shape = shapeOf(source.container) ?? (await shapeByFfmpeg(input, ffmpeg, deadline));
  const frames =
    shape.seconds * shape.area <= WHOLE_PASS
      ? await inOnePass(input, shape.seconds, limits.maxFrames, ffmpeg, deadline)
      : await bySeeking(input, shape.seconds, limits.maxFrames, ffmpeg, deadline);
  return frames.length > 0 ? { kind: 'frames', frames } : { kind: 'unreadable' };
}

interface Shape {
  readonly seconds: number;
  /** Pixels of a frame. */
  readonly area: number;
}

type Input = Parameters<typeof runFfmpeg>[1]['input'];

function shapeOf(container: ContainerFacts | null): Shape | null {
  const track = container?.tracks.find(({ kind }) => kind === 'video');
  const seconds = track?.declaredSeconds ?? container?.seconds ?? null;
  return track && seconds !== null && seconds > 0
    ? { seconds, area: (track.width ?? 0) * (track.height ?? 0) }
    : null;
}

/** What ffmpeg says of a container that is not known here. Without a duration only the beginning is looked at. */
async function shapeByFfmpeg(input: Input, ffmpeg: Ffmpeg, deadline: number): Promise<Shape> {
  const output = await runFfmpeg(ffmpeg, {
    input,
    outputOptions: ['-vf', `${SCALE},showinfo`, '-frames:v', '1', ...RAW_FRAMES],
    maxBytes: FRAME_BYTES,
    maxMs: remaining(deadline),
  });
  const [, hours = '0', minutes = '0', seconds = '0'] =
    /Duration: (\d+):(\d\d):(\d\d\.\d+)/.exec(output.log) ?? [];
  const [frame] = framesIn(output);
  return {
    seconds: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
    area: frame ? frame.pixels.width * frame.pixels.height : 0,
  };
}

async function inOnePass(
  input: Input,
  seconds: number,
  count: number,
  ffmpeg: Ffmpeg,
  deadline: number,
): Promise<VideoFrame[]> {
  // A little less than an even share, so that rounding costs no frame at the end.
  const step = (seconds / count) * 0.99;
  const select = `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${step.toFixed(4)})'`;
  const output = await runFfmpeg(ffmpeg, {
    input,
    outputOptions: [
      ...['-vf', `${select},${SCALE},showinfo`, '-vsync', 'passthrough'],
      ...['-frames:v', String(count), ...RAW_FRAMES],
    ],
    maxBytes: FRAME_BYTES * count,
    maxMs: remaining(deadline),
  });
  return framesIn(output);
}

async function bySeeking(
  input: Input,
  seconds: number,
  count: number,
  ffmpeg: Ffmpeg,
  deadline: number,
): Promise<VideoFrame[]> {
  const frames = new Map<number, VideoFrame>();
  for (let i = 0; i < count && performance.now() < deadline; i += 1) {
    const at = ((i + 0.5) / count) * seconds;
    const output = await runFfmpeg(ffmpeg, {
      input,
      inputOptions: ['-noaccurate_seek', '-skip_frame', 'nokey', '-ss', at.toFixed(3), '-copyts'],
      outputOptions: ['-vf', `${SCALE},showinfo`, '-frames:v', '1', ...RAW_FRAMES],
      maxBytes: FRAME_BYTES,
      maxMs: remaining(deadline),
    });
    // Two instants may share their key frame.
    for (const frame of framesIn(output)) frames.set(Math.round(frame.seconds * 1000), frame);
  }
  return [...frames.values()].sort((a, b) => a.seconds - b.seconds);
}

function remaining(deadline: number): number {
  return Math.max(500, deadline - performance.now());
}

/** Lines of the `showinfo` filter say when each frame is shown and how large it is; the output holds the frames back to back. */
function framesIn({ bytes, log }: FfmpegOutput): VideoFrame[] {
  const frames: VideoFrame[] = [];
  let at = 0;
  for (const [, time, w, h] of log.matchAll(/pts_time:(-?[\d.]+)[^\n]*? s:(\d+)x(\d+)/g)) {
    const [width, height] = [Number(w), Number(h)];
    const data = bytes.subarray(at, at + width * height * 3);
    if (data.length < width * height * 3) break;
    frames.push({ seconds: Math.max(0, Number(time)), pixels: { data, width, height } });
    at += data.length;
  }
  return frames;
}
