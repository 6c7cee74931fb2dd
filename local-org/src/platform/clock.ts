/** The org's clock: real time plus what it was moved forward by. */
import type { Clock } from '../org/contracts.js';

export class OrgClock implements Clock {
  private offset = 0;
  private readonly listeners = new Set<() => void>();

  /** @param realNow milliseconds since 1970; tests pass a fixed one */
  constructor(private readonly realNow: () => number = Date.now) {}

  now(): number {
    return this.realNow() + this.offset;
  }

  advance(milliseconds: number): void {
    if (!Number.isFinite(milliseconds) || milliseconds < 0) {
      throw new RangeError(
        `The clock moves forward only: expected milliseconds of 0 or more, got ${milliseconds}`,
      );
    }
    this.offset += milliseconds;
    for (const listener of this.listeners) listener();
  }

  /** Back to real time, for an org that begins anew. */
  reset(): void {
    this.offset = 0;
  }

  /** Tells when the clock was moved, so that timers can be set anew. */
  onAdvance(listener: () => void): void {
    this.listeners.add(listener);
  }
}
