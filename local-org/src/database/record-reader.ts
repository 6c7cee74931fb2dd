/**
 * Reads records for automation: formulas, validation rules and flows see the whole record and its parents, without
 * access checks and without counting as a query.
 */
import type { FieldDescribe, Schema } from '../metadata/index.js';
import type { Transaction } from '../org/contracts.js';
import { SObjectRecord, type FieldValue } from '../values/values.js';
import type { Store } from './store.js';
import type { Row } from './table.js';

/** Formula fields on the way to their value, to stop circles. */
const evaluating = new WeakMap<Transaction, Set<string>>();

export class RecordReader {
  constructor(
    readonly schema: Schema,
    readonly store: Store,
  ) {}

  /** The stored record, formulas and parents read when asked for; null when there is none. */
  read(tx: Transaction, object: string, id: string): SObjectRecord | null {
    const row = this.store.get(object, id);
    return row ? this.live(tx, object, row) : null;
  }

  /** A stored row as a record that finds its formulas and parents by itself. */
  live(tx: Transaction, object: string, row: Row): SObjectRecord {
    return new LiveRecord(tx, this, object, row);
  }

  /** The record a reference points to, whatever object it is of. */
  readById(tx: Transaction, id: string): SObjectRecord | null {
    const object = this.schema.objectOfId(id);
    return object ? this.read(tx, object.name, id) : null;
  }

  /** The value of a field of a stored row, computed when it is a formula. */
  value(tx: Transaction, object: string, field: FieldDescribe, row: Row): FieldValue {
    if (field.formula === null) {
      const value = row.get(field.name);
      return value ?? (field.type === 'boolean' ? false : null);
    }
    return this.formula(tx, field, this.live(tx, object, row));
  }

  formula(tx: Transaction, field: FieldDescribe, record: SObjectRecord): FieldValue {
    const active = evaluating.get(tx) ?? new Set<string>();
    evaluating.set(tx, active);
    const key = `${record.type}.${field.name}.${record.id ?? ''}`;
    if (active.has(key))
      throw new Error(`the formula of ${record.type}.${field.name} refers to itself`);
    active.add(key);
    try {
      return tx.org.automation.evaluateFormula(tx, field.formula ?? '', record, field.type);
    } finally {
      active.delete(key);
    }
  }

  /** Sets the formula fields of an image that automation will see. */
  addFormulas(tx: Transaction, record: SObjectRecord): void {
    const formulas = this.schema
      .object(record.type)
      ?.fields.filter((field) => field.formula !== null);
    if (!formulas?.length) return;
    const row: Row = new Map(record.entries());
    const live = this.live(tx, record.type, row);
    for (const field of formulas) record.set(field.name, this.formula(tx, field, live));
  }
}

class LiveRecord extends SObjectRecord {
  constructor(
    private readonly tx: Transaction,
    private readonly reader: RecordReader,
    type: string,
    private readonly row: Row,
  ) {
    super(type);
    for (const [name, value] of row) this.set(name, value);
  }

  override get(name: string): FieldValue {
    if (super.has(name)) return super.get(name);
    const field = this.reader.schema.field(this.type, name);
    return field ? this.reader.value(this.tx, this.type, field, this.row) : null;
  }

  override has(name: string): boolean {
    return super.has(name) || this.reader.schema.field(this.type, name) !== undefined;
  }

  override getParent(relationship: string): SObjectRecord | null | undefined {
    const known = super.getParent(relationship);
    if (known !== undefined) return known;
    const field = this.reader.schema.parent(this.type, relationship);
    if (!field) return undefined;
    const id = this.get(field.name);
    return typeof id === 'string' ? this.reader.readById(this.tx, id) : null;
  }
}
