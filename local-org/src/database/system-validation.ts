/** The platform's own checks of a record before it is stored: required, length, picklist, format, look-ups. */
import type { FieldDescribe, ObjectDescribe, Schema } from '../metadata/index.js';
import type { FieldValue, RecordError, SObjectRecord } from '../values/values.js';
import type { Store } from './store.js';

const EMAIL =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+$/;

function error(statusCode: string, message: string, ...fields: string[]): RecordError {
  return { statusCode, message, fields };
}

function checkText(field: FieldDescribe, value: string): RecordError | null {
  if (field.length > 0 && value.length > field.length) {
    const shown = value.length > 255 ? `${value.slice(0, 255)}...` : value;
    return error(
      'STRING_TOO_LONG',
      `${field.label}: data value too large: ${shown} (max length=${field.length})`,
      field.name,
    );
  }
  if (field.type === 'email' && !EMAIL.test(value)) {
    return error(
      'INVALID_EMAIL_ADDRESS',
      `${field.label}: invalid email address: ${value}`,
      field.name,
    );
  }
  if (field.picklist?.restricted) {
    const values = field.type === 'multipicklist' ? value.split(';') : [value];
    const allowed = field.picklist.values;
    const bad = values.find(
      (candidate) =>
        !allowed.some(
          (entry) => entry.isActive && entry.value.toLowerCase() === candidate.toLowerCase(),
        ),
    );
    if (bad !== undefined) {
      return error(
        'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
        `${field.label}: bad value for restricted picklist field: ${bad}`,
        field.name,
      );
    }
  }
  return null;
}

function checkReference(
  field: FieldDescribe,
  id: string,
  schema: Schema,
  store: Store,
): RecordError | null {
  const target = schema.objectOfId(id);
  // A reference to an object the org keeps no rows of cannot be checked (a licence, a network).
  if (!target && field.polymorphic) {
    return error(
      'FIELD_INTEGRITY_EXCEPTION',
      `${field.label}: id value of incorrect type: ${id}`,
      field.name,
    );
  }
  const allowed = field.referenceTo.map((name) => schema.localName(name));
  if (!target || (allowed.length > 0 && !allowed.includes(target.name))) {
    return error(
      'FIELD_INTEGRITY_EXCEPTION',
      `${field.label}: id value of incorrect type: ${id}`,
      field.name,
    );
  }
  const row = store.get(target.name, id);
  if (!row) {
    return error('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', field.name);
  }
  if (row.get('IsDeleted') === true) {
    return error('ENTITY_IS_DELETED', 'entity is deleted', field.name);
  }
  return null;
}

/** Errors of the whole record. @param changed tells whether a field differs from what is stored */
export function validateRecord(
  object: ObjectDescribe,
  record: SObjectRecord,
  changed: (field: string, value: FieldValue) => boolean,
  schema: Schema,
  store: Store,
): RecordError[] {
  const errors: RecordError[] = [];
  const missing: string[] = [];
  for (const field of object.fields) {
    if (field.formula !== null) continue;
    const value = record.get(field.name);
    if (value === null) {
      const filledByDatabase =
        field.autoNumber !== null || !field.createable || field.defaultValue !== null;
      if (!field.nillable && !filledByDatabase && field.type !== 'boolean')
        missing.push(field.name);
      continue;
    }
    if (!changed(field.name, value)) continue;
    let problem: RecordError | null = null;
    if (field.type === 'reference' && typeof value === 'string') {
      problem = checkReference(field, value, schema, store);
    } else if (typeof value === 'string') {
      problem = checkText(field, value);
    }
    if (problem) errors.push(problem);
  }
  if (missing.length > 0) {
    errors.unshift(
      error(
        'REQUIRED_FIELD_MISSING',
        `Required fields are missing: [${missing.join(', ')}]`,
        ...missing,
      ),
    );
  }
  return errors;
}

/** The error of a unique field whose value another record has, or null. */
export function findDuplicate(
  object: ObjectDescribe,
  record: SObjectRecord,
  changed: (field: string, value: FieldValue) => boolean,
  store: Store,
): RecordError | null {
  for (const field of object.fields) {
    if (!field.unique) continue;
    const value = record.get(field.name);
    if (value === null || !changed(field.name, value)) continue;
    const table = store.table(object.name);
    const other = table.find(field.name, false, [value]).find((id) => {
      const row = table.get(id);
      if (id === record.id || row?.get('IsDeleted') === true) return false;
      return !field.caseSensitive || row?.get(field.name) === value;
    });
    if (other) {
      return error(
        'DUPLICATE_VALUE',
        `duplicate value found: ${field.name} duplicates value on record with id: ${other.slice(0, 15)}`,
        field.name,
      );
    }
  }
  return null;
}
