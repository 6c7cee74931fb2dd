import { askChild } from './fork.js';

export interface BoundRequest {
  /** `networks`: decode, scale, run the networks. `detectors`: decode, scale, run every detector. */
  readonly work: 'networks' | 'detectors';
  readonly bytes: Uint8Array;
  readonly seconds: number;
}

export interface BoundAnswer {
  readonly pictures: number;
  readonly rate: number;
  /** Of all pictures. */
  readonly cpuMs: number;
  /** By model; only of networks. */
  readonly logits: Readonly<Record<string, number>>;
}

/** The most that a machine can do of some work. */
export interface Bound {
  /** Pictures a second, all cores together. */
  readonly rate: number;
  /** CPU time a picture. */
  readonly cpuMs: number;
  readonly logits: Readonly<Record<string, number>>;
}

/** Measures one process a core, all at the same time, on one picture in memory. */
export async function measureBound(
  work: BoundRequest['work'],
  bytes: Buffer,
  cores: number,
  seconds: number,
): Promise<Bound> {
  const answers = await Promise.all(
    Array.from({ length: cores }, () => {
      const request: BoundRequest = { work, bytes, seconds };
      return askChild<BoundAnswer>('bound-child.ts', request);
    }),
  );
  const pictures = answers.reduce((sum, answer) => sum + answer.pictures, 0);
  const cpuMs = answers.reduce((sum, answer) => sum + answer.cpuMs, 0);
  const rate = answers.reduce((sum, answer) => sum + answer.rate, 0);
  return { rate, cpuMs: cpuMs / pictures, logits: answers[0]?.logits ?? {} };
}
