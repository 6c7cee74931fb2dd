/** What each tenant may use. What is not set for a tenant is as the configuration says for everybody. */
import type { Config } from '../ops/config.js';
import type { Database } from './database.js';

export interface TenantLimits {
  readonly requestsPerSecond: number;
  readonly uploadsAtOnce: number;
  /** Verifications a UTC day; null: as many as the rate lets through. */
  readonly dailyQuota: number | null;
  /** Millionths of a dollar a UTC month, after which accepted work is held; null: no bound. */
  readonly monthlyBudgetMicros: number | null;
}

/** The limits of a tenant that has none of its own. */
export function limitsOf(config: Config): TenantLimits {
  return {
    requestsPerSecond: config.tenantRate,
    uploadsAtOnce: config.tenantUploads,
    dailyQuota: config.tenantDailyQuota ?? null,
    monthlyBudgetMicros: config.tenantBudgetMicros ?? null,
  };
}

/** Undefined leaves a limit as it is, null takes it back to the configuration's. */
export type TenantChange = { readonly [Name in keyof TenantLimits]?: number | null };

export interface TenantRecord extends TenantLimits {
  readonly id: string;
}

interface TenantRow {
  id: string;
  requests_per_second: number | null;
  uploads_at_once: number | null;
  daily_quota: number | null;
  monthly_budget_micros: number | null;
}

/** How long a changed limit may go unnoticed by a running process. */
const FRESH_MS = 5_000;
const MAX_CACHED = 10_000;

export class Tenants {
  readonly #database: Database;
  readonly #defaults: TenantLimits;
  readonly #cache = new Map<
    string,
    { readonly at: number; readonly limits: Promise<TenantLimits> }
  >();

  constructor(database: Database, defaults: TenantLimits) {
    this.#database = database;
    this.#defaults = defaults;
  }

  limitsOf(tenantId: string): Promise<TenantLimits> {
    const cached = this.#cache.get(tenantId);
    if (cached && performance.now() - cached.at < FRESH_MS) return cached.limits;
    const limits = this.#read(tenantId);
    if (this.#cache.size >= MAX_CACHED) this.#cache.clear();
    this.#cache.set(tenantId, { at: performance.now(), limits });
    limits.catch(() => this.#cache.delete(tenantId));
    return limits;
  }

  /** Makes the tenant when it is new. */
  async ensure(tenantId: string): Promise<void> {
    await this.#database.query('insert into tenant (id) values ($1) on conflict do nothing', [
      tenantId,
    ]);
  }

  async change(tenantId: string, change: TenantChange): Promise<void> {
    await this.ensure(tenantId);
    const wanted = Object.entries({
      requests_per_second: change.requestsPerSecond,
      uploads_at_once: change.uploadsAtOnce,
      daily_quota: change.dailyQuota,
      monthly_budget_micros: change.monthlyBudgetMicros,
    }).filter(([, value]) => value !== undefined);
    if (wanted.length > 0) {
      const columns = wanted.map(([column], index) => `${column} = $${index + 2}`);
      await this.#database.query(`update tenant set ${columns.join(', ')} where id = $1`, [
        tenantId,
        ...wanted.map(([, value]) => value),
      ]);
    }
    this.#cache.delete(tenantId);
  }

  async list(): Promise<readonly TenantRecord[]> {
    const rows = await this.#database.query<TenantRow>('select * from tenant order by id');
    return rows.map((row) => ({ id: row.id, ...this.#toLimits(row) }));
  }

  /** Verifications taken in this UTC day. */
  async acceptedToday(tenantId: string): Promise<number> {
    const [row] = await this.#database.query<{ accepted: number }>(
      `select accepted from tenant_day
       where tenant_id = $1 and day = (now() at time zone 'utc')::date`,
      [tenantId],
    );
    return row?.accepted ?? 0;
  }

  async #read(tenantId: string): Promise<TenantLimits> {
    const [row] = await this.#database.query<TenantRow>('select * from tenant where id = $1', [
      tenantId,
    ]);
    return row ? this.#toLimits(row) : this.#defaults;
  }

  #toLimits(row: TenantRow): TenantLimits {
    return {
      requestsPerSecond: row.requests_per_second ?? this.#defaults.requestsPerSecond,
      uploadsAtOnce: row.uploads_at_once ?? this.#defaults.uploadsAtOnce,
      dailyQuota: row.daily_quota ?? this.#defaults.dailyQuota,
      monthlyBudgetMicros: row.monthly_budget_micros ?? this.#defaults.monthlyBudgetMicros,
    };
  }
}
