/** One token bucket a tenant for all processes on the database, by its clock. */
import type { Database } from './database.js';

export interface Draw {
  /** 0 to the number wanted. */
  readonly granted: number;
  /** Whole tokens left for everybody. */
  readonly remaining: number;
  /** Seconds until the bucket holds a token; 0 when it does. */
  readonly waitSeconds: number;
}

export class SharedRates {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Takes up to `wanted` tokens. The bucket is kept as the time at which it will be full again (the generic cell rate
   * algorithm): one statement settles it, and whoever comes at the same time waits for the row.
   */
  async draw(
    tenantId: string,
    wanted: number,
    ratePerSecond: number,
    capacity: number,
  ): Promise<Draw> {
    const [row] = await this.#database.query<{ granted: number; missing: number }>(
      `insert into rate_bucket as bucket (tenant_id, full_at, granted)
       values ($1, now() + $2::integer / $3::float8 * interval '1 second', $2)
       on conflict (tenant_id) do update set
         granted = greatest(0, least($2::integer, floor($4::float8
           - extract(epoch from greatest(bucket.full_at, now()) - now()) * $3::float8))),
         full_at = greatest(bucket.full_at, now()) + greatest(0, least($2::integer, floor($4::float8
           - extract(epoch from greatest(bucket.full_at, now()) - now()) * $3::float8)))
           / $3::float8 * interval '1 second'
       returning granted, extract(epoch from full_at - now())::float8 * $3::float8 as missing`,
      [tenantId, Math.min(wanted, capacity), ratePerSecond, capacity],
    );
    if (!row) throw new Error('The database gave no answer on the rate of a tenant.');
    const left = capacity - row.missing;
    return {
      granted: row.granted,
      remaining: Math.max(0, Math.floor(left)),
      waitSeconds: left >= 1 ? 0 : (1 - left) / ratePerSecond,
    };
  }
}
