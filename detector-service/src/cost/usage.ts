/** What a tenant used, by UTC day and verdict. */
import type { Database } from '../store/database.js';

export interface UsageDay {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly verdict: string;
  readonly verifications: number;
  readonly bytes: number;
  readonly costMicros: number;
}

/** Both days are included. */
export async function readUsage(
  database: Database,
  tenantId: string,
  from: string,
  to: string,
): Promise<readonly UsageDay[]> {
  const rows = await database.query<UsageDay & { cost_micros: number }>(
    `select to_char(day, 'YYYY-MM-DD') as day, verdict, verifications, bytes, cost_micros
     from usage_day where tenant_id = $1 and day between $2::date and $3::date
     order by day, verdict`,
    [tenantId, from, to],
  );
  return rows.map(({ cost_micros: costMicros, day, verdict, verifications, bytes }) => ({
    day,
    verdict,
    verifications,
    bytes,
    costMicros,
  }));
}
