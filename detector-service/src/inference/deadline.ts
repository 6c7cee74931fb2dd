/** How long a child may work on a request, where children of a higher priority may take the processor from it. */

/** A task that yields may take this many times its time, whatever went before it. */
const MOST_TIMES = 3;

/** The time during which at least one of some children was at work. */
export class BusyTime {
  readonly #now: () => number;
  #total = 0;
  #atWork = 0;
  #since = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  begin(): void {
    if (this.#atWork === 0) this.#since = this.#now();
    this.#atWork += 1;
  }

  end(): void {
    this.#atWork -= 1;
    if (this.#atWork === 0) this.#total += this.#now() - this.#since;
  }

  /** Milliseconds. */
  get total(): number {
    return this.#total + (this.#atWork > 0 ? this.#now() - this.#since : 0);
  }
}

/** Time in which others had the processor first does not count. */
export class Deadline {
  readonly #limitMs: number;
  readonly #others: BusyTime | null;
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #othersBefore: number;

  /** @param others those that this one yields to; null for nobody */
  constructor(
    limitMs: number,
    others: BusyTime | null,
    now: () => number = () => performance.now(),
  ) {
    this.#limitMs = limitMs;
    this.#others = others;
    this.#now = now;
    this.#startedAt = now();
    this.#othersBefore = others?.total ?? 0;
  }

  /** Milliseconds until it is over at the earliest; 0 once it is. */
  get leftMs(): number {
    const yielded = this.#others ? this.#others.total - this.#othersBefore : 0;
    const allowed = Math.min(this.#limitMs + yielded, this.#limitMs * MOST_TIMES);
    return Math.max(0, Math.ceil(allowed - (this.#now() - this.#startedAt)));
  }
}
