/** The data layer put together: rows, saves, queries and rights over one schema. */
import type { Schema } from '../metadata/index.js';
import type { RowStore } from '../org/contracts.js';
import { SoqlCompiler } from '../soql/compiler.js';
import { RowSource, type VirtualRows } from '../soql/row-source.js';
import { type ApexDatetime, type FieldValue, type SObjectRecord } from '../values/values.js';
import { DmlEngine } from './dml.js';
import { recordOf } from './prepare.js';
import { RecordReader } from './record-reader.js';
import type { AccessControl, ObjectBehaviour } from './save-types.js';
import { Store, withValues } from './store.js';

/** What an org lays over the bare rows; left out in tests of the rows alone. */
export interface DatabaseParts {
  access(database: Database): AccessControl;
  behaviours(database: Database): ReadonlyMap<string, ObjectBehaviour>;
  virtualRows(database: Database): VirtualRows;
}

export class Database implements RowStore {
  readonly store: Store;
  readonly reader: RecordReader;
  readonly access: AccessControl;
  readonly dml: DmlEngine;
  readonly queries: SoqlCompiler;

  constructor(
    readonly schema: Schema,
    parts: DatabaseParts,
    store = new Store(),
  ) {
    this.store = store;
    this.reader = new RecordReader(schema, store);
    this.access = parts.access(this);
    this.dml = new DmlEngine(this.reader, this.access, parts.behaviours(this));
    this.queries = new SoqlCompiler({
      reader: this.reader,
      access: this.access,
      rows: new RowSource(store, parts.virtualRows(this)),
      timeZoneOf: (userId) => String(store.get('User', userId)?.get('TimeZoneSidKey') ?? 'GMT'),
    });
  }

  savepoint(): number {
    return this.store.savepoint();
  }

  rollbackTo(savepoint: number): void {
    this.store.rollbackTo(savepoint);
  }

  commit(): void {
    this.store.commit();
  }

  putSystemRow(record: SObjectRecord): string {
    const object = this.schema.requireObject(record.type);
    const id = record.id ?? this.store.nextId(object.name, object.keyPrefix ?? '000');
    const values: [string, FieldValue][] = [['Id', id]];
    for (const [name, value] of record.entries()) {
      if (name !== 'Id') values.push([this.schema.requireField(object.name, name).name, value]);
    }
    this.store.put(
      object.name,
      id,
      withValues(this.store.get(object.name, id) ?? new Map(), values),
    );
    record.set('Id', id);
    return id;
  }

  findRow(type: string, id: string): SObjectRecord | null {
    const object = this.schema.requireObject(type);
    const row = this.store.get(object.name, id);
    return row ? recordOf(object.name, row) : null;
  }

  /** `Test.setCreatedDate`. */
  setCreatedDate(id: string, created: ApexDatetime): void {
    const object = this.schema.objectOfId(id);
    const row = object && this.store.get(object.name, id);
    if (!object || !row) throw new Error(`no record has the id ${id}`);
    this.store.put(object.name, id, withValues(row, [['CreatedDate', created]]));
  }
}
