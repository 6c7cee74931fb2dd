import type { Place } from '../crops.js';

/** A face in a picture, in the picture's own pixels. */
export interface Face extends Place {
  /** The detector's confidence, 0..1. */
  readonly score: number;
}

/** Overlap over union, 0..1. */
export function overlap(a: Place, b: Place): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}

/** Boxes that are looked at, the most confident ones: a hostile picture could propose thousands, and the work grows with their square. */
const MOST_BOXES = 500;

/**
 * One box a face: the boxes that overlap the most confident one by at least `least` are replaced by their mean, weighted by confidence, which is steadier
 * from frame to frame than any of them (Bazarevsky et al., BlazeFace, 2019).
 *
 * @returns the most confident first
 */
export function merged(boxes: readonly Face[], least: number): Face[] {
  const faces: Face[] = [];
  let rest = [...boxes].sort((a, b) => b.score - a.score).slice(0, MOST_BOXES);
  for (let best = rest[0]; best !== undefined; best = rest[0]) {
    const leader = best;
    const same = rest.filter((box) => box === leader || overlap(box, leader) >= least);
    rest = rest.filter((box) => !same.includes(box));
    faces.push(weightedMean(same, leader.score));
  }
  return faces;
}

function weightedMean(boxes: readonly Face[], score: number): Face {
  const weight = boxes.reduce((sum, box) => sum + box.score, 0);
  const mean = (side: keyof Place): number =>
    boxes.reduce((sum, box) => sum + box.score * box[side], 0) / weight;
  return {
    left: mean('left'),
    top: mean('top'),
    width: mean('width'),
    height: mean('height'),
    score,
  };
}

/** The part of a box within a picture; null where that is nothing or the box is no box. */
export function withinPicture(face: Face, width: number, height: number): Face | null {
  const left = Math.max(0, face.left);
  const top = Math.max(0, face.top);
  const right = Math.min(width, face.left + face.width);
  const bottom = Math.min(height, face.top + face.height);
  // Written so that NaN fails.
  if (!(right - left >= 1 && bottom - top >= 1)) return null;
  return { left, top, width: right - left, height: bottom - top, score: face.score };
}
