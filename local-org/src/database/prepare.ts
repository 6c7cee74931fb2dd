/** Makes the new image of a row from what the caller gave: known fields, right types, allowed to be written. */
import type { FieldDescribe, Schema } from '../metadata/index.js';
import { SObjectRecord, type FieldValue, type RecordError } from '../values/values.js';
import { FieldValueError, coerceValue, sameValue } from './field-values.js';
import { toId18 } from './ids.js';
import {
  recordError,
  type AccessControl,
  type PreparedRow,
  type SaveContext,
} from './save-types.js';
import type { Store } from './store.js';
import type { Row } from './table.js';

/** What becomes of one field the caller set; `hide` counts as a lack of field-level security. */
type Decision = 'write' | 'skip' | 'refuse' | 'hide';

/** A stored row as a record; names that begin with `@` are the database's own notes. */
export function recordOf(object: string, row: Row): SObjectRecord {
  const record = new SObjectRecord(object);
  for (const [name, value] of row) if (!name.startsWith('@')) record.set(name, value);
  return record;
}

/** Coerces every field of a record again, after automation changed it. */
export function coerceRecord(schema: Schema, record: SObjectRecord): void {
  for (const [name, value] of [...record.entries()]) {
    const field = schema.field(record.type, name);
    if (!field || field.formula !== null) continue;
    try {
      record.set(field.name, coerceValue(field, value));
    } catch (error) {
      if (!(error instanceof FieldValueError)) throw error;
      record.errors.push(error.toRecordError());
    }
  }
}

export class RowPreparer {
  constructor(
    private readonly schema: Schema,
    private readonly store: Store,
    private readonly access: AccessControl,
  ) {}

  insert(context: SaveContext, input: SObjectRecord): PreparedRow {
    const record = new SObjectRecord(context.object.name);
    const row: PreparedRow = { input, record, old: null, stored: null };
    if (input.id !== null) {
      record.errors.push(
        recordError('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', 'Id'),
      );
      return row;
    }
    this.copyFields(context, row, (field, value) => {
      if (field.createable || context.byPlatform) return 'write';
      return value === null ? 'skip' : 'refuse';
    });
    return row;
  }

  update(context: SaveContext, input: SObjectRecord): PreparedRow {
    const { object } = context;
    const id = input.id === null ? null : toId18(input.id);
    const record = new SObjectRecord(object.name);
    const missing: PreparedRow = { input, record, old: null, stored: null };
    const refuse = (error: RecordError): PreparedRow => {
      record.errors.push(error);
      return missing;
    };
    if (id === null) {
      return refuse(recordError('MISSING_ARGUMENT', 'Id not specified in an update call'));
    }
    const stored = this.store.get(object.name, id);
    if (!stored)
      return refuse(recordError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id'));
    if (stored.get('IsDeleted') === true) {
      return refuse(recordError('ENTITY_IS_DELETED', 'entity is deleted'));
    }
    for (const [name, value] of recordOf(object.name, stored).entries()) record.set(name, value);
    const row: PreparedRow = { input, record, old: recordOf(object.name, stored), stored };
    this.requireRecordRight(context, row);
    this.copyFields(context, row, (field, value) => {
      if (field.name === 'Id' || field.formula !== null) return 'skip';
      if (field.updateable || context.byPlatform) return 'write';
      // User mode counts a loaded master-detail field as written, though it can never be.
      if (field.masterDetail && field.custom && context.options.access.mode === 'user')
        return 'hide';
      const before = stored.get(field.name) ?? (field.type === 'boolean' ? false : null);
      // A record that was queried and is saved again carries its read-only fields along.
      return sameValue(before, value) ? 'skip' : 'refuse';
    });
    return row;
  }

  private requireRecordRight(context: SaveContext, row: PreparedRow): void {
    const { tx, object, options } = context;
    if (!options.access.sharing || !row.stored) return;
    if (this.access.recordRight(tx, object, row.stored, 'edit')) return;
    row.record.errors.push(
      recordError('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id'),
    );
  }

  private copyFields(
    context: SaveContext,
    row: PreparedRow,
    decide: (field: FieldDescribe, value: FieldValue) => Decision,
  ): void {
    const { record, input } = row;
    const refused: string[] = [];
    const hidden: string[] = [];
    for (const [name, given] of input.entries()) {
      const field = this.schema.field(record.type, name);
      if (!field) {
        record.errors.push(
          recordError(
            'INVALID_FIELD',
            `No such column '${name}' on sobject of type ${record.type}`,
            name,
          ),
        );
        continue;
      }
      let value: FieldValue;
      try {
        value = coerceValue(field, given);
      } catch (error) {
        if (!(error instanceof FieldValueError)) throw error;
        record.errors.push(error.toRecordError());
        continue;
      }
      const decision = decide(field, value);
      if (decision === 'skip') continue;
      if (decision === 'refuse') refused.push(field.name);
      else if (decision === 'write' && this.mayWrite(context, field, row, value))
        record.set(field.name, value);
      else hidden.push(field.name);
    }
    this.resolveParents(row);
    if (hidden.length > 0) {
      record.errors.push(
        recordError(
          'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
          `Operation failed due to fields being inaccessible on Sobject ${record.type}, check errors on Exception ` +
            `or Result!`,
          ...hidden,
        ),
      );
    }
    if (refused.length > 0) {
      record.errors.push(
        recordError(
          'INVALID_FIELD_FOR_INSERT_UPDATE',
          `Unable to create/update fields: ${refused.join(', ')}. Please check the security settings of this field ` +
            `and verify that it is read/write for your profile or permission set.`,
          ...refused,
        ),
      );
    }
  }

  /** Field-level security of user mode; writing back an unchanged value needs no right. */
  private mayWrite(
    context: SaveContext,
    field: FieldDescribe,
    row: PreparedRow,
    value: FieldValue,
  ): boolean {
    const { tx, object, options } = context;
    if (options.access.mode !== 'user') return true;
    if (row.stored && sameValue(row.stored.get(field.name) ?? null, value)) return true;
    return this.access.fieldRight(tx, object.name, field.name, 'edit');
  }

  /** `record.Parent__r = new Parent__c(ExternalId__c = …)` names a parent by its external id. */
  private resolveParents(row: PreparedRow): void {
    const { record, input } = row;
    for (const [relationship, parent] of input.parentEntries()) {
      const field = this.schema.parent(record.type, relationship);
      if (!field || !parent || parent.id !== null || input.get(field.name) !== null) continue;
      const key = [...parent.entries()].find(
        ([name]) => this.schema.field(parent.type, name)?.externalId ?? false,
      );
      const keyField = key && this.schema.field(parent.type, key[0]);
      if (!key || !keyField) continue;
      const table = this.store.table(parent.type);
      const found = table
        .find(keyField.name, false, [key[1]])
        .filter((id) => table.get(id)?.get('IsDeleted') !== true);
      if (found.length === 1 && found[0]) record.set(field.name, found[0]);
      else {
        record.errors.push(
          recordError(
            'INVALID_FIELD',
            `Foreign key external ID: ${String(key[1])} not found for field ${keyField.name} in entity ${parent.type}`,
          ),
        );
      }
    }
  }
}
