import {
  ALL_FORMATS,
  EncodedPacketSink,
  Input,
  type InputAudioTrack,
  type InputTrack,
} from 'mediabunny';

import { MediaRefusedError } from '../../verdict/types.js';
import { guardedSource } from './guarded-source.js';

/** With its source of bytes the only file that knows mediabunny, which takes containers apart and decodes nothing. It runs in child processes: containers are hostile. */

export interface TrackFacts {
  readonly kind: 'audio' | 'video' | 'other';
  /** mediabunny's name (`avc`, `aac`, `opus`, `pcm-s16`); null where it does not know the codec. */
  readonly codec: string | null;
  /** As the container declares it, from the beginning of the file to the end of the track; null where it does not. */
  readonly declaredSeconds: number | null;
  readonly width: number | null;
  readonly height: number | null;
  /** Hertz. */
  readonly sampleRate: number | null;
  readonly channels: number | null;
}

export interface ContainerFacts {
  /** `MP4`, `QuickTime File Format`, `WebM`, `Matroska`, `MP3`, `WAVE`, `Ogg`, `FLAC`, `ADTS`. */
  readonly format: string;
  /** Declared, else counted from the packets; null where neither works. */
  readonly seconds: number | null;
  readonly tracks: readonly TrackFacts[];
  /** Text tags by the container's own names: `ISFT`, `TSSE`, `©too`, `ENCODER`. Claims, no proof. */
  readonly tags: ReadonlyMap<string, string>;
}

/** One coded frame. */
export interface CodedFrame {
  readonly data: Uint8Array;
  readonly seconds: number;
}

/** What an audio decoder needs besides the frames. */
export interface AudioTrackSetup {
  readonly codec: string;
  readonly sampleRate: number;
  readonly channels: number;
  /** Codec-specific header, such as `OpusHead`; null where there is none. */
  readonly description: Uint8Array | null;
}

export interface AudioTrack extends AudioTrackSetup {
  /** Frames in decoding order. */
  frames(): AsyncGenerator<CodedFrame, void, undefined>;
}

/** An open container. Close it. */
export interface MediaFile {
  readonly facts: ContainerFacts;
  /** The audio track that a player would choose; null where there is none or its codec is unknown. */
  audioTrack(): Promise<AudioTrack | null>;
  close(): void;
}

const MAX_TRACKS = 64;
const MAX_TAGS = 200;
const MAX_TAG_LENGTH = 4_000;
/** Above this, files without a declared duration are not read through to count one. */
const MAX_COUNTED_BYTES = 256_000_000;

/**
 * Opens a file as audio or video and reads its headers.
 *
 * @returns null where it is no container that mediabunny reads, such as AVI or AIFF, or its headers are broken
 * @throws MediaRefusedError `media.unreadable` where they are broken so that nothing can be found behind them
 */
export async function openMediaFile(path: string, sizeBytes: number): Promise<MediaFile | null> {
  const input = new Input({
    source: await guardedSource(path, sizeBytes),
    formats: ALL_FORMATS,
  });
  try {
    const facts = await readFacts(input, sizeBytes);
    return {
      facts,
      audioTrack: () => audioTrackOf(input),
      close: () => input.dispose(),
    };
  } catch (error) {
    input.dispose();
    if (error instanceof MediaRefusedError) throw error;
    return null;
  }
}

async function readFacts(input: Input, sizeBytes: number): Promise<ContainerFacts> {
  const format = await input.getFormat();
  const tracks = (await input.getTracks()).slice(0, MAX_TRACKS);
  const declared = await input.getDurationFromMetadata();
  const seconds =
    declared ?? (sizeBytes <= MAX_COUNTED_BYTES ? await countSeconds(input, tracks) : null);
  return {
    format: format.name,
    seconds: seconds !== null && Number.isFinite(seconds) && seconds >= 0 ? seconds : null,
    tracks: await Promise.all(tracks.map(trackFacts)),
    tags: await readTags(input),
  };
}

/** Damaged packets at the end make the count fail; the duration is then unknown, the rest of the facts is not. */
function countSeconds(input: Input, tracks: InputTrack[]): Promise<number | null> {
  if (tracks.length === 0) return Promise.resolve(null);
  return input.computeDuration(tracks, { metadataOnly: true }).catch(() => null);
}

async function trackFacts(track: InputTrack): Promise<TrackFacts> {
  const isVideo = track.isVideoTrack();
  const isAudio = track.isAudioTrack();
  return {
    kind: isVideo ? 'video' : isAudio ? 'audio' : 'other',
    codec: await track.getCodec().catch(() => null),
    declaredSeconds: await track.getDurationFromMetadata().catch(() => null),
    width: isVideo ? await track.getDisplayWidth() : null,
    height: isVideo ? await track.getDisplayHeight() : null,
    sampleRate: isAudio ? await track.getSampleRate() : null,
    channels: isAudio ? await track.getNumberOfChannels() : null,
  };
}

async function readTags(input: Input): Promise<ReadonlyMap<string, string>> {
  const { raw } = await input.getMetadataTags().catch(() => ({ raw: undefined }));
  const texts = new Map<string, string>();
  for (const [name, value] of Object.entries(raw ?? {})) {
    if (texts.size >= MAX_TAGS) break;
    const text = tagText(value);
    if (text !== '') texts.set(name, text.slice(0, MAX_TAG_LENGTH));
  }
  return texts;
}

function tagText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.filter((part) => typeof part === 'string').join('\n');
  // ID3v2 keeps user-defined text frames as one record of descriptions and texts.
  if (value !== null && typeof value === 'object' && !ArrayBuffer.isView(value)) {
    return Object.entries(value)
      .filter(([, text]) => typeof text === 'string')
      .map(([name, text]) => `${name}=${String(text)}`)
      .join('\n');
  }
  return '';
}

async function audioTrackOf(input: Input): Promise<AudioTrack | null> {
  const track = await input.getPrimaryAudioTrack();
  const codec = await track?.getCodec();
  if (!track || !codec) return null;
  const config = await track.getDecoderConfig().catch(() => null);
  return {
    codec,
    sampleRate: await track.getSampleRate(),
    channels: await track.getNumberOfChannels(),
    description: bytesOf(config?.description),
    frames: () => framesOf(track),
  };
}

/** The declared type is one of browsers, which Node does not know. */
function bytesOf(source: unknown): Uint8Array | null {
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : null;
}

async function* framesOf(track: InputAudioTrack): AsyncGenerator<CodedFrame, void, undefined> {
  for await (const packet of new EncodedPacketSink(track).packets()) {
    yield { data: packet.data, seconds: packet.timestamp };
  }
}
