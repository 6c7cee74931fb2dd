import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { MPEGDecoder } from 'mpg123-decoder';
import { OpusDecoder } from 'opus-decoder';

import type { AudioTrackSetup } from '../container/media-file.js';
import { isPcm, readPcm } from './pcm.js';

/** A run of decoded samples. */
export interface SampleBlock {
  /** One array a channel, all as long. */
  readonly channels: readonly Float32Array[];
  readonly sampleRate: number;
  /** Frames that the decoder complained about. */
  readonly errors: number;
}

export interface FrameDecoder {
  decode(frames: Uint8Array[]): Promise<SampleBlock>;
  free(): void;
}

/** What the WebAssembly decoders have in common. */
interface WasmAnswer {
  readonly channelData: readonly Float32Array[];
  readonly sampleRate: number;
  readonly errors: readonly unknown[];
}

/** Opus allows 255, WAV 65,535; sound in use has at most a few dozen. */
const MAX_CHANNELS = 64;

/**
 * A decoder for the coded frames of one track, all of it WebAssembly or plain code in this process.
 *
 * @returns null where the codec needs an outside program (AAC, and Vorbis outside Ogg) or there are too many channels
 */
export async function createFrameDecoder(setup: AudioTrackSetup): Promise<FrameDecoder | null> {
  const { codec, channels } = setup;
  if (!(channels >= 1 && channels <= MAX_CHANNELS)) return null;
  if (isPcm(codec)) return pcmDecoder(setup);
  if (codec === 'mp3') return wasm(new MPEGDecoder());
  if (codec === 'flac') return wasm(new FLACDecoder());
  if (codec === 'opus') return wasm(new OpusDecoder(opusOptions(setup)));
  return null;
}

function pcmDecoder({ codec, channels, sampleRate }: AudioTrackSetup): FrameDecoder {
  return {
    decode: (frames) =>
      Promise.resolve({
        channels: readPcm(Buffer.concat(frames), codec, channels),
        sampleRate,
        errors: 0,
      }),
    free: () => undefined,
  };
}

async function wasm(decoder: {
  readonly ready: Promise<void>;
  readonly decodeFrames: (frames: Uint8Array[]) => WasmAnswer | Promise<WasmAnswer>;
  readonly free: () => void;
}): Promise<FrameDecoder> {
  await decoder.ready;
  return {
    async decode(frames) {
      const { channelData, sampleRate, errors } = await decoder.decodeFrames(frames);
      return { channels: channelData, sampleRate, errors: errors.length };
    },
    free: () => decoder.free(),
  };
}

/** The identification header of RFC 7845, section 5.1; without one, plain mono or stereo. */
function opusOptions({ channels, description }: AudioTrackSetup) {
  const head = description && Buffer.from(description);
  if (!head || head.length < 19 || head.toString('latin1', 0, 8) !== 'OpusHead') {
    return {
      channels,
      streamCount: 1,
      coupledStreamCount: channels - 1,
      channelMappingTable: channels === 2 ? [0, 1] : [0],
    };
  }
  const preSkip = head.readUInt16LE(10);
  const count = head.readUInt8(9);
  if (head.readUInt8(18) === 0 || head.length < 21 + count) {
    return {
      channels: count,
      preSkip,
      streamCount: 1,
      coupledStreamCount: count - 1,
      channelMappingTable: count === 2 ? [0, 1] : [0],
    };
  }
  return {
    channels: count,
    preSkip,
    streamCount: head.readUInt8(19),
    coupledStreamCount: head.readUInt8(20),
    channelMappingTable: [...head.subarray(21, 21 + count)],
  };
}
