import { overlap, type Face } from '../faces/boxes.js';

/** A face in one of the frames. */
export interface Sighting {
  /** Place in the list of frames. */
  readonly frame: number;
  readonly face: Face;
}

/** Faces that stand in about the same place from frame to frame. Whether they are one person's is not asked. */
export type FaceTrack = readonly Sighting[];

/** Overlap over union that two sightings of a moving head still have; people beside each other have none. */
const LEAST_OVERLAP = 0.2;
/** Frames for which a face may be away: a blink of the detector, somebody walking past. */
const MOST_FRAMES_AWAY = 3;

/**
 * Follows faces through the frames. Of all pairs of a face and a track that ended lately, the one that overlaps most is joined first; what remains begins a track.
 *
 * @param facesByFrame in the order of the frames, in pixels of the frame
 * @returns the longest first; of equals the one whose faces are larger
 */
export function followFaces(facesByFrame: readonly (readonly Face[])[]): FaceTrack[] {
  const tracks: Sighting[][] = [];
  facesByFrame.forEach((faces, frame) => {
    const open = tracks.filter((track) => frame - lastOf(track).frame <= MOST_FRAMES_AWAY);
    const pairs = faces
      .flatMap((face) =>
        open.map((track) => ({ face, track, shared: overlap(face, lastOf(track).face) })),
      )
      .filter(({ shared }) => shared >= LEAST_OVERLAP)
      .sort((a, b) => b.shared - a.shared);
    const joined = new Set<Face>();
    const extended = new Set<Sighting[]>();
    for (const { face, track } of pairs) {
      if (joined.has(face) || extended.has(track)) continue;
      joined.add(face);
      extended.add(track);
      track.push({ frame, face });
    }
    for (const face of faces) if (!joined.has(face)) tracks.push([{ frame, face }]);
  });
  return tracks.sort((a, b) => b.length - a.length || meanArea(b) - meanArea(a));
}

function lastOf(track: readonly Sighting[]): Sighting {
  return track.at(-1) as Sighting;
}

function meanArea(track: FaceTrack): number {
  return track.reduce((sum, { face }) => sum + face.width * face.height, 0) / track.length;
}
