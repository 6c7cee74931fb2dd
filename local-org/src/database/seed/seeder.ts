/** Puts rows the platform has by itself in the store, once: a row that is there keeps its id and gets new values. */
import { ApexDatetime, SObjectRecord, type FieldValue } from '../../values/values.js';
import type { Database } from '../database.js';
import { sameValue } from '../field-values.js';

export type Values = Readonly<Record<string, FieldValue>>;

export class Seeder {
  readonly createdDate: ApexDatetime;

  constructor(
    readonly database: Database,
    readonly now: number,
  ) {
    this.createdDate = new ApexDatetime(Math.floor(now / 1000) * 1000);
  }

  /** Finds the row with these key values or makes it; returns its id. Put the most telling key first. */
  put(object: string, key: Values, values: Values = {}): string {
    const { schema } = this.database;
    const id = this.find(object, key);
    if (id !== null && this.holds(object, id, values)) return id;
    const record = new SObjectRecord(object);
    if (id !== null) record.set('Id', id);
    for (const [name, value] of Object.entries({ ...key, ...values })) record.set(name, value);
    if (id === null) {
      for (const name of ['CreatedDate', 'LastModifiedDate', 'SystemModstamp']) {
        if (schema.field(object, name)) record.set(name, this.createdDate);
      }
      if (schema.field(object, 'IsDeleted')) record.set('IsDeleted', false);
    }
    return this.database.putSystemRow(record);
  }

  /** True when the row has these values already, so that an unchanged org is not written again. */
  private holds(object: string, id: string, values: Values): boolean {
    const row = this.database.store.get(object, id);
    return Object.entries(values).every(([name, value]) =>
      sameValue(row?.get(name) ?? null, value),
    );
  }

  find(object: string, key: Values): string | null {
    const { schema, store } = this.database;
    const table = store.table(object);
    const [first, ...rest] = Object.entries(key);
    if (!first) return null;
    const type = schema.requireField(object, first[0]).type;
    const ids = table.find(first[0], type === 'id' || type === 'reference', [first[1]]);
    return (
      ids.find((id) =>
        rest.every(([name, value]) => (table.get(id)?.get(name) ?? null) === value),
      ) ?? null
    );
  }

  /** Takes rows away that their source no longer has. */
  keepOnly(
    object: string,
    ids: ReadonlySet<string>,
    owned: (id: string) => boolean = () => true,
  ): void {
    const table = this.database.store.table(object);
    for (const [id] of [...table.entries()]) {
      if (!ids.has(id) && owned(id)) this.database.store.remove(object, id);
    }
  }
}
