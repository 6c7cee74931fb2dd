import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';

import type { AudioTrack, MediaFile } from '../container/media-file.js';
import { demuxerOf, runFfmpeg, type Ffmpeg } from '../ffmpeg.js';
import type { MediaLimits } from '../limits.js';
import { SoundCollector, type DecodedSound } from './collector.js';
import { createFrameDecoder, type FrameDecoder } from './frame-decoder.js';
import { readPcm } from './pcm.js';

/** Where the sound is. */
export interface SoundSource {
  readonly path: string;
  readonly mediaType: string;
  /** The whole file; null where it is too large to hold. */
  readonly bytes: Buffer | null;
  /** Null where the container cannot be read without ffmpeg. */
  readonly file: MediaFile | null;
}

export type SoundAnswer =
  | { readonly kind: 'decoded'; readonly sound: DecodedSound }
  /** `no_decoder`: the codec needs ffmpeg, which is not there. `unreadable`: the decoder got nothing out. `no_track`: there is no sound. */
  | { readonly kind: 'no_decoder' | 'unreadable' | 'no_track'; readonly codec: string | null };

/** Frames given to a decoder at once. */
const BATCH = 64;

/**
 * Decodes the first `limits.maxAudioSeconds` of the sound in a file: by decoders of this process where they know the codec (PCM, MP3, FLAC, Opus, Vorbis in
 * Ogg), else by ffmpeg where it is there. Never throws for what the bytes do.
 */
export async function decodeSound(
  source: SoundSource,
  limits: MediaLimits,
  ffmpeg: Ffmpeg | null,
): Promise<SoundAnswer> {
  const { file } = source;
  const track = file ? await file.audioTrack().catch(() => null) : null;
  if (file && !track && !file.facts.tracks.some(({ kind }) => kind === 'audio')) {
    return { kind: 'no_track', codec: null };
  }
  const codec = track?.codec ?? null;
  const sound =
    (track && (await byOwnDecoder(track, limits))) ??
    (await byVorbisDecoder(source, track, limits)) ??
    (ffmpeg && (await byFfmpeg(source, limits, ffmpeg)));
  if (sound) return { kind: 'decoded', sound };
  const needsFfmpeg = !ffmpeg && !(track && (await hasOwnDecoder(track)));
  return { kind: needsFfmpeg ? 'no_decoder' : 'unreadable', codec };
}

async function hasOwnDecoder(track: AudioTrack): Promise<boolean> {
  const decoder = await createFrameDecoder(track).catch(() => null);
  decoder?.free();
  return decoder !== null || track.codec === 'vorbis';
}

async function byOwnDecoder(track: AudioTrack, limits: MediaLimits): Promise<DecodedSound | null> {
  const decoder = await createFrameDecoder(track).catch(() => null);
  if (!decoder) return null;
  try {
    return await collect(track, decoder, limits.maxAudioSeconds);
  } finally {
    decoder.free();
  }
}

/** A container or a frame that fails ends the sound there; what came before it is kept. */
async function collect(
  track: AudioTrack,
  decoder: FrameDecoder,
  maxSeconds: number,
): Promise<DecodedSound | null> {
  const collector = new SoundCollector(maxSeconds);
  let batch: Uint8Array[] = [];
  let failures = 0;
  const flush = async (): Promise<void> => {
    if (batch.length > 0) collector.add(await decoder.decode(batch));
    batch = [];
  };
  try {
    for await (const { data } of track.frames()) {
      batch.push(data);
      if (batch.length >= BATCH) await flush();
      if (collector.isFull) return collector.result(true);
    }
    await flush();
  } catch {
    failures += 1;
  }
  const sound = collector.result(false);
  return sound && { ...sound, errors: sound.errors + failures };
}

/** Bytes of an Ogg file handed to the Vorbis decoder at once. */
const VORBIS_BLOCK = 65_536;

async function byVorbisDecoder(
  { bytes }: SoundSource,
  track: AudioTrack | null,
  { maxAudioSeconds }: MediaLimits,
): Promise<DecodedSound | null> {
  if (track?.codec !== 'vorbis' || !bytes || bytes.toString('latin1', 0, 4) !== 'OggS') return null;
  const decoder = new OggVorbisDecoder();
  await decoder.ready;
  const collector = new SoundCollector(maxAudioSeconds);
  try {
    for (let at = 0; at < bytes.length; at += VORBIS_BLOCK) {
      collector.add(blockOf(await decoder.decode(bytes.subarray(at, at + VORBIS_BLOCK))));
      if (collector.isFull) return collector.result(true);
    }
    collector.add(blockOf(await decoder.flush()));
    return collector.result(false);
  } catch {
    return collector.result(false);
  } finally {
    decoder.free();
  }
}

function blockOf(answer: {
  readonly channelData: readonly Float32Array[];
  readonly sampleRate: number;
  readonly errors: readonly unknown[];
}) {
  return {
    channels: answer.channelData,
    sampleRate: answer.sampleRate,
    errors: answer.errors.length,
  };
}

/** Rate and channels of what ffmpeg hands over. */
const FFMPEG_RATE = 48_000;
const BYTES_A_SAMPLE = 4;

async function byFfmpeg(
  { path, mediaType }: SoundSource,
  { maxAudioSeconds, outsideProgramMs }: MediaLimits,
  ffmpeg: Ffmpeg,
): Promise<DecodedSound | null> {
  const demuxer = demuxerOf(mediaType);
  if (!demuxer) return null;
  const maxBytes = maxAudioSeconds * FFMPEG_RATE * BYTES_A_SAMPLE;
  const { bytes, stopped, isDone } = await runFfmpeg(ffmpeg, {
    input: { path, demuxer },
    outputOptions: [
      ...['-map', '0:a:0', '-vn', '-sn', '-dn', '-t', String(maxAudioSeconds)],
      ...['-ac', '1', '-ar', String(FFMPEG_RATE), '-c:a', 'pcm_f32le', '-f', 'f32le'],
    ],
    maxBytes,
    maxMs: outsideProgramMs,
  });
  const collector = new SoundCollector(maxAudioSeconds);
  collector.add({ channels: readPcm(bytes, 'pcm-f32', 1), sampleRate: FFMPEG_RATE, errors: 0 });
  const isCut = stopped !== 'no' || bytes.length >= maxBytes;
  const sound = collector.result(isCut);
  return sound && { ...sound, errors: isDone || isCut ? 0 : 1 };
}
