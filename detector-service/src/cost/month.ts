/** Where a tenant's month stands, and where it will end. */
import type { Database } from '../store/database.js';

export interface MonthCost {
  /** `YYYY-MM`, UTC. */
  readonly month: string;
  readonly spentMicros: number;
  /** At the pace of the last seven whole days; without one, at the pace of the month so far. */
  readonly forecastMicros: number;
  /** Verifications held because the budget is spent. */
  readonly held: number;
}

export interface StageCost {
  readonly stage: string;
  readonly verifications: number;
  readonly costMicros: number;
}

const PACE_DAYS = 7;
const MS_PER_DAY = 86_400_000;

export async function readMonth(
  database: Database,
  tenantId: string,
  now = new Date(),
): Promise<MonthCost> {
  const today = now.toISOString().slice(0, 10);
  const [row] = await database.query<{
    spent: number;
    recent: number;
    recent_days: number;
    held: number;
  }>(
    `select
       coalesce(sum(cost_micros) filter (where day >= date_trunc('month', $2::date)), 0)::bigint as spent,
       coalesce(sum(cost_micros) filter (where day < $2::date and day >= $2::date - ${PACE_DAYS}), 0)::bigint as recent,
       coalesce($2::date - min(day) filter (where day < $2::date and day >= $2::date - ${PACE_DAYS}), 0) as recent_days,
       (select count(*) from job where tenant_id = $1 and state = 'held' and held_reason = 'budget') as held
     from usage_day where tenant_id = $1`,
    [tenantId, today],
  );
  const { spent = 0, recent = 0, recent_days: recentDays = 0, held = 0 } = row ?? {};
  const start = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
  const end = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
  const daysGone = Math.max(1, (now.getTime() - start) / MS_PER_DAY);
  const pace = recentDays > 0 ? recent / recentDays : spent / daysGone;
  return {
    month: today.slice(0, 7),
    spentMicros: spent,
    forecastMicros: Math.round(spent + (pace * (end - now.getTime())) / MS_PER_DAY),
    held,
  };
}

/** Both days are included; the most expensive stage first. */
export async function readStageCosts(
  database: Database,
  tenantId: string,
  from: string,
  to: string,
): Promise<readonly StageCost[]> {
  const rows = await database.query<{ stage: string; verifications: number; cost_micros: number }>(
    `select stage, sum(verifications)::bigint as verifications, sum(cost_micros)::bigint as cost_micros
     from usage_stage_day where tenant_id = $1 and day between $2::date and $3::date
     group by stage order by 3 desc, 1`,
    [tenantId, from, to],
  );
  return rows.map(({ stage, verifications, cost_micros: costMicros }) => ({
    stage,
    verifications,
    costMicros,
  }));
}
