/** Reads `Field`, `Parent__r.Field` … of a stored record for merge fields and formulas, without counting queries. */
import type { Schema } from '../metadata/index.js';
import type { RowStore, Transaction } from '../org/contracts.js';
import { PlatformError } from '../org/contracts.js';
import type { FieldValue, SObjectRecord } from '../values/values.js';

export class RecordPaths {
  constructor(
    private readonly schema: Schema,
    private readonly rows: RowStore,
  ) {}

  /** The stored record behind an id, or null. */
  record(id: string): SObjectRecord | null {
    const object = this.schema.objectOfId(id);
    return object ? this.rows.findRow(object.name, id) : null;
  }

  /**
   * The value at the end of a path. What the record carries itself comes first; parents that were not loaded are read.
   * Throws when a name on the path does not exist.
   */
  value(tx: Transaction, record: SObjectRecord, path: readonly string[]): FieldValue {
    const [head, ...rest] = path;
    if (head === undefined) throw new Error('A path needs at least one name');
    if (rest.length === 0) return this.field(tx, record, head);
    const parent = this.parent(record, head);
    return parent ? this.value(tx, parent, rest) : null;
  }

  /** The record a lookup leads to; null when it is empty. */
  parent(record: SObjectRecord, relationship: string): SObjectRecord | null {
    const reference = this.schema.parent(record.type, relationship);
    if (!reference) {
      throw new PlatformError(
        'INVALID_FIELD',
        `${record.type} has no parent relationship ${relationship}`,
      );
    }
    const loaded = record.getParent(relationship);
    const id = record.get(reference.name);
    if (loaded !== undefined && (loaded === null || loaded.id === null || loaded.id === id)) {
      return loaded;
    }
    return typeof id === 'string' ? this.record(id) : null;
  }

  private field(tx: Transaction, record: SObjectRecord, name: string): FieldValue {
    const field = this.schema.requireField(record.type, name);
    if (field.formula !== null) {
      return tx.org.automation.evaluateFormula(tx, field.formula, record, field.type);
    }
    if (record.has(field.name) || record.id === null) return record.get(field.name);
    return this.rows.findRow(record.type, record.id)?.get(field.name) ?? null;
  }
}
