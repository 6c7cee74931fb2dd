import { SpectrumAnalyser, frameCount } from '../../intake/audio/spectrum.js';

/** Samples of a frame and between two frames: 32 and 16 milliseconds at 16 kHz. */
const FRAME = 512;
export const ACTIVITY_HOP = 256;
const BIN_HERTZ = 16_000 / FRAME;
/** Where speech has its strength. */
const LOWEST = Math.round(150 / BIN_HERTZ);
const HIGHEST = Math.round(4_000 / BIN_HERTZ);
/** Voiced frames have tones, so their spectrum is far from flat; noise comes near 1, a vowel near 0.05. */
const MAX_FLATNESS = 0.35;
/** Decibels above the noise floor, and below the loudest frames, between which a frame counts as active. */
const ABOVE_FLOOR_DB = 9;
const BELOW_PEAK_DB = 40;
/** Frames quieter than this are silence whatever the rest is like; a full-scale sine is near -9. */
const SILENCE_DB = -75;
/** Syllables hold together: gaps up to a quarter of a second belong to speech, blips under 80 milliseconds do not. */
const LONGEST_GAP = 16;
const SHORTEST_RUN = 5;

export interface SpeechActivity {
  /** Share of the sound that holds speech, or something as tonal and as lively, 0..1. */
  readonly share: number;
  /** Seconds of it. */
  readonly seconds: number;
  /** Root mean square level of the active frames in decibels below full scale; null where none is active. */
  readonly levelDb: number | null;
  /** Whether the frame that begins at `i *` {@link ACTIVITY_HOP} holds speech. */
  readonly frames: readonly boolean[];
}

/**
 * Finds speech by energy above the noise floor together with spectral flatness, as in Moattar and Homayounpour, "A simple but efficient real-time voice
 * activity detection algorithm" (EUSIPCO 2009). Music passes for speech: this bounds what could be judged, it recognises no voice.
 *
 * @param samples one channel at 16 kHz
 */
export function speechActivity(samples: Float32Array): SpeechActivity {
  const count = frameCount(samples.length, FRAME, ACTIVITY_HOP);
  if (count === 0) return { share: 0, seconds: 0, levelDb: null, frames: [] };
  const analyser = new SpectrumAnalyser(FRAME);
  const power = new Float32Array(analyser.bins);
  const levels = new Float32Array(count);
  const flatness = new Float32Array(count);
  for (let frame = 0; frame < count; frame += 1) {
    analyser.power(samples, frame * ACTIVITY_HOP, power);
    const band = power.subarray(LOWEST, HIGHEST);
    levels[frame] = 10 * Math.log10(sumOf(band) + 1e-14);
    flatness[frame] = flatnessOf(band);
  }
  const sorted = Float32Array.from(levels).sort();
  const floor = sorted[Math.floor(count * 0.1)] as number;
  const peak = sorted[Math.floor(count * 0.98)] as number;
  // Speech without pauses has no frame at the noise floor, so the floor is never taken to be close to the peak.
  const threshold = Math.max(
    SILENCE_DB,
    peak - BELOW_PEAK_DB,
    Math.min(floor + ABOVE_FLOOR_DB, peak - 15),
  );
  const isActive = Array.from(
    levels,
    (level, frame) => level >= threshold && (flatness[frame] as number) <= MAX_FLATNESS,
  );
  const smoothed = withoutRuns(withoutRuns(isActive, true, SHORTEST_RUN), false, LONGEST_GAP);
  const active = smoothed.filter(Boolean).length;
  return {
    share: active / count,
    seconds: (active * ACTIVITY_HOP) / 16_000,
    levelDb: activeLevel(samples, smoothed),
    frames: smoothed,
  };
}

/** Flips runs of one value that are shorter than `shortest` and have the other value on both sides. */
function withoutRuns(values: readonly boolean[], value: boolean, shortest: number): boolean[] {
  const result = [...values];
  for (let start = 0; start < values.length;) {
    let end = start;
    while (end < values.length && values[end] === values[start]) end += 1;
    const isInside = start > 0 && end < values.length;
    const isShort = end - start < shortest && (value || isInside);
    if (values[start] === value && isShort) result.fill(!value, start, end);
    start = end;
  }
  return result;
}

function activeLevel(samples: Float32Array, isActive: readonly boolean[]): number | null {
  let squares = 0;
  let count = 0;
  isActive.forEach((active, frame) => {
    if (!active) return;
    for (let i = frame * ACTIVITY_HOP; i < (frame + 1) * ACTIVITY_HOP; i += 1)
      squares += (samples[i] ?? 0) ** 2;
    count += ACTIVITY_HOP;
  });
  return count === 0 ? null : 10 * Math.log10(squares / count + 1e-14);
}

function sumOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Geometric over arithmetic mean, 0..1. */
function flatnessOf(power: Float32Array): number {
  let logs = 0;
  let sum = 0;
  for (const value of power) {
    logs += Math.log(value + 1e-14);
    sum += value + 1e-14;
  }
  return Math.exp(logs / power.length) / (sum / power.length);
}
