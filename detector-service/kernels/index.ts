export { blur } from './blur';
export { cornerStrength, peaks } from './corners';
export { describe, directions } from './descriptors';
export { findMatches, findOwnMatches } from './matches';
export { means } from './patches';
export { difference, luma, reduce } from './planes';
export { cut, markInk, smooth, stripes } from './zones';

/** Bytes below this address are taken. */
export function heapBase(): usize {
  return __heap_base;
}
