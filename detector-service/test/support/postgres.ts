/** Tests that need a PostgreSQL server. */
import { hasPostgres } from './postgres-server.js';

export { startPostgres, type PostgresServer } from './postgres-server.js';

/** A newcomer may do without a PostgreSQL server; in CI a missing one is a failure. */
export const describePostgres = hasPostgres || process.env['CI'] ? describe : describe.skip;
