import type { Pixels } from '../../intake/image.js';
import { cutOut } from '../../intake/pixels.js';
import type { Face } from '../faces/boxes.js';

/** Side of the square around a face, in sides of its box: brows to chin become head and hair, as in the portraits that picture models know. */
const CONTEXT = 2;
/** Longer side of a box, in pixels, from which a face is worth a score: its square then has the 128 that the shipped model asks for. */
export const MIN_FACE = 64;

/** The square around a face at its own resolution, moved inwards at the edges of the picture, and cut off where the picture is smaller. */
export function faceCrop(pixels: Pixels, face: Face): Pixels {
  const side = Math.round(Math.max(face.width, face.height) * CONTEXT);
  const width = Math.min(side, pixels.width);
  const height = Math.min(side, pixels.height);
  const left = within(face.left + face.width / 2 - width / 2, pixels.width - width);
  const top = within(face.top + face.height / 2 - height / 2, pixels.height - height);
  return cutOut(pixels, left, top, width, height);
}

function within(start: number, most: number): number {
  return Math.round(Math.min(Math.max(0, start), most));
}
