export { blur } from './blur';
export { cornerStrength, peaks } from './corners';
export { describe, directions } from './descriptors';
export { findMatches, findOwnMatches } from './matches';
export { difference, luma, reduce } from './planes';

/** Bytes below this address are taken. */
export function heapBase(): usize {
  return __heap_base;
}
