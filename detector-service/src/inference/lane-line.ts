/** The line in front of the children of a pool: whoever is waited for goes first, and the others are not passed over for ever. */

/** Work that somebody waits for, or that may take its time. */
export type PoolLane = 'interactive' | 'bulk';

/** One task in so many comes from the bulk lane first, where both wait. */
export const BULK_EVERY = 8;

interface Waiting<Task> {
  readonly interactive: Task[];
  readonly bulk: Task[];
}

export class LaneLine<Task> {
  readonly #waiting: Waiting<Task> = { interactive: [], bulk: [] };
  /** Interactive tasks given out since the last bulk task, while bulk waited. */
  #passedOver = 0;

  get length(): number {
    return this.#waiting.interactive.length + this.#waiting.bulk.length;
  }

  add(task: Task, lane: PoolLane): void {
    this.#waiting[lane].push(task);
  }

  /** The next task of the lanes that may go on now. */
  next(may: Readonly<Record<PoolLane, boolean>>): Task | undefined {
    const interactive = may.interactive ? this.#waiting.interactive : [];
    const bulk = may.bulk ? this.#waiting.bulk : [];
    if (bulk.length === 0) return interactive.shift();
    if (interactive.length > 0 && this.#passedOver < BULK_EVERY - 1) {
      this.#passedOver += 1;
      return interactive.shift();
    }
    this.#passedOver = 0;
    return bulk.shift();
  }

  /** Takes a task out that nobody wants any more. */
  remove(task: Task): void {
    for (const tasks of Object.values(this.#waiting) as Task[][]) {
      const at = tasks.indexOf(task);
      if (at >= 0) tasks.splice(at, 1);
    }
  }

  /** Takes all out. */
  clear(): Task[] {
    return [...this.#waiting.interactive.splice(0), ...this.#waiting.bulk.splice(0)];
  }
}
