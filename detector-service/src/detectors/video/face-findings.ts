import type { VideoFrame } from '../../intake/video-frames.js';
import { makeFinding, type Finder } from '../../verdict/finding-codes.js';
import type { EvidenceFile, Finding } from '../../verdict/types.js';
import { MIN_FACE } from './face-crop.js';
import type { JudgedFaces, ScoredTrack } from './face-scores.js';
import { clock } from './frame-strip.js';
import { MIN_FRAMES, summarise, type ScoreSummary } from './temporal-aggregation.js';

/** One model's summary of one face. */
interface FaceSummary {
  readonly place: number;
  readonly scored: ScoredTrack;
  readonly scores: number;
  readonly summary: ScoreSummary;
}

/**
 * What the scores of faces say: one finding a model, about the face with the highest robust mean first. Never an alarm: no model was measured on squares around
 * faces in video. Where nothing was scored, one finding with the reason.
 *
 * @param evidence the strip of frames, with the boxes
 */
export function faceFindings(
  finder: Finder,
  judged: JudgedFaces,
  frames: readonly VideoFrame[],
  evidence: readonly EvidenceFile[],
): Finding[] {
  const models = [
    ...new Set(judged.tracks.flatMap((scored) => scored.models.map(({ model }) => model))),
  ];
  const findings = models.flatMap((model): Finding[] => {
    const faces = summaries(judged.tracks, model);
    const [first] = faces;
    if (!first) return [];
    const detail =
      `${model} scored ${faces.length === 1 ? 'a face in the square around it' : `${faces.length} faces, each in the square around it`}. ` +
      `${faces.map((face) => sentence(face, frames)).join(' ')} ${leftOut(judged, frames.length)}` +
      'The model was measured on whole pictures, not on faces in video, so this raises no alarm and clears nothing.';
    return [
      makeFinding(finder, 'video.faces_scored', detail, {
        score: Math.round(first.summary.robustMean * 10_000) / 10_000,
        evidence,
      }),
    ];
  });
  if (findings.length > 0) return findings;
  return [
    makeFinding(finder, 'video.faces_not_scored', reason(judged, frames.length), { evidence }),
  ];
}

function summaries(tracks: readonly ScoredTrack[], model: string): FaceSummary[] {
  return tracks
    .flatMap((scored, place): FaceSummary[] => {
      const scores = scored.models.find((candidate) => candidate.model === model)?.scores ?? [];
      const summary = summarise(scores);
      return summary ? [{ place, scored, scores: scores.length, summary }] : [];
    })
    .sort((a, b) => b.summary.robustMean - a.summary.robustMean);
}

function sentence(
  { place, scored, scores, summary }: FaceSummary,
  frames: readonly VideoFrame[],
): string {
  const { robustMean, lowest, highest, leader, flicker } = summary;
  const { face } = scored.track.find(({ frame }) => frame === leader) ?? {};
  const box = face
    ? `, at ${Math.round(face.left)}, ${Math.round(face.top)} (${Math.round(face.width)} x ${Math.round(face.height)} pixels)`
    : '';
  return (
    `Face ${place + 1} in ${scores} frames: mean of the middle half ${robustMean.toFixed(2)}, from ${lowest.toFixed(2)} to ${highest.toFixed(2)}, ` +
    `highest at ${clock(frames[leader]?.seconds ?? 0)}${box}, mean step between neighbours ${flicker.toFixed(2)}.`
  );
}

/** What was found but not scored; ends with a blank where there is any. */
function leftOut({ searched, followed, tracks }: JudgedFaces, frames: number): string {
  const scored = tracks.filter(({ models }) => models.length > 0);
  const late = scored.reduce((sum, { track, judged }) => sum + track.length - judged, 0);
  const parts = [
    ...(searched < frames
      ? [`time was up after ${searched} of ${frames} frames had been searched for faces`]
      : []),
    ...(late > 0 ? [`time was up before ${late} more views of these faces were scored`] : []),
    ...(followed > scored.length
      ? [
          `${followed - scored.length} more ${followed - scored.length === 1 ? 'face was' : 'faces were'} found and not scored`,
        ]
      : []),
  ];
  return parts.length === 0 ? '' : `Not judged: ${parts.join('; ')}. `;
}

function reason({ searched, withFaces, followed, tracks }: JudgedFaces, frames: number): string {
  const looked = `${searched} of ${frames} ${frames === 1 ? 'frame' : 'frames'} searched`;
  if (withFaces === 0) {
    return `${looked}: no face was found. Faces in profile, upside down, in the dark or of less than 8 % of the longer side of the frame are often missed.`;
  }
  if (followed === 0) {
    return `${looked}: faces were found in ${withFaces}, but none in the same place in ${MIN_FRAMES}, which a statement about a face needs.`;
  }
  if (tracks.length === 0) {
    return `${looked}: faces were found, but none of at least ${MIN_FACE} pixels in ${MIN_FRAMES} frames; smaller ones say too little.`;
  }
  return `${looked}: faces were found, but fewer than ${MIN_FRAMES} views of one could be scored (mostly flat, too small for the model, time was up, or there is no model).`;
}
