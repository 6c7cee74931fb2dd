/**
 * The seams between the parts of the local org. Each part implements the interfaces it is named for and knows the
 * others only through them; `org.ts` puts them together.
 */
import type { ExpressionContext, QueryContext } from '@apexdevtools/apex-parser';
import type { FieldValue, RecordError, SObjectRecord } from '../values/values.js';

/** Salesforce raises it where a construct exists there but not here: name it, with its place, and stop. */
export class UnsupportedError extends Error {
  constructor(construct: string, where: string) {
    super(`${construct} is not supported by the local org (${where})`);
    this.name = 'UnsupportedError';
  }
}

/** A refusal that reaches the caller as an Apex exception or a REST error with the platform's own code. */
export class PlatformError extends Error {
  constructor(
    /** Such as `INSUFFICIENT_ACCESS_OR_READONLY`, `INVALID_FIELD`, `LIMIT_EXCEEDED`. */
    readonly statusCode: string,
    message: string,
    /** Apex exception type it becomes, such as `QueryException`. */
    readonly exceptionType: string = 'UnexpectedException',
    readonly fields: readonly string[] = [],
  ) {
    super(message);
    this.name = 'PlatformError';
  }
}

// ---------------------------------------------------------------- transaction (platform/)

export type ExecutionKind =
  | 'synchronous'
  | 'queueable'
  | 'batch'
  | 'future'
  | 'scheduled'
  | 'platformEvent'
  | 'flowAsync';

/** What a governor limit counts in one transaction. */
export type LimitName =
  | 'queries'
  | 'queryRows'
  | 'dmlStatements'
  | 'dmlRows'
  | 'callouts'
  | 'queueableJobs'
  | 'futureCalls'
  | 'emailInvocations'
  | 'publishImmediateDml';

export interface LimitCounters {
  /** Counts and throws a `System.LimitException` (not catchable in Apex) past the maximum. */
  use(limit: LimitName, amount?: number): void;
  used(limit: LimitName): number;
  maximum(limit: LimitName): number;
  /** `Test.startTest()` gives a fresh set; `Test.stopTest()` returns to the earlier one. */
  startTest(): void;
  stopTest(): void;
}

/** One unit of work: everything in it is committed together or not at all. */
export interface Transaction {
  readonly org: OrgServices;
  /** The running user's id; `System.runAs` and the platform-event user change it. */
  userId: string;
  readonly kind: ExecutionKind;
  readonly isTest: boolean;
  readonly limits: LimitCounters;
  /** Milliseconds since 1970 on the org's clock. */
  now(): number;
  /** Apex static variables, flow-recursion marks and the like: one store a transaction, keyed by their owner. */
  readonly state: Map<unknown, unknown>;
  /** Work for after the commit, in order; dropped on roll-back. */
  afterCommit(work: () => void): void;
  savepoint(): Savepoint;
  rollback(savepoint: Savepoint): void;
  /** True once a record was saved, a job enqueued or an e-mail sent: callouts are then refused. */
  hasUncommittedWork: boolean;
}

export interface Savepoint {
  readonly id: number;
}

/** Whose rights apply to one query or save. */
export interface AccessMode {
  /** `user` enforces object and field permissions and sharing; `system` enforces none of them. */
  readonly mode: 'user' | 'system';
  /** Record sharing of the running user, as `with sharing` asks for. Always on in user mode. */
  readonly sharing: boolean;
}

// ---------------------------------------------------------------- database and SOQL (database/, soql/)

export type DmlOperation = 'insert' | 'update' | 'upsert' | 'delete' | 'undelete';

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
    readonly failures: readonly { index: number; id: string | null; errors: readonly RecordError[] }[],
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

// ---------------------------------------------------------------- automation (apex/, flow/, formula/)

/** One row on its way through the order of execution. */
export interface SaveRow {
  /** The new image; before-save automation changes it in place. The old image itself for a delete. */
  readonly record: SObjectRecord;
  /** The image before the save; null for an insert. */
  readonly old: SObjectRecord | null;
}

export type TriggerOperation = 'insert' | 'update' | 'delete' | 'undelete';

/** What the database calls at each step; errors are put on `row.record.errors`. */
export interface SaveAutomation {
  /** Apex triggers of the object; rows that already have errors are not passed. */
  runTriggers(
    tx: Transaction,
    timing: 'before' | 'after',
    operation: TriggerOperation,
    object: string,
    rows: readonly SaveRow[],
  ): void;
  /** Record-triggered flows: `beforeSave` and `beforeDelete` in the save, `afterSave` after the after triggers. */
  runRecordFlows(
    tx: Transaction,
    timing: 'beforeSave' | 'afterSave' | 'beforeDelete',
    operation: TriggerOperation,
    object: string,
    rows: readonly SaveRow[],
  ): void;
  runValidationRules(
    tx: Transaction,
    operation: 'insert' | 'update',
    object: string,
    rows: readonly SaveRow[],
  ): void;
  /** The value of a formula field of a record, or of a default-value formula. */
  evaluateFormula(
    tx: Transaction,
    formula: string,
    record: SObjectRecord,
    returns: string,
  ): FieldValue;
}

/** What every part can reach through a transaction. */
export interface OrgServices {
  readonly dml: Dml;
  readonly queries: QueryCompiler;
  readonly automation: SaveAutomation;
}
