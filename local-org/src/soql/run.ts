/** What one execution of a query carries along. */
import type { AccessMode, Transaction } from '../org/contracts.js';
import type { FieldType } from '../metadata/index.js';
import type { Row } from '../database/table.js';
import type { FieldValue } from '../values/values.js';

export type BindValue = FieldValue | readonly FieldValue[];

export interface QueryRun {
  readonly tx: Transaction;
  readonly binds: readonly BindValue[];
  readonly access: AccessMode;
  /** IANA time zone of the running user, for day boundaries. */
  readonly timeZone: string;
  /** Results of semi-joins, computed once a run. */
  readonly joins: Map<unknown, ReadonlySet<FieldValue>>;
}

/** What a condition or a selected value is computed from. */
export interface Scope {
  readonly run: QueryRun;
}

export interface RowScope extends Scope {
  readonly row: Row;
}

/** A value of a row or of a group, with the type that decides how it compares. */
export interface Operand<S extends Scope> {
  /** As written, for messages. */
  readonly name: string;
  readonly type: FieldType;
  readonly caseSensitive: boolean;
  get(scope: S): FieldValue;
}
