/**
 * One chunk of an insert or update through the order of execution the platform documents: load, defaults, before-save
 * flows, before triggers, system validation, validation rules, store, after triggers, after-save flows, roll-ups.
 * (Apex Developer Guide, "Triggers and Order of Execution".)
 */
import { Decimal } from 'decimal.js';
import type { ObjectDescribe, Schema } from '../metadata/index.js';
import type { SaveRow } from '../org/contracts.js';
import { ApexDatetime, type FieldValue, type SObjectRecord } from '../values/values.js';
import { applyDefaults, formatAutoNumber } from './defaults.js';
import { sameValue } from './field-values.js';
import { RowPreparer, coerceRecord, recordOf } from './prepare.js';
import type { RecordReader } from './record-reader.js';
import type { RollUps } from './roll-up.js';
import {
  recordError,
  type AccessControl,
  type ObjectBehaviour,
  type PreparedRow,
  type RowResult,
  type SaveContext,
} from './save-types.js';
import type { Store } from './store.js';
import { findDuplicate, validateRecord } from './system-validation.js';
import type { Row } from './table.js';

const healthy = (rows: readonly PreparedRow[]): PreparedRow[] =>
  rows.filter((row) => row.record.errors.length === 0);

export class ChunkSaver {
  private readonly schema: Schema;
  private readonly store: Store;
  private readonly preparer: RowPreparer;

  constructor(
    private readonly reader: RecordReader,
    access: AccessControl,
    private readonly behaviours: ReadonlyMap<string, ObjectBehaviour>,
    private readonly rollUps: RollUps,
  ) {
    this.schema = reader.schema;
    this.store = reader.store;
    this.preparer = new RowPreparer(reader.schema, reader.store, access);
  }

  /** Results in the order of the inputs; rows with errors were not stored, or are for the caller to take back. */
  save(
    context: SaveContext,
    operation: 'insert' | 'update',
    inputs: readonly SObjectRecord[],
  ): RowResult[] {
    const rows = inputs.map((input) =>
      operation === 'insert'
        ? this.preparer.insert(context, input)
        : this.preparer.update(context, input),
    );
    this.beforeStore(context, operation, rows);
    const after = this.storeRows(context, operation, rows);
    this.afterStore(context, operation, after);
    const errorsOf = new Map(after.map((row) => [row.input, row.record.errors]));
    return rows.map((row) => {
      const errors = [...row.record.errors, ...(errorsOf.get(row.input) ?? [])];
      return { id: row.record.id, errors };
    });
  }

  private beforeStore(
    context: SaveContext,
    operation: 'insert' | 'update',
    rows: readonly PreparedRow[],
  ): void {
    const { tx, object } = context;
    const behaviour = this.behaviours.get(object.name);
    for (const row of healthy(rows)) {
      behaviour?.prepare?.(context, operation, row);
      if (operation === 'insert') applyDefaults(tx, object, row.record);
      this.reader.addFormulas(tx, row.record);
      if (row.old) this.reader.addFormulas(tx, row.old);
    }
    const { automation } = tx.org;
    this.run(healthy(rows), (part) =>
      automation.runRecordFlows(tx, 'beforeSave', operation, object.name, part),
    );
    this.run(healthy(rows), (part) =>
      automation.runTriggers(tx, 'before', operation, object.name, part),
    );
    for (const row of healthy(rows)) {
      coerceRecord(this.schema, row.record);
      row.record.errors.push(
        ...validateRecord(object, row.record, changedFrom(row), this.schema, this.store),
      );
      this.reader.addFormulas(tx, row.record);
    }
    this.run(healthy(rows), (part) =>
      automation.runValidationRules(tx, operation, object.name, part),
    );
    for (const row of healthy(rows)) behaviour?.beforeStore?.(context, operation, row);
  }

  private run(rows: PreparedRow[], step: (rows: readonly SaveRow[]) => void): void {
    if (rows.length > 0) step(rows);
  }

