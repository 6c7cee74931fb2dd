import { JUDGED_RATE } from '../../intake/audio/collector.js';
import { loudRange, trimmed } from './loudness.js';
import { ACTIVITY_HOP, type SpeechActivity } from './speech-activity.js';

export interface SpeechWindow {
  /** Seconds into the sound. */
  readonly seconds: number;
  /** Without silence at its ends. */
  readonly samples: Float32Array;
}

export interface WindowRule {
  /** Length of a window. */
  readonly seconds: number;
  readonly most: number;
  /** Speech that a window has to hold. */
  readonly minSpeechSeconds: number;
}

/** Windows begin this share of their length apart, counted from the first sound. */
const STEP = 0.5;

/**
 * The windows with the most speech that do not overlap, in the order of time. A sound that is shorter than a window is one window.
 *
 * @param samples one channel at 16 kHz
 */
export function speechWindows(
  samples: Float32Array,
  activity: SpeechActivity,
  { seconds, most, minSpeechSeconds }: WindowRule,
): readonly SpeechWindow[] {
  const length = seconds * JUDGED_RATE;
  const { from, to } = loudRange(samples);
  const candidates: { start: number; end: number; speech: number }[] = [];
  for (let start = from; start < to; start += length * STEP) {
    const end = Math.min(to, start + length);
    const speech = speechWithin(activity, start, end);
    if (speech >= minSpeechSeconds) candidates.push({ start, end, speech });
  }
  const chosen: typeof candidates = [];
  for (const candidate of candidates.sort((a, b) => b.speech - a.speech || a.start - b.start)) {
    if (chosen.length === most) break;
    const isFree = chosen.every(
      ({ start, end }) => candidate.end <= start || candidate.start >= end,
    );
    if (isFree) chosen.push(candidate);
  }
  return chosen
    .sort((a, b) => a.start - b.start)
    .map(({ start, end }) => ({
      seconds: start / JUDGED_RATE,
      samples: trimmed(samples.subarray(start, end)),
    }));
}

/** Seconds of speech between two samples. */
function speechWithin({ frames }: SpeechActivity, start: number, end: number): number {
  const between = frames.slice(Math.ceil(start / ACTIVITY_HOP), Math.ceil(end / ACTIVITY_HOP));
  return (between.filter(Boolean).length * ACTIVITY_HOP) / JUDGED_RATE;
}
