/** A tenant that has spent its month's budget has its work held: it stays accepted and goes on when there is money again. */
import type { Queryable } from '../store/database.js';

/** $1 the tenant; $2 the budget of a tenant that has none of its own. Null, no budget, is never reached. */
const IS_SPENT = `
  (select coalesce(sum(cost_micros), 0) from usage_day
   where tenant_id = $1 and day >= date_trunc('month', now() at time zone 'utc')::date)
  >= (select coalesce(monthly_budget_micros, $2::bigint) from tenant where id = $1)`;

/** Holds whatever of the tenant waits, if its budget is spent; resolves with the ids of the verifications now held. */
export async function holdOverBudget(
  transaction: Queryable,
  tenantId: string,
  defaultMicros: number | null,
): Promise<readonly string[]> {
  const held = await transaction.query<{ verification_id: string }>(
    `update job set state = 'held', held_reason = 'budget'
     where id in (
       select id from job where tenant_id = $1 and state in ('ready', 'delayed') and ${IS_SPENT}
       for update skip locked
     )
     returning verification_id`,
    [tenantId, defaultMicros],
  );
  return held.map((row) => row.verification_id);
}

/** Lets go on what was held for money, where a month began or a budget was raised; resolves with how many jobs. */
export async function releaseInBudget(
  database: Queryable,
  defaultMicros: number | null,
): Promise<number> {
  const released = await database.query(
    `update job set state = 'ready', held_reason = null, turn = greatest(turn, lane_now(lane))
     where state = 'held' and held_reason = 'budget' and tenant_id in (
       select tenant.id from tenant
       left join usage_day on usage_day.tenant_id = tenant.id
         and usage_day.day >= date_trunc('month', now() at time zone 'utc')::date
       where tenant.id in (select tenant_id from job where state = 'held')
       group by tenant.id
       having coalesce(tenant.monthly_budget_micros, $1::bigint) is null
         or coalesce(sum(usage_day.cost_micros), 0) < coalesce(tenant.monthly_budget_micros, $1::bigint)
     )
     returning id`,
    [defaultMicros],
  );
  return released.length;
}
