/** Finds the rows a query starts from: by an index where the condition allows it, else all rows of the object. */
import type { Store } from '../database/store.js';
import type { Row } from '../database/table.js';
import type { ObjectDescribe } from '../metadata/index.js';
import type { Condition } from './conditions.js';
import type { FieldPath } from './fields.js';
import type { QueryRun, RowScope } from './run.js';

/** Objects without rows of their own, computed for each query (see `virtual-objects.ts`). */
export interface VirtualRows {
  /** Rows of such an object, or null when the object has stored rows. */
  rows(
    run: QueryRun,
    object: ObjectDescribe,
    wanted: (field: string) => readonly unknown[] | null,
  ): Iterable<Row> | null;
}

function isIndexed(path: FieldPath): boolean {
  const { field } = path;
  return (
    path.hops.length === 0 &&
    field.formula === null &&
    (field.type === 'id' ||
      field.type === 'reference' ||
      field.unique ||
      field.externalId ||
      field.nameField)
  );
}

export class RowSource {
  constructor(
    private readonly store: Store,
    private readonly virtual: VirtualRows,
  ) {}

  candidates(
    run: QueryRun,
    object: ObjectDescribe,
    condition: Condition<RowScope> | null,
  ): Iterable<Row> {
    const equalities = (condition?.equalities ?? []).map((equality) => ({
      path: equality.operand as FieldPath,
      equality,
    }));
    const virtual = this.virtual.rows(run, object, (name) => {
      const found = equalities.find(({ path }) => path.name.toLowerCase() === name.toLowerCase());
      return found ? found.equality.values(run) : null;
    });
    if (virtual) return virtual;
    const table = this.store.table(object.name);
    let best: string[] | null = null;
    for (const { path, equality } of equalities) {
      // Computed operands (functions) have no field.
      if (!('field' in path) || !isIndexed(path)) continue;
      const values = equality.values(run);
      if (values.includes(null)) continue;
      const ids =
        path.field.type === 'id'
          ? [...new Set(values.map(String))]
          : table.find(path.field.name, path.field.type === 'reference', values);
      if (best === null || ids.length < best.length) best = ids;
      if (best.length <= 1) break;
    }
    if (best === null) return allRows(table.entries());
    return best
      .sort()
      .map((id) => table.get(id))
      .filter((row) => row !== undefined);
  }
}

function* allRows(entries: Iterable<[string, Row]>): Iterable<Row> {
  for (const [, row] of entries) yield row;
}
