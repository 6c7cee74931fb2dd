/** How much more work may wait. */
import type { Database } from './database.js';
import type { Lane } from './records.js';

/** The queue holds as much work as it may. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
}

/** What a bulk load may fill of the queue: the rest is kept for those who wait. */
const BULK_SHARE = 0.8;
const FRESH_MS = 1_000;

/**
 * The number of waiting jobs against the limit. Counting takes longer the more there are, so one count serves for a second and
 * what this process adds meanwhile is added to it; several processes can together pass the limit by what they take in a second.
 */
export class Room {
  readonly #database: Database;
  readonly #limit: number;
  #count = 0;
  #countedAt = -Infinity;
  #counting: Promise<void> | undefined;

  constructor(database: Database, limit: number) {
    this.#database = database;
    this.#limit = limit;
  }

  /** @throws {QueueFullError} */
  async require(lane: Lane): Promise<void> {
    const limit = lane === 'bulk' ? Math.max(1, Math.floor(this.#limit * BULK_SHARE)) : this.#limit;
    const isStale = performance.now() - this.#countedAt > FRESH_MS;
    // A full queue is counted anew: refusing needs a certain number, taking in does not.
    if (isStale || this.#count >= limit) await (this.#counting ??= this.#recount());
    if (this.#count >= limit) throw new QueueFullError('The queue is full.');
  }

  noteTaken(): void {
    this.#count += 1;
  }

  async #recount(): Promise<void> {
    try {
      const [row] = await this.#database.query<{ waiting: number }>(
        `select count(*) as waiting from job where state <> 'dead'`,
      );
      this.#count = row?.waiting ?? 0;
      this.#countedAt = performance.now();
    } finally {
      this.#counting = undefined;
    }
  }
}
