/** Tells all processes at once that work came in or a verification ended. Told inside a transaction, it is heard at its commit. */
import { EventEmitter } from 'node:events';

import type { Database, Queryable } from './database.js';

const CHANNEL = 'mediaguard_jobs';
const WORK = 'work';

export class Signals {
  readonly #work = new EventEmitter().setMaxListeners(0);
  /** Emits a verification's id when it ends, in whatever way. */
  readonly ended = new EventEmitter().setMaxListeners(0);

  static async open(database: Database): Promise<Signals> {
    const signals = new Signals();
    await database.listen(CHANNEL, (message) => {
      if (message === WORK) signals.#work.emit(WORK);
      else signals.ended.emit(message);
    });
    return signals;
  }

  /** Calls back once, when work comes in or `wakeUp` is called; the result stops waiting. */
  onceWork(hear: () => void): () => void {
    this.#work.once(WORK, hear);
    return () => this.#work.off(WORK, hear);
  }

  /** Has this process look for work, without telling the others. */
  wakeUp(): void {
    this.#work.emit(WORK);
  }
}

export async function tellWork(transaction: Queryable): Promise<void> {
  await transaction.query('select pg_notify($1, $2)', [CHANNEL, WORK]);
}

export async function tellEnd(transaction: Queryable, verificationId: string): Promise<void> {
  await transaction.query('select pg_notify($1, $2)', [CHANNEL, verificationId]);
}
