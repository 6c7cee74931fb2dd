/** Aggregate queries: rows gathered in groups, one result a group. */
import type { Row } from '../database/table.js';
import { SObjectRecord, type FieldValue } from '../values/values.js';
import { equalityKey } from './compare.js';
import type { Condition } from './conditions.js';
import type { GroupScope } from './functions.js';
import { sortBy, type Ordering } from './ordering.js';
import type { Operand, QueryRun, RowScope } from './run.js';

export interface GroupKey {
  /** Text of the operand in lower case, by which other clauses refer to it. */
  readonly id: string;
  readonly operand: Operand<RowScope>;
}

/** The name `GroupScope.keys` has for an operand's text. */
export const keyId = (text: string): string => text.replace(/\s+/g, '').toLowerCase();

/** A grouped field as an operand of the group. */
export function groupOperand(key: GroupKey): Operand<GroupScope> {
  return { ...key.operand, get: ({ keys }) => keys.get(key.id) ?? null };
}

export class Grouping {
  constructor(
    private readonly keys: readonly GroupKey[],
    private readonly columns: readonly {
      readonly alias: string;
      readonly operand: Operand<GroupScope>;
    }[],
    private readonly having: Condition<GroupScope> | null,
    private readonly orderings: readonly Ordering<GroupScope>[],
  ) {}

  records(
    run: QueryRun,
    rows: readonly Row[],
    limit: number | undefined,
    offset: number,
  ): SObjectRecord[] {
    const test = this.having?.prepare(run);
    const groups = this.group(run, rows).filter((group) => !test || test(group));
    return sortBy(groups, this.orderings, (group) => group)
      .slice(offset, limit === undefined ? undefined : offset + limit)
      .map((group) => {
        const record = new SObjectRecord('AggregateResult');
        for (const { alias, operand } of this.columns) record.set(alias, operand.get(group));
        return record;
      });
  }

  private group(run: QueryRun, rows: readonly Row[]): GroupScope[] {
    // Without GROUP BY all rows are one group, even when there are none.
    if (this.keys.length === 0) return [{ run, rows, keys: new Map() }];
    const groups = new Map<string, { rows: Row[]; keys: Map<string, FieldValue> }>();
    for (const row of rows) {
      const values = this.keys.map(({ operand }) => operand.get({ run, row }));
      const id = JSON.stringify(
        values.map((value, index) =>
          equalityKey(value, this.keys[index]?.operand.type ?? 'string'),
        ),
      );
      const group = groups.get(id);
      if (group) group.rows.push(row);
      else {
        const keys = new Map(this.keys.map((key, index) => [key.id, values[index] ?? null]));
        groups.set(id, { rows: [row], keys });
      }
    }
    return [...groups.values()].map((group) => ({ run, ...group }));
  }
}
