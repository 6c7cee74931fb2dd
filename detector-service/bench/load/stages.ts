import { askChild } from './fork.js';

/** Stages with their CPU milliseconds, the costliest first. */
export type StageTimes = readonly (readonly [stage: string, cpuMs: number])[];

/** Median CPU time of each stage of an examination, all threads together. */
export function cpuByStage(bytes: Buffer): Promise<StageTimes> {
  return askChild('stages-child.ts', bytes);
}
