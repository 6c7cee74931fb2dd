import type { VideoFrame } from '../../intake/video-frames.js';
import { verdictOf } from '../../verdict/finding-codes.js';
import { judgeInnerPicture } from '../inner-picture.js';
import type { Detection, Detector, Subject } from '../types.js';

/** What one model said of one frame. */
export interface FrameScore {
  /** Place in the list of frames. */
  readonly frame: number;
  readonly score: number;
  /** The finding argues that the picture is not genuine. */
  readonly accuses: boolean;
}

/** What one model said of a video's frames. */
export interface ModelScores {
  readonly model: string;
  readonly scores: readonly FrameScore[];
}

export interface JudgedFrames {
  /** Frames looked at, in their order; time may have run out before the last one. */
  readonly judged: number;
  readonly models: readonly ModelScores[];
  readonly versions: Detection['models'];
}

/** Shows frames to the detectors of pictures, one by one, until the time is used up. */
export async function judgeFrames(
  detectors: readonly Detector[],
  subject: Subject,
  frames: readonly VideoFrame[],
  maxMs: number,
): Promise<JudgedFrames> {
  const deadline = performance.now() + maxMs;
  const byModel = new Map<string, FrameScore[]>();
  const versions = new Map<string, Detection['models'][number]>();
  let judged = 0;
  for (const { pixels } of inSpreadOrder(frames)) {
    if (judged > 0 && performance.now() > deadline) break;
    const frame = frames.findIndex((candidate) => candidate.pixels === pixels);
    // Frames of video went through a lossy encoder, so they are shown like JPEG.
    const detection = await judgeInnerPicture(detectors, subject, pixels, 'image/jpeg');
    for (const { detector, score, code } of detection.findings) {
      if (score === null) continue;
      const accuses = ['suspect', 'synthetic', 'tampered'].includes(verdictOf(code) ?? '');
      byModel.set(detector, [...(byModel.get(detector) ?? []), { frame, score, accuses }]);
    }
    for (const model of detection.models) versions.set(model.id, model);
    judged += 1;
  }
  return {
    judged,
    models: [...byModel].map(([model, scores]) => ({
      model,
      scores: [...scores].sort((a, b) => a.frame - b.frame),
    })),
    versions: [...versions.values()],
  };
}

/** Every second one, then the others: if time runs out, what was judged still spans the video. */
function inSpreadOrder<T>(items: readonly T[]): T[] {
  return [...items.filter((_, i) => i % 2 === 0), ...items.filter((_, i) => i % 2 === 1)];
}

/** Frames that a statement about a video needs: one or two may be blurred, black or a title. */
export const MIN_FRAMES = 3;

/** What the scores of one model come to. No single frame decides: the middle one stands for all, and an alarm takes more than half of at least three. */
export interface ScoreSummary {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  /** Mean step between neighbouring frames: a generated or recorded scene changes its score slowly, a swapped face makes it flicker. */
  readonly flicker: number;
  readonly isAlarm: boolean;
}

/** @returns null where fewer than {@link MIN_FRAMES} were scored */
export function summarise(scores: readonly FrameScore[]): ScoreSummary | null {
  if (scores.length < MIN_FRAMES) return null;
  const values = scores.map(({ score }) => score);
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const at = (place: number): number => sorted[place] as number;
  const steps = values.slice(1).map((value, i) => Math.abs(value - (values[i] as number)));
  return {
    median: sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2,
    lowest: at(0),
    highest: at(sorted.length - 1),
    flicker: steps.reduce((sum, step) => sum + step, 0) / steps.length,
    isAlarm: scores.filter(({ accuses }) => accuses).length * 2 > scores.length,
  };
}
