/** What the steps of a save hand to each other. */
import type { ObjectDescribe } from '../metadata/index.js';
import type { SaveOptions, SaveRow, Transaction } from '../org/contracts.js';
import type { RecordError, SObjectRecord } from '../values/values.js';
import type { Row } from './table.js';

/** One save of one object. */
export interface SaveContext {
  readonly tx: Transaction;
  readonly object: ObjectDescribe;
  readonly options: SaveOptions;
  /** A save the platform makes by itself (implicit links, roll-ups): it may write read-only fields. */
  readonly byPlatform: boolean;
}

/** A row of the caller on its way. */
export interface PreparedRow extends SaveRow {
  readonly input: SObjectRecord;
  /** The stored row before the save; null for an insert. */
  readonly stored: Row | null;
}

export interface RowResult {
  readonly id: string | null;
  readonly errors: readonly RecordError[];
}

/**
 * What the platform does for one object beyond fields and triggers, such as making the document of a new file version.
 * Refusals go on `row.record.errors`.
 */
export interface ObjectBehaviour {
  /** Before defaults and before-save automation. */
  prepare?(context: SaveContext, operation: 'insert' | 'update', row: PreparedRow): void;
  /** After system validation, before the row is stored. */
  beforeStore?(context: SaveContext, operation: 'insert' | 'update', row: PreparedRow): void;
  /** After the rows are stored, before the after triggers. */
  afterStore?(
    context: SaveContext,
    operation: 'insert' | 'update',
    rows: readonly PreparedRow[],
  ): void;
  beforeDelete?(context: SaveContext, row: PreparedRow): void;
  /** After the rows are gone, before the after triggers. */
  afterDelete?(context: SaveContext, rows: readonly PreparedRow[]): void;
}

/** Access of the running user, as the saves and queries ask for it. */
export interface AccessControl {
  objectRight(
    tx: Transaction,
    object: string,
    right: 'read' | 'create' | 'edit' | 'delete',
  ): boolean;
  fieldRight(tx: Transaction, object: string, field: string, right: 'read' | 'edit'): boolean;
  recordRight(
    tx: Transaction,
    object: ObjectDescribe,
    row: Row,
    right: 'read' | 'edit' | 'delete',
  ): boolean;
}

export function recordError(
  statusCode: string,
  message: string,
  ...fields: readonly string[]
): RecordError {
  return { statusCode, message, fields };
}
