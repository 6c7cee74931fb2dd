/** Tells all processes at once that work came in, a verification ended or the models changed. Told inside a transaction, it is heard at its commit. */
import { EventEmitter } from 'node:events';

import type { Database, Queryable } from './database.js';

const CHANNEL = 'mediaguard_jobs';
const WORK = 'work';
const MODELS = 'models';

export class Signals {
  readonly #work = new EventEmitter().setMaxListeners(0);
  readonly #models = new EventEmitter().setMaxListeners(0);
  /** Emits a verification's id when it ends, in whatever way. */
  readonly ended = new EventEmitter().setMaxListeners(0);

  static async open(database: Database): Promise<Signals> {
    const signals = new Signals();
    await database.listen(CHANNEL, (message) => {
      if (message === WORK) signals.#work.emit(WORK);
      else if (message === MODELS) signals.#models.emit(MODELS);
      else signals.ended.emit(message);
    });
    return signals;
  }

  /** Calls back once, when work comes in or `wakeUp` is called; the result stops waiting. */
  onceWork(hear: () => void): () => void {
    this.#work.once(WORK, hear);
    return () => this.#work.off(WORK, hear);
  }

  /** Calls back each time the registry of models changes; the result stops that. */
  onModels(hear: () => void): () => void {
    this.#models.on(MODELS, hear);
    return () => this.#models.off(MODELS, hear);
  }

  /** Has this process look for work, without telling the others. */
  wakeUp(): void {
    this.#work.emit(WORK);
  }
}

export async function tellWork(transaction: Queryable): Promise<void> {
  await transaction.query('select pg_notify($1, $2)', [CHANNEL, WORK]);
}

export async function tellModels(transaction: Queryable): Promise<void> {
  await transaction.query('select pg_notify($1, $2)', [CHANNEL, MODELS]);
}

export async function tellEnd(transaction: Queryable, verificationId: string): Promise<void> {
  await transaction.query('select pg_notify($1, $2)', [CHANNEL, verificationId]);
}
