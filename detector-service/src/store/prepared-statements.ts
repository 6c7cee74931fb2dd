/**
 * Statements of the embedded database, each parsed once and then run by its name. The driver's own `query` parses a text anew each time and crosses into
 * WebAssembly seven times for it; here a run crosses once.
 */
import { parse, protocol, TransactionAbortedError, type PGlite } from '@electric-sql/pglite';

const { serialize } = protocol;
const { parseDescribeStatementResults, parseResults } = parse;

/** Tables grow, they are analysed only now and then, and PostgreSQL keeps the plan of a prepared statement: so a statement is prepared anew after so many runs. */
const RUNS_A_PLAN = 200;

interface Prepared {
  readonly name: string;
  /** Type ids of its parameters. */
  readonly types: readonly number[];
  runs: number;
}

export class PreparedStatements {
  readonly #lite: PGlite;
  readonly #byText = new Map<string, Prepared>();
  #named = 0;

  constructor(lite: PGlite) {
    this.#lite = lite;
  }

  /**
   * The caller sees to it that nothing else runs on the connection meanwhile.
   *
   * @param options `begins`: a transaction begins with it
   */
  async run<Row>(
    text: string,
    parameters: readonly unknown[],
    { begins = false }: { readonly begins?: boolean } = {},
  ): Promise<readonly Row[]> {
    if (this.#lite.closed) throw new Error('The database is closed.');
    const { name, types } = await this.#prepared(text);
    const values = parameters.map((value, index) => this.#serialize(value, types[index]));
    const { messages } = await this.#lite.execProtocol(
      Buffer.concat([
        ...(begins ? [serialize.query('begin')] : []),
        serialize.bind({ statement: name, values }),
        serialize.describe({ type: 'P' }),
        serialize.execute(),
        serialize.sync(),
      ]),
    );
    const rows = parseResults(messages, this.#lite.parsers).at(-1)?.rows ?? [];
    return rows as unknown as readonly Row[];
  }

  /** @throws {TransactionAbortedError} where a statement failed and its error was caught: nothing is kept then */
  async commit(): Promise<void> {
    const { messages } = await this.#lite.execProtocol(serialize.query('commit'));
    // PostgreSQL answers with another command, not with an error.
    if (parseResults(messages, {})[0]?.command === 'ROLLBACK') throw new TransactionAbortedError();
  }

  async rollBack(): Promise<void> {
    await this.#lite.execProtocol(serialize.query('rollback'));
  }

  /** Before the schema changes: a plan made for another schema fails. */
  async forget(): Promise<void> {
    this.#byText.clear();
    await this.#lite.exec('deallocate all');
  }

  async #prepared(text: string): Promise<Prepared> {
    const known = this.#byText.get(text);
    if (known && known.runs < RUNS_A_PLAN) {
      known.runs += 1;
      return known;
    }
    this.#byText.delete(text);
    const name = `s${(this.#named += 1)}`;
    const { messages } = await this.#lite.execProtocol(
      Buffer.concat([
        ...(known ? [serialize.close({ type: 'S', name: known.name })] : []),
        serialize.parse({ name, text }),
        serialize.describe({ type: 'S', name }),
        serialize.sync(),
      ]),
    );
    const prepared = { name, types: parseDescribeStatementResults(messages), runs: 1 };
    this.#byText.set(text, prepared);
    return prepared;
  }

  #serialize(value: unknown, type: number | undefined): string | null {
    if (value === null || value === undefined) return null;
    const serializer = type === undefined ? undefined : this.#lite.serializers[type];
    if (serializer) return serializer(value);
    if (typeof value === 'string') return value;
    return (value as number | boolean).toString();
  }
}
