import type { SpeechManifest } from '../../inference/model-manifest.js';
import type { SpeechModel } from '../../inference/speech-model.js';
import { JUDGED_RATE, type DecodedSound } from '../../intake/audio/collector.js';
import type { Finder } from '../../verdict/finding-codes.js';
import { fusedScore } from '../../verdict/fuse.js';
import { FIGURES_LEVEL, speechFigures, WIDE } from './figures/speech-figures.js';
import { levelled } from './loudness.js';
import { quietShare } from './quiet-share.js';
import type { SpeechActivity } from './speech-activity.js';
import { speechWindows, type SpeechWindow } from './speech-windows.js';

/** What one model said of the voice in a sound. */
export type VoiceAnswer = { readonly model: Finder } & (
  | {
      readonly kind: 'scored';
      /** Calibrated probability 0..1 that the voice is synthetic, over all windows. */
      readonly score: number;
      /** By the thresholds of the manifest. */
      readonly tendency: 'synthetic' | 'uncertain' | 'clear';
      /** A sentence about what was judged. */
      readonly basis: string;
    }
  | { readonly kind: 'abstained'; readonly reason: string }
);

/** What each tendency says to a reviewer. */
export const MEANINGS = {
  synthetic:
    'the voice moves as those of speech synthesis do. Weak evidence alone; a person should listen.',
  uncertain: 'no evidence either way, by what this model has been measured to tell.',
  clear: 'nothing of speech synthesis was found. That proves no origin.',
} as const;

/**
 * Has each model judge the windows of a sound that hold the most speech. A model abstains, with the reason, where its manifest says that the answer would be
 * worth nothing.
 */
export async function scoreVoice(
  sound: DecodedSound,
  activity: SpeechActivity,
  models: readonly SpeechModel[],
): Promise<readonly VoiceAnswer[]> {
  const answers: VoiceAnswer[] = [];
  for (const model of models) answers.push(await scoreBy(model, sound, activity));
  return answers;
}

/** The highest score of a model, or null where none scored the voice. It counts towards the score of the media, whether or not the model may raise an alarm. */
export function voiceScore(answers: readonly VoiceAnswer[]): number | null {
  return fusedScore(answers.map((answer) => (answer.kind === 'scored' ? answer.score : null)));
}

async function scoreBy(
  model: SpeechModel,
  sound: DecodedSound,
  activity: SpeechActivity,
): Promise<VoiceAnswer> {
  const { manifest } = model;
  const self = { id: manifest.id, version: manifest.version };
  const abstain = (reason: string): VoiceAnswer => ({ kind: 'abstained', model: self, reason });
  const reason = unfit(sound, activity, manifest);
  if (reason !== null) return abstain(reason);
  const { minSpeechSeconds, maxStrangeness } = manifest.abstain;
  const { seconds } = manifest.input;
  const windows = speechWindows(sound.samples, activity, {
    seconds,
    most: manifest.windows,
    minSpeechSeconds,
  });
  if (windows.length === 0) {
    return abstain(
      `No ${seconds} s of it hold ${minSpeechSeconds} s of speech; below that the score means nothing.`,
    );
  }
  const quiet = mean(windows.map(({ samples }) => quietShare(samples)));
  if (quiet < manifest.abstain.minQuietShare) {
    return abstain(
      `It falls quiet for only ${Math.round(quiet * 100)} % of the time, as music does; the score is for speech alone.`,
    );
  }
  const isWide = highestHertz(sound) >= WIDE.to;
  const judged = [];
  for (const window of windows) {
    judged.push({ window, ...(await model.answer(inputOf(window, isWide, manifest))) });
  }
  const strangeness = mean(judged.map((answer) => answer.strangeness ?? 0));
  if (maxStrangeness !== null && strangeness > maxStrangeness) {
    return abstain(
      `${Math.round(strangeness * 100)} % of what was measured lies outside all speech that the model knows, as with instruments, singing and noise, for which the score means nothing.`,
    );
  }
  const probability = (logit: number): number => calibrated(logit, manifest);
  const score = Math.round(10_000 * probability(mean(judged.map(({ logit }) => logit)))) / 10_000;
  if (!Number.isFinite(score))
    return abstain('The model answered with something that is no number.');
  return {
    kind: 'scored',
    model: self,
    score,
    tendency:
      score >= manifest.thresholds.suspect
        ? 'synthetic'
        : score > manifest.thresholds.clear
          ? 'uncertain'
          : 'clear',
    basis: basisOf(
      score,
      judged.map(({ window, logit }) => ({ window, score: probability(logit) })),
    ),
  };
}

/** Why a sound is not worth a score, whatever is said in it; null where it is. */
function unfit(
  sound: DecodedSound,
  { seconds }: SpeechActivity,
  { abstain }: SpeechManifest,
): string | null {
  if (seconds === 0) return 'Nothing in it sounds like speech.';
  if (seconds < abstain.minSpeechSeconds) {
    return `It holds ${seconds.toFixed(1)} s of speech; below ${abstain.minSpeechSeconds} s the score means nothing.`;
  }
  if (sound.clippedShare > abstain.maxClippedShare) {
    return `${(sound.clippedShare * 100).toFixed(1)} % of it is cut off at full scale, which distorts what the score is made of.`;
  }
  const band = highestHertz(sound);
  if (band < abstain.minBandHertz) {
    return `Nothing is left of it above ${Math.round(band)} Hz; the score needs speech up to ${abstain.minBandHertz} Hz.`;
  }
  return null;
}

function highestHertz({ bandLimit, sampleRate }: DecodedSound): number {
  return bandLimit ?? sampleRate / 2;
}

function inputOf(
  { samples }: SpeechWindow,
  isWide: boolean,
  { kind, input }: SpeechManifest,
): Float32Array {
  if (kind === 'speech-figures') return speechFigures(levelled(samples, FIGURES_LEVEL), isWide);
  const whole = new Float32Array(input.seconds * JUDGED_RATE);
  const { level, padding } = input;
  const loud = level === null ? samples : levelled(samples, level);
  const length = padding === 'repeat' ? whole.length : Math.min(loud.length, whole.length);
  for (let i = 0; i < length; i += 1) whole[i] = loud[i % loud.length] as number;
  return whole;
}

function basisOf(
  score: number,
  windows: readonly { readonly window: SpeechWindow; readonly score: number }[],
): string {
  const basis = `Calibrated probability ${score.toFixed(2)} from ${windows.length} ${windows.length === 1 ? 'stretch' : 'stretches'} of speech`;
  const highest = windows.reduce((most, one) => (one.score > most.score ? one : most));
  return windows.length === 1
    ? basis
    : `${basis}, highest with ${highest.score.toFixed(2)} at ${highest.window.seconds.toFixed(0)} s`;
}

function calibrated(logit: number, { calibration }: SpeechManifest): number {
  return 1 / (1 + Math.exp(-(logit / calibration.temperature + calibration.bias)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
