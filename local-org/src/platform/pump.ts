/** Turns the wheel of background work: events and due jobs, one unit of work at a time, never inside another. */
import type { Background } from './background.js';
import type { OrgClock } from './clock.js';
import type { PlatformEvents } from './events.js';
import type { Transactions } from './transaction.js';

/** Far beyond what real work queues in one go: a job that queues itself for now would turn for ever. */
const RUNAWAY_LIMIT = 100_000;
/** Longest sleep of the timer; Node's own limit is about 24 days. */
const LONGEST_WAIT_MS = 60_000;

export class Pump {
  private timer: NodeJS.Timeout | null = null;
  private isStarted = false;

  constructor(
    private readonly transactions: Transactions,
    private readonly background: Background,
    private readonly events: PlatformEvents,
    private readonly clock: OrgClock,
  ) {
    clock.onAdvance(() => this.wake());
  }

  /** Runs one batch of events or one due job; false when nothing is due, or a transaction runs. */
  turn(): boolean {
    if (this.transactions.isBusy) return false;
    const now = this.clock.now();
    return this.events.deliverNext(now) || this.background.runNext(this.background.place, now);
  }

  /** Runs everything that is due, and what that leaves due. Returns how many steps there were. */
  runDue(): number {
    let steps = 0;
    while (this.turn()) {
      if (++steps >= RUNAWAY_LIMIT) {
        throw new Error(
          `Background work did not come to rest in ${RUNAWAY_LIMIT} steps; a job probably queues itself without delay`,
        );
      }
    }
    return steps;
  }

  /** Moves the clock to each due time until nothing waits or the span is over; runs the work on the way. */
  runAhead(milliseconds: number): number {
    const end = this.clock.now() + milliseconds;
    let steps = this.runDue();
    for (;;) {
      const due = this.background.place.queue.earliestDueAt();
      const now = this.clock.now();
      if (due === null || due > end) {
        this.clock.advance(Math.max(0, end - now));
        return steps + this.runDue();
      }
      this.clock.advance(Math.max(0, due - now));
      steps += this.runDue();
    }
  }

  /** Runs due work by itself from now on, a step at a time so that requests are answered in between. */
  start(): void {
    this.isStarted = true;
    this.wake();
  }

  stop(): void {
    this.isStarted = false;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  /** Looks for work now; call it after every request that may have left some. */
  wake(): void {
    if (this.isStarted) this.arm(0);
  }

  private arm(milliseconds: number): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tick(), milliseconds);
    this.timer.unref();
  }

  private tick(): void {
    if (!this.isStarted) return;
    if (this.turn()) return this.arm(0);
    const due = this.background.place.queue.earliestDueAt();
    const wait = due === null ? LONGEST_WAIT_MS : due - this.clock.now();
    this.arm(Math.min(Math.max(wait, 1), LONGEST_WAIT_MS));
  }
}
