import type { FaceModel } from '../../inference/face-model.js';
import { shrink } from '../../intake/image.js';
import type { VideoFrame } from '../../intake/video-frames.js';
import type { Face } from '../faces/boxes.js';
import { findFaces } from '../faces/find-faces.js';
import type { Detection, Detector, Subject } from '../types.js';
import { faceCrop, MIN_FACE } from './face-crop.js';
import { followFaces, type FaceTrack } from './face-tracks.js';
import { judgeFrames, type ModelScores } from './frame-scores.js';
import { inSpreadOrder, MIN_FRAMES } from './temporal-aggregation.js';

/** Faces that are followed and scored; more cost time and are seldom the subject. */
const MOST_TRACKS = 2;
/** Faces of a frame that are followed. */
const MOST_FACES = 8;

export interface ScoredTrack {
  /** Its sightings that are large enough to be scored. */
  readonly track: FaceTrack;
  /** Those that were shown to the models; time may have run out. */
  readonly judged: number;
  readonly models: readonly ModelScores[];
}

export interface JudgedFaces {
  /** Frames in which faces were looked for; time may have run out. */
  readonly searched: number;
  /** Frames in which any was found. */
  readonly withFaces: number;
  /** Faces that are in enough frames, however small. */
  readonly followed: number;
  /** The first {@link MOST_TRACKS} of those that are large enough in enough frames, the longest seen first. */
  readonly tracks: readonly ScoredTrack[];
  readonly versions: Detection['models'];
}

/**
 * Finds the faces in frames, follows them, and shows the square around each to the detectors of pictures.
 *
 * @param deadline by `performance.now()`
 */
export async function judgeFaces(
  model: FaceModel,
  detectors: readonly Detector[],
  subject: Subject,
  frames: readonly VideoFrame[],
  deadline: number,
): Promise<JudgedFaces> {
  const { searched, facesByFrame } = await findInFrames(model, frames, deadline);
  const followed = followFaces(facesByFrame).filter((track) => track.length >= MIN_FRAMES);
  const tracks: ScoredTrack[] = [];
  const versions = new Map([[model.manifest.id, pick(model.manifest)]]);
  const large = followed.map(largeSightings).filter((track) => track.length >= MIN_FRAMES);
  for (const track of large.slice(0, MOST_TRACKS)) {
    if (tracks.length > 0 && performance.now() > deadline) {
      tracks.push({ track, judged: 0, models: [] });
      continue;
    }
    const pictures = track.flatMap(({ frame, face }) => {
      const whole = frames[frame];
      return whole ? [{ frame, pixels: () => faceCrop(whole.pixels, face) }] : [];
    });
    const judged = await judgeFrames(detectors, subject, pictures, deadline);
    tracks.push({ track, judged: judged.judged, models: judged.models });
    for (const version of judged.versions) versions.set(version.id, version);
  }
  return {
    searched,
    withFaces: facesByFrame.filter((faces) => faces.length > 0).length,
    followed: followed.length,
    tracks,
    versions: [...versions.values()],
  };
}

async function findInFrames(model: FaceModel, frames: readonly VideoFrame[], deadline: number) {
  const facesByFrame: Face[][] = frames.map(() => []);
  let searched = 0;
  for (const { frame, pixels } of inSpreadOrder(frames.map((each, i) => ({ ...each, frame: i })))) {
    if (searched > 0 && performance.now() > deadline) break;
    const faces = await findFaces(model, pixels, await shrink(pixels));
    facesByFrame[frame] = faces.slice(0, MOST_FACES);
    searched += 1;
  }
  return { searched, facesByFrame };
}

function largeSightings(track: FaceTrack): FaceTrack {
  return track.filter(({ face }) => Math.max(face.width, face.height) >= MIN_FACE);
}

function pick({ id, version }: FaceModel['manifest']): Detection['models'][number] {
  return { id, version };
}
