/** A compiled query and how it runs. */
import type { ExpressionContext } from '@apexdevtools/apex-parser';
import type { AccessControl } from '../database/save-types.js';
import type { RecordReader } from '../database/record-reader.js';
import type { Row } from '../database/table.js';
import type { ObjectDescribe } from '../metadata/index.js';
import type { AccessMode, QueryPlan, QueryResult, Transaction } from '../org/contracts.js';
import { type SObjectRecord, type FieldValue } from '../values/values.js';
import { requireReadable, type UsedField } from './access-check.js';
import type { Condition } from './conditions.js';
import { queryError } from './errors.js';
import type { Grouping } from './grouping.js';
import { sortBy, type Ordering } from './ordering.js';
import { makeRecord, type Projector } from './projection.js';
import type { RowSource } from './row-source.js';
import type { BindValue, QueryRun, RowScope } from './run.js';

export interface QueryEnvironment {
  readonly reader: RecordReader;
  readonly access: AccessControl;
  readonly rows: RowSource;
  /** IANA time zone of a user. */
  timeZoneOf(userId: string): string;
}

/** The parts of a compiled `SELECT` that both queries and sub-queries have. */
export interface CompiledSelect {
  readonly object: ObjectDescribe;
  readonly condition: Condition<RowScope> | null;
  readonly projectors: readonly Projector[];
  readonly orderings: readonly Ordering<RowScope>[];
  readonly limit: ((run: QueryRun) => number) | null;
  readonly offset: ((run: QueryRun) => number) | null;
  readonly allRows: boolean;
}

/** Most rows `OFFSET` may skip. */
const MAXIMUM_OFFSET = 2000;

/** The rows of a select, filtered, shared, sorted and cut. */
export function selectRows(
  environment: QueryEnvironment,
  select: CompiledSelect,
  run: QueryRun,
  candidates?: Iterable<Row>,
): Row[] {
  const { object, condition, orderings, allRows } = select;
  const test = condition?.prepare(run);
  const rows: Row[] = [];
  for (const row of candidates ?? environment.rows.candidates(run, object, condition)) {
    if (!allRows && row.get('IsDeleted') === true) continue;
    if (test && !test({ run, row })) continue;
    if (run.access.sharing && !environment.access.recordRight(run.tx, object, row, 'read'))
      continue;
    rows.push(row);
  }
  const sorted = sortBy(rows, orderings, (row): RowScope => ({ run, row }));
  const offset = select.offset?.(run) ?? 0;
  if (offset > MAXIMUM_OFFSET) {
    throw queryError(
      'NUMBER_OUTSIDE_VALID_RANGE',
      `Maximum SOQL offset allowed is ${MAXIMUM_OFFSET}`,
    );
  }
  const limit = select.limit?.(run);
  return limit === undefined && offset === 0
    ? sorted
    : sorted.slice(offset, limit === undefined ? undefined : offset + limit);
}

export function projectRows(
  environment: QueryEnvironment,
  select: CompiledSelect,
  run: QueryRun,
  rows: readonly Row[],
): SObjectRecord[] {
  return rows.map((row) =>
    makeRecord(environment.reader, select.object, select.projectors, run, row),
  );
}

export interface PlanParts {
  readonly select: CompiledSelect;
  readonly isCount: boolean;
  readonly grouping: Grouping | null;
  readonly declaredMode: 'user' | 'system' | null;
  readonly securityEnforced: boolean;
  readonly binds: readonly ExpressionContext[];
  readonly used: readonly UsedField[];
  /** Paths and aliases in the order of the select list, as written. */
  readonly columns: readonly string[];
}

export class CompiledQuery implements QueryPlan {
  readonly fromObject: string;
  readonly isCount: boolean;
  readonly isAggregate: boolean;
  readonly declaredMode: 'user' | 'system' | null;
  readonly binds: readonly ExpressionContext[];
  /** Paths and aliases in the order of the select list, as written. */
  readonly columns: readonly string[];

  constructor(
    private readonly environment: QueryEnvironment,
    private readonly parts: PlanParts,
  ) {
    this.fromObject = parts.select.object.name;
    this.isCount = parts.isCount;
    this.isAggregate = parts.grouping !== null;
    this.declaredMode = parts.declaredMode;
    this.binds = parts.binds;
    this.columns = parts.columns;
  }

  execute(
    tx: Transaction,
    binds: readonly (FieldValue | readonly FieldValue[])[],
    access: AccessMode,
  ): QueryResult {
    tx.limits.use('queries');
    const run = this.begin(tx, binds, access);
    const { select, grouping, isCount } = this.parts;
    if (isCount) {
      const totalSize = selectRows(this.environment, select, run).length;
      tx.limits.use('queryRows', 1);
      return { records: [], totalSize };
    }
    if (grouping) {
      const rows = selectRows(
        this.environment,
        { ...select, orderings: [], limit: null, offset: null },
        run,
      );
      tx.limits.use('queryRows', rows.length);
      const records = grouping.records(run, rows, select.limit?.(run), select.offset?.(run) ?? 0);
      return { records, totalSize: records.length };
    }
    const rows = selectRows(this.environment, select, run);
    tx.limits.use('queryRows', rows.length);
    const records = projectRows(this.environment, select, run, rows);
    return { records, totalSize: records.length };
  }

  private begin(tx: Transaction, binds: readonly BindValue[], access: AccessMode): QueryRun {
    const { declaredMode, securityEnforced, used, select } = this.parts;
    const mode = declaredMode ?? access.mode;
    const effective: AccessMode = { mode, sharing: mode === 'user' ? true : access.sharing };
    if (mode === 'user' || securityEnforced) {
      requireReadable(this.environment.access, tx, select.object.name, used, securityEnforced);
    }
    return {
      tx,
      binds,
      access: effective,
      timeZone: this.environment.timeZoneOf(tx.userId),
      joins: new Map(),
    };
  }
}
