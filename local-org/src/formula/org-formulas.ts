/** The formulas of an org: put together over the database's reader, for validation rules, fields and flows alike. */
import type { RecordReader } from '../database/index.js';
import type { Transaction } from '../org/contracts.js';
import type { FieldValue, SObjectRecord } from '../values/values.js';
import { Globals } from './globals.js';
import { RecordFormulas } from './record-formulas.js';

export interface OrgFormulaParts {
  readonly reader: RecordReader;
  readonly hasCustomPermission: (tx: Transaction, name: string) => boolean;
  readonly organizationId: () => string | null;
  /** IANA time zone of a user. */
  readonly timeZoneOf: (userId: string) => string;
}

export class OrgFormulas {
  readonly globals: Globals;
  readonly records: RecordFormulas;
  readonly timeZoneOf: (userId: string) => string;

  constructor(private readonly parts: OrgFormulaParts) {
    const { schema } = parts.reader;
    this.timeZoneOf = parts.timeZoneOf;
    this.globals = new Globals({
      schema,
      record: (tx, id) => this.record(tx, id),
      value: (tx, record, path) => this.value(tx, record, path),
      hasCustomPermission: parts.hasCustomPermission,
      organizationId: parts.organizationId,
    });
    this.records = new RecordFormulas({
      schema,
      globals: this.globals,
      parent: (tx, record, relationship) => this.parent(tx, record, relationship),
      field: (tx, record, name) => this.field(tx, record, name),
      timeZoneOf: parts.timeZoneOf,
    });
  }

  /** The stored record, its formulas and parents read when asked for; null when there is none. */
  record(tx: Transaction, id: string): SObjectRecord | null {
    return this.parts.reader.readById(tx, id);
  }

  /** Follows fields and parents of a record; throws when a name does not exist. */
  value(tx: Transaction, record: SObjectRecord, path: readonly string[]): FieldValue {
    let current: SObjectRecord | null = record;
    for (const relationship of path.slice(0, -1)) {
      current = current ? this.parent(tx, current, relationship) : null;
    }
    return current ? this.field(tx, current, path[path.length - 1] ?? '') : null;
  }

  private parent(
    tx: Transaction,
    record: SObjectRecord,
    relationship: string,
  ): SObjectRecord | null {
    const { reader } = this.parts;
    const reference = reader.schema.parent(record.type, relationship);
    if (!reference) throw new Error(`${record.type} has no parent relationship ${relationship}`);
    const id = this.field(tx, record, reference.name);
    return typeof id === 'string' ? reader.readById(tx, id) : null;
  }

  /** What the record carries itself comes first; the rest is read from the stored row. */
  private field(tx: Transaction, record: SObjectRecord, name: string): FieldValue {
    const { reader } = this.parts;
    const field = reader.schema.requireField(record.type, name);
    if (field.formula !== null) return reader.formula(tx, field, record);
    if (record.has(field.name) || record.id === null) return record.get(field.name);
    return reader.read(tx, record.type, record.id)?.get(field.name) ?? null;
  }
}
