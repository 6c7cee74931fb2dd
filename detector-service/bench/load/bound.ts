import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { V8_FLAGS } from '../../src/inference/child-pool.js';

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

const CHILD = fileURLToPath(new URL('bound-child.ts', import.meta.url));

/** Measures one process a core, all at the same time, on one picture in memory. */
export async function measureBound(
  work: BoundRequest['work'],
  bytes: Buffer,
  cores: number,
  seconds: number,
): Promise<Bound> {
  const answers = await Promise.all(
    Array.from({ length: cores }, async () => {
      const child = fork(CHILD, [], {
        serialization: 'advanced',
        execArgv: [...V8_FLAGS, '--import', 'tsx'],
        env: { ...process.env, OMP_NUM_THREADS: '1' },
      });
      const request: BoundRequest = { work, bytes, seconds };
      child.send(request);
      const [answer] = (await once(child, 'message')) as [BoundAnswer];
      child.kill();
      return answer;
    }),
  );
  const pictures = answers.reduce((sum, answer) => sum + answer.pictures, 0);
  const cpuMs = answers.reduce((sum, answer) => sum + answer.cpuMs, 0);
  const rate = answers.reduce((sum, answer) => sum + answer.rate, 0);
  return { rate, cpuMs: cpuMs / pictures, logits: answers[0]?.logits ?? {} };
}
