import { setFlagsFromString } from 'node:v8';

/**
 * How much the heap may grow between two collections of all of it, in percent. V8 plans small steps for a process that is mostly idle; then the buffers that
 * uploads and results come and go in, which count for it too, set off a collection for every third picture, on all cores: as much work as everything else that
 * this process does for a picture. The heap itself is some 40 MB.
 */
export const HEAP_FLAG = '--heap-growing-percent=300';

/** For the process that listens. The children, which hold pixels, have settings of their own. */
export function collectGarbageSeldom(): void {
  setFlagsFromString(HEAP_FLAG);
}
