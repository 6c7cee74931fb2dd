/** Roll-up summary fields: counted again for the parents of the rows a save touched. */
import { Decimal } from 'decimal.js';
import type { ObjectDescribe, RollUpSummary, Schema } from '../metadata/index.js';
import { UnsupportedError, type Transaction } from '../org/contracts.js';
import { SObjectRecord, type FieldValue } from '../values/values.js';
import { parseValue, sameValue, toDecimal } from './field-values.js';
import type { PreparedRow } from './save-types.js';
import type { Store } from './store.js';
import { indexKey, type Row } from './table.js';

/** Saves parents as the platform does: with automation, without rights. */
export type PlatformUpdate = (tx: Transaction, object: string, records: SObjectRecord[]) => void;

export class RollUps {
  constructor(
    private readonly schema: Schema,
    private readonly store: Store,
    private readonly update: PlatformUpdate,
  ) {}

  recalculate(tx: Transaction, child: ObjectDescribe, rows: readonly PreparedRow[]): void {
    for (const reference of child.fields) {
      const parentName = reference.masterDetail ? reference.referenceTo[0] : undefined;
      const parent = parentName === undefined ? undefined : this.schema.object(parentName);
      const summaries = (parent?.fields ?? []).filter(
        ({ rollUpSummary }) =>
          rollUpSummary !== null &&
          this.schema.localName(rollUpSummary.childObject) === child.name &&
          this.schema.localName(rollUpSummary.childField) === reference.name,
      );
      if (!parent || summaries.length === 0) continue;
      const ids = new Set<string>();
      for (const row of rows) {
        for (const image of [row.record, row.old]) {
          const id = image?.get(reference.name);
          if (typeof id === 'string') ids.add(id);
        }
      }
      const changed: SObjectRecord[] = [];
      for (const id of ids) {
        const stored = this.store.get(parent.name, id);
        if (!stored || stored.get('IsDeleted') === true) continue;
        const record = new SObjectRecord(parent.name);
        record.set('Id', id);
        for (const field of summaries) {
          if (!field.rollUpSummary) continue;
          const value = this.summarize(field.rollUpSummary, child, reference.name, id);
          if (!sameValue(stored.get(field.name) ?? null, value)) record.set(field.name, value);
        }
        if ([...record.entries()].length > 1) changed.push(record);
      }
      if (changed.length > 0) this.update(tx, parent.name, changed);
    }
  }

  private summarize(
    summary: RollUpSummary,
    child: ObjectDescribe,
    reference: string,
    parentId: string,
  ): FieldValue {
    const table = this.store.table(child.name);
    const rows = table
      .find(reference, true, [parentId])
      .map((id) => table.get(id))
      .filter((row): row is Row => row !== undefined && row.get('IsDeleted') !== true)
      .filter((row) => summary.filters.every((filter) => this.matches(child, row, filter)));
    if (summary.operation === 'count') return new Decimal(rows.length);
    const field = this.schema.requireField(child.name, summary.summarizedField ?? '');
    const values = rows.map((row) => row.get(field.name) ?? null).filter((value) => value !== null);
    if (summary.operation === 'sum') {
      return values.reduce<Decimal>(
        (sum, value) => sum.plus(toDecimal(value) ?? 0),
        new Decimal(0),
      );
    }
    const direction = summary.operation === 'min' ? -1 : 1;
    const rank = (value: FieldValue): number => Number(indexKey(value, false));
    return values.reduce<FieldValue>(
      (best, value) =>
        best === null || Math.sign(rank(value) - rank(best)) === direction ? value : best,
      null,
    );
  }

  private matches(
    child: ObjectDescribe,
    row: Row,
    filter: RollUpSummary['filters'][number],
  ): boolean {
    const field = this.schema.requireField(child.name, filter.field);
    const value = indexKey(row.get(field.name) ?? (field.type === 'boolean' ? false : null), false);
    const wanted = filter.value
      .split(',')
      .map((text) => indexKey(parseValue(field, text.trim()), false));
    if (filter.operation === 'equals') return wanted.includes(value);
    if (filter.operation === 'notEqual') return !wanted.includes(value);
    throw new UnsupportedError(
      `The filter operation "${filter.operation}" of a roll-up summary`,
      `${child.name}.${filter.field}`,
    );
  }
}
