/** What runs while a row is saved, and flows that something else starts. */
import type { FieldValue, SObjectRecord } from '../../values/values.js';
import type { InvocableValues } from './apex.js';
import type { Transaction } from './transaction.js';

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

/** Flows that something other than a record or an event starts: Apex, REST, another flow. */
export interface Flows {
  /** Runs an active autolaunched flow once for each set of inputs, in bulk; output variables in the same order. */
  launch(
    tx: Transaction,
    flowName: string,
    inputs: readonly InvocableValues[],
  ): readonly InvocableValues[];
}
