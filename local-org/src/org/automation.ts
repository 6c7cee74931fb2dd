import type { ApexRuntime } from '../apex/runtime.js';
import type { RecordFormulas } from '../formula/index.js';
import type { FlowEngine } from '../flow/index.js';
import type { FieldValue, SObjectRecord } from '../values/values.js';
import type { SaveAutomation, SaveRow, Transaction, TriggerOperation } from './contracts.js';

/** The steps of a save, each done by the part that knows how. */
export class OrgAutomation implements SaveAutomation {
  constructor(
    private readonly apex: () => ApexRuntime,
    private readonly flows: () => FlowEngine,
    private readonly formulas: RecordFormulas,
  ) {}

  runTriggers(
    tx: Transaction,
    timing: 'before' | 'after',
    operation: TriggerOperation,
    object: string,
    rows: readonly SaveRow[],
  ): void {
    this.apex().runTriggers(tx, timing, operation, object, rows);
  }

  runRecordFlows(
    tx: Transaction,
    timing: 'beforeSave' | 'afterSave' | 'beforeDelete',
    operation: TriggerOperation,
    object: string,
    rows: readonly SaveRow[],
  ): void {
    this.flows().runRecordFlows(tx, timing, operation, object, rows);
  }

  runValidationRules(
    tx: Transaction,
    _operation: 'insert' | 'update',
    object: string,
    rows: readonly SaveRow[],
  ): void {
    this.formulas.validate(tx, object, rows);
  }

  evaluateFormula(
    tx: Transaction,
    formula: string,
    record: SObjectRecord,
    returns: string,
  ): FieldValue {
    return this.formulas.value(tx, formula, record, returns);
  }
}
