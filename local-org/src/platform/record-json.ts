/** Records as plain data: each value with its type, so that it comes back as it was. */
import type { Json } from '../org/contracts.js';
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

/** Strings, booleans, integers and null stand for themselves; others are `[type, value]`. */
export function valueToJson(value: FieldValue): Json {
  if (value instanceof Decimal) return ['decimal', value.toString()];
  if (value instanceof ApexDate) return ['date', value.epochDay];
  if (value instanceof ApexDatetime) return ['datetime', value.epochMs];
  if (value instanceof ApexTime) return ['time', value.ms];
  if (value instanceof ApexDouble) return ['double', String(value.value)];
  if (value instanceof ApexBlob) return ['blob', value.bytes.toString('base64')];
  if (typeof value === 'bigint') return ['long', String(value)];
  return value;
}

export function valueFromJson(json: Json): FieldValue {
  if (json === null || typeof json !== 'object') return json;
  if (!Array.isArray(json)) throw new TypeError('Expected a field value, got an object');
  const [type, value] = json as unknown as readonly [string, string | number];
  switch (type) {
    case 'decimal':
      return new Decimal(value);
    case 'date':
      return ApexDate.fromEpochDay(Number(value));
    case 'datetime':
      return new ApexDatetime(Number(value));
    case 'time':
      return new ApexTime(Number(value));
    case 'double':
      return new ApexDouble(Number(value));
    case 'blob':
      return new ApexBlob(Buffer.from(String(value), 'base64'));
    case 'long':
      return BigInt(value);
    default:
      throw new TypeError(`Unknown kind of field value: ${type}`);
  }
}

export function recordToJson(record: SObjectRecord): Json {
  const fields: Record<string, Json> = {};
  for (const [name, value] of record.entries()) fields[name] = valueToJson(value);
  return { type: record.type, fields };
}

export function recordFromJson(json: Json): SObjectRecord {
  const { type, fields } = json as { type: string; fields: Record<string, Json> };
  const record = new SObjectRecord(type);
  for (const [name, value] of Object.entries(fields)) record.set(name, valueFromJson(value));
  return record;
}