  /** Stores the good rows and returns them with fresh images for the after steps. */
  private storeRows(
    context: SaveContext,
    operation: 'insert' | 'update',
    rows: readonly PreparedRow[],
  ): PreparedRow[] {
    const { tx, object } = context;
    const stored: PreparedRow[] = [];
    for (const row of healthy(rows)) {
      const duplicate = findDuplicate(object, row.record, changedFrom(row), this.store);
      if (duplicate) {
        row.record.errors.push(duplicate);
        continue;
      }
      if (operation === 'insert') this.identify(context, row.record);
      const image = this.stamp(context, operation, row);
      this.store.put(object.name, String(image.get('Id')), image);
      const record = recordOf(object.name, image);
      this.reader.addFormulas(tx, record);
      stored.push({ ...row, record, stored: image });
    }
    if (stored.length > 0) tx.hasUncommittedWork = true;
    return stored;
  }

  /** The id and the automatic numbers of a new record. */
  private identify(context: SaveContext, record: SObjectRecord): void {
    const { tx, object } = context;
    record.set('Id', this.store.nextId(object.name, object.keyPrefix ?? '000'));
    for (const field of object.fields) {
      if (!field.autoNumber || (context.byPlatform && record.get(field.name) !== null)) continue;
      const { displayFormat, startingNumber } = field.autoNumber;
      const number = this.store.nextNumber(`auto:${object.name}.${field.name}`, startingNumber);
      record.set(field.name, formatAutoNumber(displayFormat, number, tx.now()));
    }
  }

  /** The row as it will be stored, with who and when. */
  private stamp(context: SaveContext, operation: 'insert' | 'update', row: PreparedRow): Row {
    const { tx, object } = context;
    const image = new Map<string, FieldValue>();
    for (const [name, value] of row.stored ?? []) if (name.startsWith('@')) image.set(name, value);
    for (const field of object.fields) {
      if (field.formula !== null) continue;
      const value = row.record.get(field.name);
      if (value !== null) image.set(field.name, value);
      else if (
        field.rollUpSummary?.operation === 'count' ||
        field.rollUpSummary?.operation === 'sum'
      ) {
        image.set(field.name, new Decimal(0));
      }
    }
    const now = new ApexDatetime(Math.floor(tx.now() / 1000) * 1000);
    const put = (name: string, value: FieldValue): void => {
      if (this.schema.field(object.name, name)) image.set(name, value);
    };
    if (operation === 'insert') {
      if (!(context.byPlatform && image.has('CreatedDate'))) put('CreatedDate', now);
      put('CreatedById', tx.userId);
      put('IsDeleted', false);
    }
    put('LastModifiedDate', now);
    put('LastModifiedById', tx.userId);
    put('SystemModstamp', now);
    return image;
  }

  private afterStore(
    context: SaveContext,
    operation: 'insert' | 'update',
    rows: PreparedRow[],
  ): void {
    if (rows.length === 0) return;
    const { tx, object } = context;
    const { automation } = tx.org;
    this.behaviours.get(object.name)?.afterStore?.(context, operation, rows);
    this.run(healthy(rows), (part) =>
      automation.runTriggers(tx, 'after', operation, object.name, part),
    );
    this.run(healthy(rows), (part) =>
      automation.runRecordFlows(tx, 'afterSave', operation, object.name, part),
    );
    this.rollUps.recalculate(tx, object, healthy(rows));
  }
}

/** Tells whether a field's new value differs from the stored one; everything of a new record does. */
function changedFrom(row: PreparedRow): (field: string, value: FieldValue) => boolean {
  return (field, value) => !row.stored || !sameValue(row.stored.get(field) ?? null, value);
}

/** The refusal of a save nested too deeply in triggers and flows. */
export function depthError(object: ObjectDescribe): ReturnType<typeof recordError> {
  return recordError(
    'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
    `${object.name}: maximum trigger depth exceeded`,
  );
}
