/** The database's store as the platform writes its own rows: jobs, schedules, tasks. No automation runs on them. */
import type { Store } from '../database/store.js';
import type { Schema } from '../metadata/index.js';
import type { RowStore } from '../org/contracts.js';
import { SObjectRecord, type FieldValue } from '../values/values.js';

export class DatabaseRows implements RowStore {
  constructor(
    private readonly store: Store,
    private readonly schema: Schema,
  ) {}

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
    const { name, keyPrefix } = this.schema.requireObject(record.type);
    if (keyPrefix === null) throw new Error(`${name} has no rows with ids`);
    const id = record.id ?? this.store.nextId(name, keyPrefix);
    record.set('Id', id);
    const row = new Map<string, FieldValue>();
    for (const [field, value] of record.entries()) {
      if (value !== null) row.set(this.schema.field(name, field)?.name ?? field, value);
    }
    this.store.put(name, id, row);
    return id;
  }

  findRow(type: string, id: string): SObjectRecord | null {
    const { name } = this.schema.requireObject(type);
    const row = this.store.get(name, id);
    if (!row) return null;
    const record = new SObjectRecord(name);
    for (const [field, value] of row) record.set(field, value);
    return record;
  }
}
