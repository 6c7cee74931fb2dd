import type { VideoFrame } from '../../intake/video-frames.js';
import { makeFinding, type Finder } from '../../verdict/finding-codes.js';
import type { EvidenceFile, Finding } from '../../verdict/types.js';
import type { JudgedFrames } from './frame-scores.js';
import { clock } from './frame-strip.js';
import { MIN_FRAMES, summarise } from './temporal-aggregation.js';

/**
 * What the scores of whole frames say: one finding a model, or one with the reason why there is none.
 *
 * @param evidence the strip of frames
 * @param facesSought faces were looked for, of which findings of their own tell
 */
export function frameFindings(
  finder: Finder,
  judged: JudgedFrames,
  frames: readonly VideoFrame[],
  evidence: readonly EvidenceFile[],
  facesSought: boolean,
): Finding[] {
  const span = `${frames.length} ${frames.length === 1 ? 'frame' : 'frames'} between ${clock(frames[0]?.seconds ?? 0)} and ${clock(frames.at(-1)?.seconds ?? 0)}`;
  const findings = judged.models.flatMap(({ model, scores }): Finding[] => {
    const summary = summarise(scores);
    if (!summary) return [];
    const { median, lowest, highest, flicker, isAlarm } = summary;
    const unjudged = facesSought ? 'movement' : 'faces, movement';
    const detail =
      `${model} scored ${scores.length} of ${span} as whole pictures: median ${median.toFixed(2)}, from ${lowest.toFixed(2)} to ${highest.toFixed(2)}, ` +
      `mean step between neighbours ${flicker.toFixed(2)}. ` +
      (isAlarm
        ? 'More than half of them reach the threshold at which a picture is suspect; a person should look.'
        : `The model was measured on pictures, not on video, so this clears nothing; ${unjudged} and lip synchrony were not judged.`);
    return [
      makeFinding(finder, isAlarm ? 'video.generated' : 'video.frames_scored', detail, {
        score: Math.round(median * 10_000) / 10_000,
        evidence,
      }),
    ];
  });
  if (findings.length > 0) return findings;
  return [
    makeFinding(
      finder,
      'video.not_decoded',
      `${span} were decoded, but fewer than ${MIN_FRAMES} of them could be scored (too small, mostly flat, or no model).`,
      { evidence },
    ),
  ];
}
