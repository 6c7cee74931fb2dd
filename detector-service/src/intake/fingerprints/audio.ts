import { JUDGED_RATE } from '../audio/collector.js';
import { SpectrumAnalyser, frameCount } from '../audio/spectrum.js';

/**
 * An audio fingerprint after Haitsma and Kalker, "A highly robust audio fingerprinting system" (ISMIR 2002): one 32-bit word a frame, whose bits are the
 * signs of energy differences between neighbouring bands and neighbouring frames. Frames are as long and overlap less than in the paper, so a second takes
 * 31 bytes; copies that begin at another instant still agree in most bits.
 */
export type AudioFingerprint = Uint32Array;

const FRAME = 8192;
const HOP = 2048;
const BITS = 32;
/** Hertz; telephone lines, small codecs and resamplers keep this band. */
const LOWEST = 300;
const HIGHEST = 2000;
/** Two minutes tell a recording apart from every other. */
const MAX_WORDS = 940;
/** Words that must overlap before two fingerprints are compared: 3 seconds. Shorter sounds agree by chance. */
const MIN_OVERLAP = 24;

/** Seconds that one word stands for. */
export const AUDIO_WORD_SECONDS = HOP / JUDGED_RATE;

/**
 * Bit error rate up to which two sounds count as copies of each other. `npm run bench -- audio-copies <folder>` on 21 recordings of speech of 7 to 12 seconds:
 * unrelated ones differed in at least 0.44 of their bits at the best alignment; copies through MP3 at 64 kbit/s in at most 0.02, a telephone line 0.10, Opus at
 * 16 kbit/s 0.13, played two per cent faster 0.25.
 */
export const AUDIO_MATCH = 0.3;

/** @param samples one channel at 16 kHz; the first two minutes count */
export function audioFingerprint(samples: Float32Array): AudioFingerprint {
  const analyser = new SpectrumAnalyser(FRAME);
  const edges = bandEdges();
  const power = new Float32Array(analyser.bins);
  const frames = Math.min(MAX_WORDS + 1, frameCount(samples.length, FRAME, HOP));
  const words = new Uint32Array(Math.max(0, frames - 1));
  let before = new Float64Array(BITS + 1);
  for (let frame = 0; frame < frames; frame += 1) {
    analyser.power(samples, frame * HOP, power);
    const energies = Float64Array.from({ length: BITS + 1 }, (_, band) =>
      sumOf(power, edges[band] as number, edges[band + 1] as number),
    );
    if (frame > 0) words[frame - 1] = wordOf(energies, before);
    before = energies;
  }
  return words;
}

/** 33 bands of equal width on a logarithmic scale. */
function bandEdges(): number[] {
  return Array.from({ length: BITS + 2 }, (_, i) =>
    Math.round((LOWEST * (HIGHEST / LOWEST) ** (i / (BITS + 1)) * FRAME) / JUDGED_RATE),
  );
}

function sumOf(power: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let bin = from; bin < to; bin += 1) sum += power[bin] as number;
  return sum;
}

function wordOf(now: Float64Array, before: Float64Array): number {
  let word = 0;
  for (let bit = 0; bit < BITS; bit += 1) {
    const rise = (now[bit] as number) - (now[bit + 1] as number);
    const past = (before[bit] as number) - (before[bit + 1] as number);
    if (rise > past) word |= 1 << bit;
  }
  return word >>> 0;
}

const PREFIX = 'a1.';

/** Text for a registry: a version and base64url. */
export function encodeAudioFingerprint(words: AudioFingerprint): string {
  const bytes = Buffer.alloc(words.length * 4);
  words.forEach((word, i) => bytes.writeUInt32BE(word, i * 4));
  return PREFIX + bytes.toString('base64url');
}

/** @throws RangeError where the text is no fingerprint of this version */
export function decodeAudioFingerprint(text: string): AudioFingerprint {
  const body = text.slice(PREFIX.length);
  const bytes = Buffer.from(body, 'base64url');
  if (!text.startsWith(PREFIX) || bytes.toString('base64url') !== body || bytes.length % 4 !== 0) {
    throw new RangeError(
      `Expected an audio fingerprint that begins with ${PREFIX} but received ${JSON.stringify(text.slice(0, 20))}; make it by encodeAudioFingerprint.`,
    );
  }
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32BE(i * 4));
}

export interface AudioMatch {
  /** Share of bits that differ at the best alignment, 0..1. */
  readonly distance: number;
  /** Seconds by which the second sound begins later than the first. */
  readonly offsetSeconds: number;
  readonly overlapSeconds: number;
}

/**
 * The alignment at which two sounds agree most.
 *
 * @returns null where they are too short to be compared
 */
export function compareAudio(a: AudioFingerprint, b: AudioFingerprint): AudioMatch | null {
  if (Math.min(a.length, b.length) < MIN_OVERLAP) return null;
  let best: AudioMatch | null = null;
  // Half of the shorter one must overlap, so that a long pair finds no chance agreement in a corner.
  const least = Math.max(MIN_OVERLAP, Math.ceil(Math.min(a.length, b.length) / 2));
  for (let offset = least - b.length; offset <= a.length - least; offset += 1) {
    const start = Math.max(0, offset);
    const overlap = Math.min(a.length, offset + b.length) - start;
    let differing = 0;
    for (let i = start; i < start + overlap; i += 1) {
      differing += bitCount(((a[i] as number) ^ (b[i - offset] as number)) >>> 0);
    }
    const distance = differing / (overlap * BITS);
    if (best === null || distance < best.distance) {
      best = {
        distance,
        offsetSeconds: offset * AUDIO_WORD_SECONDS,
        overlapSeconds: overlap * AUDIO_WORD_SECONDS,
      };
    }
  }
  return best;
}

/** Whether two sounds hold the same recording. */
export function isSameAudio(a: AudioFingerprint, b: AudioFingerprint): boolean {
  const match = compareAudio(a, b);
  return match !== null && match.distance <= AUDIO_MATCH;
}

function bitCount(word: number): number {
  let v = word - ((word >>> 1) & 0x5555_5555);
  v = (v & 0x3333_3333) + ((v >>> 2) & 0x3333_3333);
  return (((v + (v >>> 4)) & 0x0f0f_0f0f) * 0x0101_0101) >>> 24;
}
