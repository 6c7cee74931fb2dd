/** The rows of one object, with indexes that are built when a field is first asked for. */
import { Decimal } from 'decimal.js';
import { ApexDate, ApexDatetime, ApexDouble, ApexTime, type FieldValue } from '../values/values.js';

/** One stored row: values by canonical field name, empty fields left out. Never changed once stored. */
export type Row = ReadonlyMap<string, FieldValue>;

/** A value as a key that is equal for values SOQL's `=` finds equal. Ids keep their case; other texts do not. */
export function indexKey(value: FieldValue, isId: boolean): string | number | boolean | null {
  if (typeof value === 'string') return isId ? value : value.toLowerCase();
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Decimal) return value.toNumber();
  if (value instanceof ApexDouble) return value.value;
  if (value instanceof ApexDatetime) return value.epochMs;
  if (value instanceof ApexDate) return value.toString();
  if (value instanceof ApexTime) return value.ms;
  return null;
}

type IndexKey = ReturnType<typeof indexKey>;

export class Table {
  private readonly rows = new Map<string, Row>();
  private readonly indexes = new Map<
    string,
    { readonly isId: boolean; readonly ids: Map<IndexKey, Set<string>> }
  >();
  /** Grows with every change; caches compare it. */
  version = 0;

  get size(): number {
    return this.rows.size;
  }

  get(id: string): Row | undefined {
    return this.rows.get(id);
  }

  entries(): IterableIterator<[id: string, row: Row]> {
    return this.rows.entries();
  }

  /** Puts a row or, with undefined, takes it away. */
  put(id: string, row: Row | undefined): void {
    const old = this.rows.get(id);
    if (row) this.rows.set(id, row);
    else this.rows.delete(id);
    this.version++;
    for (const [field, { isId, ids }] of this.indexes) {
      const before = old ? indexKey(old.get(field) ?? null, isId) : undefined;
      const after = row ? indexKey(row.get(field) ?? null, isId) : undefined;
      if (before === after) continue;
      if (before !== undefined) ids.get(before)?.delete(id);
      if (after !== undefined) addTo(ids, after, id);
    }
  }

  /** Ids of the rows whose field has one of these values. */
  find(field: string, isId: boolean, values: readonly FieldValue[]): string[] {
    let index = this.indexes.get(field);
    if (!index) {
      index = { isId, ids: new Map() };
      for (const [id, row] of this.rows)
        addTo(index.ids, indexKey(row.get(field) ?? null, isId), id);
      this.indexes.set(field, index);
    }
    const found = new Set<string>();
    for (const value of values) {
      for (const id of index.ids.get(indexKey(value, isId)) ?? []) found.add(id);
    }
    return [...found];
  }
}

function addTo(ids: Map<IndexKey, Set<string>>, key: IndexKey, id: string): void {
  const set = ids.get(key);
  if (set) set.add(id);
  else ids.set(key, new Set([id]));
}
