/**
 * Who may take media in. Receiving costs processor and disk, of which whoever waits for a verdict needs some too: while anybody does, bulk uploads take
 * turns with a rest after each, and bytes that wait for their turn stay with the sender.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import type { Lane } from '../store/records.js';

/** The longest turn: who sends slowly costs little, and must not keep the others waiting. */
const MOST_MS = 100;

export interface IntakeClock {
  now(): number;
  sleep(ms: number): Promise<unknown>;
}

const CLOCK: IntakeClock = {
  now: () => performance.now(),
  sleep: (ms) => sleep(ms, undefined, { ref: false }),
};

export class IntakeTurns {
  readonly #clock: IntakeClock;
  #waitedFor = 0;
  /** Ends with the turn that was given out last. */
  #last: Promise<void> = Promise.resolve();

  constructor(clock: IntakeClock = CLOCK) {
    this.#clock = clock;
  }

  /** Takes media of a lane in and answers its sender. */
  async serve<Accepted>(
    lane: Lane,
    take: () => Promise<Accepted>,
    answer: (accepted: Accepted) => Promise<void>,
  ): Promise<void> {
    if (lane === 'bulk') return answer(await this.#inTurn(take));
    this.#waitedFor += 1;
    try {
      await answer(await take());
    } finally {
      this.#waitedFor -= 1;
    }
  }

  #inTurn<Accepted>(take: () => Promise<Accepted>): Promise<Accepted> {
    const begun = this.#last.then(() => ({ taken: take() }));
    this.#last = begun.then(({ taken }) => this.#turnOf(taken));
    return begun.then(({ taken }) => taken);
  }

  /** Half of the time at most, for all of them together. */
  async #turnOf(taken: Promise<unknown>): Promise<void> {
    const settled = taken.catch(() => undefined);
    if (this.#waitedFor === 0) return;
    const startedAt = this.#clock.now();
    await Promise.race([settled, this.#clock.sleep(MOST_MS)]);
    if (this.#waitedFor === 0) return;
    await this.#clock.sleep(Math.min(MOST_MS, this.#clock.now() - startedAt));
  }
}
