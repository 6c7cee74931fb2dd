/** Running queries from Apex. */
import type { AccessMode, QueryPlan } from '../../org/contracts.js';
import type { FieldValue } from '../../values/values.js';
import type { ApexType } from '../types/type.js';
import { ApexList, type Value } from '../values/reference.js';
import { markQueried } from './records.js';
import { Session } from './session.js';

/** A list of records, or the number of a `COUNT()` query. */
export function runQuery(
  plan: QueryPlan,
  binds: readonly (FieldValue | readonly FieldValue[])[],
  element: ApexType,
  access: AccessMode = queryAccess(plan),
): Value {
  const { tx } = Session.current;
  const result = plan.execute(tx, binds, access);
  if (plan.isCount) return result.totalSize;
  if (!plan.isAggregate) result.records.forEach(markQueried);
  return new ApexList(element, [...result.records]);
}

/** `WITH USER_MODE` and `WITH SYSTEM_MODE` beat the default of the running class. */
export function queryAccess(plan: QueryPlan): AccessMode {
  const session = Session.current;
  return plan.declaredMode ? session.access(plan.declaredMode) : session.defaultAccess;
}
