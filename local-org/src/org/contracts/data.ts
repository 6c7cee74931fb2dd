/** Rows: saving and querying them with the order of execution, rights and limits. */
import type { ExpressionContext, QueryContext } from '@apexdevtools/apex-parser';
import type { FieldValue, RecordError, SObjectRecord } from '../../values/values.js';
import type { AccessMode, Transaction } from './transaction.js';

export type DmlOperation =
  'insert' | 'update' | 'upsert' | 'delete' | 'undelete' | 'emptyRecycleBin';

export interface SaveOptions {
  readonly access: AccessMode;
  /** False saves what can be saved and reports the rest (`Database.insert(rows, false)`). */
  readonly allOrNone: boolean;
  readonly externalIdField?: string;
}

export interface SaveResult {
  readonly id: string | null;
  readonly success: boolean;
  readonly created: boolean;
  readonly errors: readonly RecordError[];
}

/** Thrown by an all-or-none save that was refused; Apex sees a `DmlException`. */
export class DmlFailure extends Error {
  constructor(
    readonly operation: DmlOperation,
    /** Index of the row in the caller's list and its errors, in order of the rows. */
    readonly failures: readonly {
      index: number;
      id: string | null;
      errors: readonly RecordError[];
    }[],
  ) {
    const first = failures[0];
    const error = first?.errors[0];
    super(
      `${operation[0]!.toUpperCase()}${operation.slice(1)} failed. First exception on row ${first?.index ?? 0}` +
        `${first?.id ? ` with id ${first.id}` : ''}; first error: ${error?.statusCode ?? 'UNKNOWN_EXCEPTION'}, ` +
        `${error?.message ?? ''}: [${error?.fields.join(', ') ?? ''}]`,
    );
    this.name = 'DmlFailure';
  }
}

export interface Dml {
  /** Runs the order of execution in chunks of 200 rows. Sets `Id` on inserted records. */
  save(
    tx: Transaction,
    operation: DmlOperation,
    rows: SObjectRecord[],
    options: SaveOptions,
  ): SaveResult[];
}

export interface QueryResult {
  /** Rows; aggregate rows have the type `AggregateResult` and their aliases as fields. */
  readonly records: SObjectRecord[];
  /** The count of a `SELECT COUNT()` query, else the number of rows. */
  readonly totalSize: number;
}

/** A compiled query; bind values come in the order of `binds`. */
export interface QueryPlan {
  readonly fromObject: string;
  readonly isCount: boolean;
  readonly isAggregate: boolean;
  /** `WITH USER_MODE` / `WITH SYSTEM_MODE` of the text, which overrides the caller's mode. */
  readonly declaredMode: 'user' | 'system' | null;
  readonly binds: readonly ExpressionContext[];
  /** Counts against the governor limits. A list bind is an array of values. */
  execute(
    tx: Transaction,
    binds: readonly (FieldValue | readonly FieldValue[])[],
    access: AccessMode,
  ): QueryResult;
}

export interface QueryCompiler {
  /** From the syntax tree of a query inside Apex. Checks objects, fields and relationships. */
  compile(query: QueryContext, where: string): QueryPlan;
  /** From text (dynamic SOQL, REST); `binds` are then simple or dotted names. */
  compileText(soql: string, where: string): QueryPlan;
}
