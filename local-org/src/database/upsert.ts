/** Decides for each row of an upsert whether it is inserted or updated. */
import type { Schema } from '../metadata/index.js';
import { PlatformError } from '../org/contracts.js';
import type { RecordError, SObjectRecord } from '../values/values.js';
import { recordError, type SaveContext } from './save-types.js';
import type { Store } from './store.js';
import { indexKey } from './table.js';

export interface UpsertPlan {
  readonly inserts: number[];
  readonly updates: number[];
  readonly refused: Map<number, readonly RecordError[]>;
}

/** Sets the id of rows found by their external id. */
export function planUpsert(
  schema: Schema,
  store: Store,
  context: SaveContext,
  rows: readonly SObjectRecord[],
  indexes: readonly number[],
): UpsertPlan {
  const { object, options } = context;
  const plan: UpsertPlan = { inserts: [], updates: [], refused: new Map() };
  const keyName = options.externalIdField ?? 'Id';
  const field = schema.requireField(object.name, keyName);
  if (field.name !== 'Id' && !field.externalId) {
    throw new PlatformError(
      'INVALID_FIELD',
      `Invalid field for upsert, must be an External Id custom or standard indexed field: ${field.name}`,
      'TypeException',
    );
  }
  const seen = new Map<unknown, number>();
  for (const index of indexes) {
    const row = rows[index];
    if (!row) continue;
    if (field.name === 'Id') {
      (row.id === null ? plan.inserts : plan.updates).push(index);
      continue;
    }
    const value = row.get(field.name);
    const refuse = (code: string, message: string): void => {
      plan.refused.set(index, [recordError(code, message, field.name)]);
    };
    if (value === null) {
      refuse('MISSING_ARGUMENT', `${field.name} not specified`);
      continue;
    }
    const key = indexKey(value, false);
    if (seen.has(key)) {
      refuse('DUPLICATE_VALUE', `Duplicate external id specified: ${String(value)}`);
      continue;
    }
    seen.set(key, index);
    const table = store.table(object.name);
    const found = table
      .find(field.name, false, [value])
      .filter((id) => table.get(id)?.get('IsDeleted') !== true);
    const [id] = found;
    if (found.length > 1) {
      refuse(
        'DUPLICATE_EXTERNAL_ID',
        `${field.name}: more than one record found for external id field: [${found.join(', ')}]`,
      );
    } else if (id) {
      row.set('Id', id);
      plan.updates.push(index);
    } else plan.inserts.push(index);
  }
  return plan;
}
