import { shrink, type Pixels } from '../intake/image.js';
import { NOTHING_FOUND, type Detection, type Detector, type Subject } from './types.js';

/**
 * Judges one picture that was found inside other media by the same detectors as a picture that comes alone. Findings, evidence and models are those of
 * all detectors together; the score is the highest one, null where none was measured.
 *
 * @param host the media that holds the picture
 * @param mediaType of the picture, which tells the detectors whether its pixels went through a lossy encoder
 */
export async function judgeInnerPicture(
  detectors: readonly Detector[],
  host: Subject,
  pixels: Pixels,
  mediaType: string,
): Promise<Detection> {
  const subject: Subject = {
    ...host,
    type: { mediaType, family: 'image', active: null, polyglot: null },
    claim: null,
    pixels,
    small: await shrink(pixels),
    isDamaged: false,
    pages: 1,
  };
  const detections: Detection[] = [];
  for (const detector of detectors) {
    if (detector.mediaTypes.test(mediaType)) detections.push(await detector.run(subject));
  }
  return detections.reduce(merged, NOTHING_FOUND);
}

function merged(all: Detection, next: Detection): Detection {
  const scores = [all.score, next.score].filter((score) => score !== null);
  return {
    findings: [...all.findings, ...next.findings],
    evidence: [...all.evidence, ...next.evidence],
    models: [...all.models, ...next.models],
    score: scores.length === 0 ? null : Math.max(...scores),
  };
}
