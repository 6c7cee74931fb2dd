import type { Pixels } from '../../intake/image.js';
import type { VideoFrame } from '../../intake/video-frames.js';
import { verdictOf } from '../../verdict/finding-codes.js';
import { judgeInnerPicture } from '../inner-picture.js';
import type { Detection, Detector, Subject } from '../types.js';
import { inSpreadOrder, type FrameScore } from './temporal-aggregation.js';

/** What one model said of a video's frames. */
export interface ModelScores {
  readonly model: string;
  readonly scores: readonly FrameScore[];
}

export interface JudgedFrames {
  /** Frames looked at; time may have run out before the last one. */
  readonly judged: number;
  /** Scores in the order of the frames. */
  readonly models: readonly ModelScores[];
  readonly versions: Detection['models'];
}

/** What is shown of a frame: all of it, or a part. */
export interface FramePicture {
  /** Place in the list of frames. */
  readonly frame: number;
  readonly pixels: () => Pixels;
}

/** Whole frames as pictures. */
export function wholeFrames(frames: readonly VideoFrame[]): FramePicture[] {
  return frames.map(({ pixels }, frame) => ({ frame, pixels: () => pixels }));
}

/**
 * Shows pictures out of frames to the detectors of pictures, one by one, until the time is used up.
 *
 * @param deadline by `performance.now()`; the first picture is judged in any case
 */
export async function judgeFrames(
  detectors: readonly Detector[],
  subject: Subject,
  pictures: readonly FramePicture[],
  deadline: number,
): Promise<JudgedFrames> {
  const byModel = new Map<string, FrameScore[]>();
  const versions = new Map<string, Detection['models'][number]>();
  let judged = 0;
  for (const { frame, pixels } of inSpreadOrder(pictures)) {
    if (judged > 0 && performance.now() > deadline) break;
    // Frames of video went through a lossy encoder, so they are shown like JPEG.
    const detection = await judgeInnerPicture(detectors, subject, pixels(), 'image/jpeg');
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
