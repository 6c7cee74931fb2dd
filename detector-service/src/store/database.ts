/**
 * The database. This file owns both drivers: PGlite, embedded in the data folder, and `pg` for a PostgreSQL server. The
 * SQL is the same for both. Durability: the embedded database survives a crash of the process but not of the machine's power
 * (it never calls fsync); PostgreSQL survives both.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite, types as liteTypes } from '@electric-sql/pglite';
import type { Transaction } from '@electric-sql/pglite';
import pg from 'pg';
import { lockDatabaseFolder } from './folder-lock.js';

/** `bigint` columns come back as numbers, `timestamptz` as Date, `jsonb` parsed. */
export interface Queryable {
  query<Row>(text: string, parameters?: readonly unknown[]): Promise<readonly Row[]>;
}

export interface Database extends Queryable {
  /** All or nothing. The work must use the handle it is given. */
  transaction<Result>(work: (transaction: Queryable) => Promise<Result>): Promise<Result>;
  /** Several statements without parameters, for migrations. */
  script(text: string): Promise<void>;
  /** True when no other process can hold a lease: whatever is leased at start was left by a crash. */
  readonly isExclusive: boolean;
  close(): Promise<void>;
}

export interface DatabaseLocation {
  readonly dataFolder: string;
  readonly databaseUrl?: string;
}

export async function openDatabase(location: DatabaseLocation): Promise<Database> {
  return location.databaseUrl
    ? openServer(location.databaseUrl)
    : openEmbedded(join(location.dataFolder, 'database'));
}

async function openEmbedded(folder: string): Promise<Database> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = await lockDatabaseFolder(folder);
  try {
    const lite = await PGlite.create(folder, { parsers: { [liteTypes.INT8]: Number } });
    const handle = (connection: PGlite | Transaction): Queryable => ({
      query: async <Row>(text: string, parameters: readonly unknown[] = []) =>
        (await connection.query<Row>(text, [...parameters])).rows,
    });
    return {
      ...handle(lite),
      isExclusive: true,
      transaction: (work) => lite.transaction((transaction) => work(handle(transaction))),
      script: async (text) => {
        await lite.exec(text);
      },
      close: async () => {
        await lite.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The type id of `bigint`. */
const INT8: number = pg.types.builtins.INT8;

function openServer(url: string): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 10_000,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary'): ((value: string) => unknown) =>
        oid === INT8 && format !== 'binary'
          ? Number
          : (pg.types.getTypeParser(oid, format) as (value: string) => unknown),
    },
  });
  // A broken idle connection is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  const handle = (connection: pg.Pool | pg.PoolClient): Queryable => ({
    query: async <Row>(text: string, parameters: readonly unknown[] = []) =>
      (await connection.query(text, [...parameters])).rows as Row[],
  });
  return {
    ...handle(pool),
    isExclusive: false,
    transaction: async (work) => {
      const client = await pool.connect();
      try {
        await client.query('begin');
        const result = await work(handle(client));
        await client.query('commit');
        client.release();
        return result;
      } catch (error) {
        // A connection whose rollback fails is in an unknown state and is thrown away.
        await client.query('rollback').then(
          () => client.release(),
          (fault: Error) => client.release(fault),
        );
        throw error;
      }
    },
    script: async (text) => {
      await pool.query(text);
    },
    close: () => pool.end(),
  };
}
