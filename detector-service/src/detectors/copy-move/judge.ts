import type { Pixels } from '../../intake/image.js';
import { withMemory } from '../../kernels/memory.js';
import { flatShare } from '../crops.js';
import { lumaOf, lumaRoom } from './plane.js';
import { isPrint } from './print.js';
import { findRepetitions, searchRoom, type Judged } from './search.js';

/** Shorter sides hold no two regions worth comparing. */
const LEAST_SIDE = 96;
/** Share of flat blocks from which a picture counts as drawing, screenshot or document: there, shapes repeat to the pixel by nature. */
const MOST_FLAT = 0.15;
/** A copied region comes once or twice; what repeats along more directions is a pattern: tiles, windows, lines of print. */
const MOST_REPETITIONS = 2;

/**
 * The most telling repetition of a picture, or null where there is none or repetition would say nothing.
 *
 * @param picture within about a megapixel
 */
export function judgeCopyMove(picture: Pixels): Judged | null {
  if (Math.min(picture.width, picture.height) < LEAST_SIDE) return null;
  if (flatShare(picture) > MOST_FLAT) return null;
  return withMemory(lumaRoom(picture) + searchRoom(picture), (memory) => {
    const luma = lumaOf(picture, memory);
    const repetitions = findRepetitions(luma, memory);
    if (repetitions.length > MOST_REPETITIONS) return null;
    const isOfPrint = ({ repetition: { mask } }: Judged): boolean =>
      isPrint(luma, mask, 1) && isPrint(luma, mask, 2);
    return repetitions.find((repetition) => !isOfPrint(repetition)) ?? null;
  });
}
