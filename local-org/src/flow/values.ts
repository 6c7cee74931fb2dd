/** Flow values: literals, copies, text forms, and their way into fields. */
import type { FieldDescribe, Schema } from '../metadata/index.js';
import { UnsupportedError, type ApexObjectRef, type FlowValue } from '../org/contracts.js';
import {
  ApexBlob,
  ApexDate,
  ApexDatetime,
  ApexDouble,
  ApexTime,
  Decimal,
  SObjectRecord,
  type FieldValue,
} from '../values/values.js';
import type { FlowOperand } from './model.js';

export function isList(value: FlowValue): value is readonly FlowValue[] {
  return Array.isArray(value);
}

export function isApexObject(value: FlowValue): value is ApexObjectRef {
  return typeof value === 'object' && value !== null && 'apexType' in value;
}

/** True for what a field can hold. */
export function isFieldValue(value: FlowValue): value is FieldValue {
  return !isList(value) && !(value instanceof SObjectRecord) && !isApexObject(value);
}

export function literalValue(operand: FlowOperand & { kind: 'literal' }): FieldValue {
  const text = operand.text;
  switch (operand.type) {
    case 'string':
      return text;
    case 'boolean':
      return text.trim() === 'true';
    case 'number':
      return new Decimal(text.trim());
    case 'date':
      return parseDate(text.trim());
    case 'dateTime':
      return new ApexDatetime(Date.parse(text.trim()));
    case 'time':
      return new ApexTime(Date.parse(`1970-01-01T${text.trim().replace(/Z?$/, 'Z')}`));
  }
}

export function parseDate(text: string): ApexDate {
  return ApexDate.fromEpochDay(
    Math.floor(Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / 86_400_000),
  );
}

/** Flows hand records on by value: a copy is changed without changing the original. */
export function copyValue(value: FlowValue): FlowValue {
  if (value instanceof SObjectRecord) return value.clone();
  if (isList(value)) return value.map(copyValue);
  return value;
}

/** Numbers as Decimal, so that they compare and add whatever they came from. */
export function normalize(value: FlowValue): FlowValue {
  if (typeof value === 'number') return new Decimal(value);
  if (typeof value === 'bigint') return new Decimal(value.toString());
  if (value instanceof ApexDouble) return new Decimal(value.value);
  return value;
}

/** A value inside a text, as `{!Name}` shows it. */
export function showInText(value: FlowValue): string {
  const plain = normalize(value);
  if (plain === null) return '';
  if (plain instanceof Decimal) return plain.toFixed();
  if (plain instanceof ApexDouble) return String(plain.value);
  if (plain instanceof ApexBlob) throw new TypeError('binary data cannot be shown in a text');
  if (isList(plain)) return `[${plain.map(showInText).join(', ')}]`;
  if (plain instanceof SObjectRecord) return plain.id ?? '';
  if (isApexObject(plain)) return plain.apexType;
  if (typeof plain === 'string') return plain;
  if (typeof plain === 'boolean' || typeof plain === 'number') return String(plain);
  return plain.toString();
}

/** A flow's value as a value of a field. */
export function toFieldValue(value: FlowValue, field: FieldDescribe): FieldValue {
  const plain = normalize(value);
  if (!isFieldValue(plain)) {
    throw new TypeError(`${field.name} cannot hold a collection, record or Apex object`);
  }
  if (plain === null || plain === '') return field.type === 'boolean' ? false : null;
  switch (field.type) {
    case 'boolean':
      return plain === true || plain === 'true';
    case 'int':
      return Math.round(Number(numberOf(plain, field)));
    case 'long':
      return BigInt(numberOf(plain, field).round().toFixed());
    case 'double':
    case 'currency':
    case 'percent':
      return numberOf(plain, field);
    case 'date':
      if (plain instanceof ApexDatetime) {
        return ApexDate.fromEpochDay(Math.floor(plain.epochMs / 86_400_000));
      }
      return typeof plain === 'string' ? parseDate(plain) : plain;
    case 'datetime':
      return plain instanceof ApexDate ? new ApexDatetime(plain.epochDay * 86_400_000) : plain;
    case 'time':
    case 'base64':
      return plain;
    default:
      return showInText(plain);
  }
}

function numberOf(value: FieldValue, field: FieldDescribe): Decimal {
  if (value instanceof Decimal) return value;
  if (typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value)) return new Decimal(value);
  throw new TypeError(`${field.name} needs a number, got ${showInText(value)}`);
}

/** The first value of a flow variable that has none. */
export function emptyValue(
  dataType: string,
  objectType: string | null,
  isCollection: boolean,
  place: string,
): FlowValue {
  if (isCollection) return [];
  switch (dataType) {
    case 'SObject':
      return objectType === null ? null : new SObjectRecord(objectType);
    case 'Boolean':
      return false;
    case 'String':
    case 'Number':
    case 'Currency':
    case 'Date':
    case 'DateTime':
    case 'Time':
    case 'Picklist':
    case 'Multipicklist':
    case 'Apex':
      return null;
    default:
      throw new UnsupportedError(`The flow data type ${dataType}`, place);
  }
}

/** Sets a field of a record in a flow; refuses a name the object does not have. */
export function setField(
  schema: Schema,
  record: SObjectRecord,
  name: string,
  value: FlowValue,
): void {
  const field = schema.requireField(record.type, name);
  record.set(field.name, toFieldValue(value, field));
}
