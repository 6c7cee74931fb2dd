/**
 * PGlite, the database embedded in the data folder, for one process. Durability: it survives a crash of the process but not of the machine's power, since it
 * never calls fsync.
 */
import { mkdir } from 'node:fs/promises';
import { Mutex, PGlite, types } from '@electric-sql/pglite';

import type { Database, Queryable } from './database.js';
import { lockDatabaseFolder } from './folder-lock.js';
import { PreparedStatements } from './prepared-statements.js';

const TABLES = `select quote_ident(relname) as name from pg_class
  where relkind = 'r' and relnamespace = current_schema()::regnamespace order by relname`;

export async function openEmbedded(folder: string): Promise<Database> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = await lockDatabaseFolder(folder);
  try {
    const lite = await PGlite.create(folder, { parsers: { [types.INT8]: Number } });
    const statements = new PreparedStatements(lite);
    // One connection for all: statements and transactions take turns.
    const turns = new Mutex();
    return {
      isExclusive: true,
      query: (text, parameters = []) => turns.runExclusive(() => statements.run(text, parameters)),
      transaction: (work) => turns.runExclusive(() => transact(statements, work)),
      script: (text) =>
        turns.runExclusive(async () => {
          await statements.forget();
          await lite.exec(text);
        }),
      listen: (channel, hear) =>
        turns.runExclusive(async () => {
          await lite.listen(channel, hear);
        }),
      tidy: async () => {
        const tables = await turns.runExclusive(() => statements.run<{ name: string }>(TABLES, []));
        // A turn each: whoever asks meanwhile waits for one table, not for all.
        for (const { name } of tables) {
          await turns.runExclusive(() => lite.exec(`vacuum (analyze) ${name}`));
        }
      },
      close: async () => {
        await turns.runExclusive(() => lite.close());
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Begins with its first statement: one that finds nothing to do costs nothing. */
async function transact<Result>(
  statements: PreparedStatements,
  work: (transaction: Queryable) => Promise<Result>,
): Promise<Result> {
  let state: 'fresh' | 'open' | 'ended' = 'fresh';
  // Its work may send several statements at once.
  const turns = new Mutex();
  const end = (how: () => Promise<void>): Promise<void> =>
    turns.runExclusive(async () => {
      const wasOpen = state === 'open';
      state = 'ended';
      if (wasOpen) await how();
    });
  const transaction: Queryable = {
    query: (text, parameters = []) =>
      turns.runExclusive(() => {
        if (state === 'ended') throw new Error('The transaction has ended.');
        const begins = state === 'fresh';
        state = 'open';
        return statements.run(text, parameters, { begins });
      }),
  };
  let result: Result;
  try {
    result = await work(transaction);
  } catch (error) {
    await end(() => statements.rollBack());
    throw error;
  }
  await end(() => statements.commit());
  return result;
}
