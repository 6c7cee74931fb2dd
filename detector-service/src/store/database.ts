/**
 * The database: embedded in the data folder, or a PostgreSQL server by way of `pg`, which survives a crash of the process and of the machine. The SQL is the
 * same for both.
 */
import { join } from 'node:path';
import pg from 'pg';

import { openEmbedded } from './embedded-database.js';

/** `bigint` columns come back as numbers, `timestamptz` as Date, `jsonb` parsed. */
export interface Queryable {
  query<Row>(text: string, parameters?: readonly unknown[]): Promise<readonly Row[]>;
}

export interface Database extends Queryable {
  /** All or nothing. The work must use the handle it is given. */
  transaction<Result>(work: (transaction: Queryable) => Promise<Result>): Promise<Result>;
  /** Several statements without parameters, for migrations. */
  script(text: string): Promise<void>;
  /**
   * Hears what is told on a channel with `pg_notify`, by whichever process. A lost connection is made again, and what was
   * told meanwhile is missed: whoever listens also looks from time to time.
   */
  listen(channel: string, hear: (message: string) => void): Promise<void>;
  /** Frees the room of rows that changed or went, and counts anew what plans are made by. A server does both by itself. */
  tidy(): Promise<void>;
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

/** The server cannot be reached or is stopping. Whether a commit that was under way went through is not known. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
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
    query: <Row>(text: string, parameters: readonly unknown[] = []) =>
      reaching(async () => (await connection.query(text, [...parameters])).rows as Row[]),
  });
  const listeners: ServerListener[] = [];
  return {
    ...handle(pool),
    isExclusive: false,
    tidy: () => Promise.resolve(),
    transaction: (work) => reaching(() => transact(pool, (client) => work(handle(client)))),
    script: async (text) => {
      await pool.query(text);
    },
    listen: async (channel, hear) => {
      const listener = new ServerListener(url, channel, hear);
      listeners.push(listener);
      await listener.connect();
    },
    close: async () => {
      await Promise.all(listeners.map((listener) => listener.close()));
      await pool.end();
    },
  };
}

async function transact<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  // The connection may break between two queries, when nothing else listens.
  const ignore = (): void => undefined;
  client.on('error', ignore);
  const release = (fault?: Error): void => {
    client.off('error', ignore);
    client.release(fault);
  };
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    release();
    return result;
  } catch (error) {
    // A connection whose rollback fails is in an unknown state and is thrown away.
    await client.query('rollback').then(() => release(), release);
    throw error;
  }
}

/** Connection and shutdown errors, by SQLSTATE class 08 and 57P, errno of the socket, or the driver's own words. */
async function reaching<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof DatabaseUnavailableError) throw error;
    const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
    const isUnreachable =
      /^(08|57P0|53300)/.test(code) ||
      /^E(CONN|PIPE|NOENT|HOSTUNREACH|TIMEDOUT|AI_AGAIN)/.test(code) ||
      /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered)/i.test(
        error.message,
      );
    throw isUnreachable
      ? new DatabaseUnavailableError('The database server cannot be reached.', { cause: error })
      : error;
  }
}

const RECONNECT_MS = 1_000;

/** A connection that only listens, made again whenever it breaks. */
class ServerListener {
  readonly #url: string;
  readonly #channel: string;
  readonly #hear: (message: string) => void;
  #client: pg.Client | undefined;
  #isClosed = false;

  constructor(url: string, channel: string, hear: (message: string) => void) {
    this.#url = url;
    this.#channel = channel;
    this.#hear = hear;
  }

  async connect(): Promise<void> {
    const client = new pg.Client({ connectionString: this.#url, connectionTimeoutMillis: 10_000 });
    this.#client = client;
    client.on('error', () => undefined);
    client.on('notification', ({ payload }) => this.#hear(payload ?? ''));
    client.once('end', () => this.#connectLater());
    await client.connect();
    await client.query(`listen ${client.escapeIdentifier(this.#channel)}`);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#client?.end();
  }

  #connectLater(): void {
    if (this.#isClosed) return;
    setTimeout(() => {
      if (!this.#isClosed) this.connect().catch(() => this.#client?.end());
    }, RECONNECT_MS).unref();
  }
}
