/** Records in the JSON of the REST API, in both directions. */
import type { FieldDescribe } from '../metadata/describe.js';
import type { Schema } from '../metadata/schema.js';
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
import { ApiError } from './api-error.js';

export const API_ROOT = '/services/data/v65.0';

export const recordUrl = (type: string, id: string): string => `${API_ROOT}/sobjects/${type}/${id}`;

/** @param path of the blob itself; REST gives its address in place of its bytes */
export function valueToJson(value: FieldValue, path: string): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Decimal) return value.toNumber();
  if (value instanceof ApexDouble) return value.value;
  if (value instanceof ApexBlob) return path;
  return value.toString();
}

export function recordToJson(record: SObjectRecord): Json {
  const { type, id } = record;
  const isAggregate = type === 'AggregateResult';
  const url = id && !isAggregate ? recordUrl(type, id) : null;
  const json: Record<string, Json> = { attributes: { type, ...(url ? { url } : {}) } };
  for (const [name, value] of record.entries()) json[name] = valueToJson(value, `${url}/${name}`);
  for (const [name, parent] of record.parentEntries()) {
    json[name] = parent ? recordToJson(parent) : null;
  }
  for (const [name, rows] of record.childEntries()) {
    json[name] = rows.length
      ? { totalSize: rows.length, done: true, records: rows.map(recordToJson) }
      : null;
  }
  return json;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function requireObject(value: unknown, what: string): Record<string, unknown> {
  if (isObject(value)) return value;
  throw new ApiError(
    400,
    'JSON_PARSER_ERROR',
    `Expected a JSON object for ${what} but received ${Array.isArray(value) ? 'a list' : JSON.stringify(value)}.`,
  );
}

/** A record of an object from its JSON fields; unknown fields and values of the wrong type are refused. */
export function recordFromJson(
  schema: Schema,
  object: string,
  fields: Readonly<Record<string, unknown>>,
): SObjectRecord {
  const { name: type } = schema.requireObject(object);
  const record = new SObjectRecord(type);
  for (const [key, value] of Object.entries(fields)) {
    if (key === 'attributes') continue;
    const parent = schema.parent(type, key);
    if (parent && isObject(value)) {
      const target = parentType(schema, parent, value);
      record.setParent(parent.relationshipName ?? key, recordFromJson(schema, target, value));
      continue;
    }
    const field = schema.field(type, key);
    if (!field) {
      throw new ApiError(
        400,
        'INVALID_FIELD',
        `No such column '${key}' on sobject of type ${type}`,
        [key],
      );
    }
    record.set(field.name, valueFromJson(field, value));
  }
  return record;
}

function parentType(schema: Schema, field: FieldDescribe, value: Record<string, unknown>): string {
  const given = isObject(value['attributes']) ? value['attributes']['type'] : undefined;
  if (typeof given === 'string') return schema.requireObject(given).name;
  const [only, ...others] = field.referenceTo;
  if (only === undefined || others.length > 0) {
    throw new ApiError(
      400,
      'INVALID_FIELD',
      `Expected attributes.type for ${field.name}, which may point to several objects.`,
      [field.name],
    );
  }
  return only;
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,3}))?Z?$/;

export function valueFromJson(field: FieldDescribe, value: unknown): FieldValue {
  if (value === null || value === undefined || value === '') return null;
  const parsed = parse(field, value);
  if (parsed !== undefined) return parsed;
  throw new ApiError(
    400,
    'JSON_PARSER_ERROR',
    `Cannot deserialize instance of ${field.type} from value ${JSON.stringify(value)?.slice(0, 80)} for field ${field.name}`,
    [field.name],
  );
}

function parse(field: FieldDescribe, value: unknown): FieldValue | undefined {
  switch (field.type) {
    case 'boolean':
      if (typeof value === 'boolean') return value;
      return value === 'true' ? true : value === 'false' ? false : undefined;
    case 'int':
      return parseInteger(value);
    case 'long':
    case 'double':
    case 'currency':
    case 'percent':
      return parseDecimal(value);
    case 'date': {
      const match = typeof value === 'string' ? DATE.exec(value.slice(0, 10)) : null;
      if (!match) return undefined;
      return new ApexDate(Number(match[1]), Number(match[2]), Number(match[3]));
    }
    case 'datetime': {
      const text = typeof value === 'string' ? value.replace(/([+-]\d{2})(\d{2})$/, '$1:$2') : '';
      const time = Date.parse(text);
      return Number.isNaN(time) ? undefined : new ApexDatetime(time);
    }
    case 'time': {
      const match = typeof value === 'string' ? TIME.exec(value) : null;
      if (!match) return undefined;
      const [hours = 0, minutes = 0, seconds = 0] = match.slice(1, 4).map(Number);
      return new ApexTime(
        ((hours * 60 + minutes) * 60 + seconds) * 1000 + Number((match[4] ?? '').padEnd(3, '0')),
      );
    }
    case 'base64':
      if (typeof value !== 'string' || !/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value)) return undefined;
      return new ApexBlob(Buffer.from(value, 'base64'));
    default:
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? String(value)
        : undefined;
  }
}

function parseInteger(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}

function parseDecimal(value: unknown): Decimal | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  try {
    const decimal = new Decimal(value);
    return decimal.isFinite() ? decimal : undefined;
  } catch {
    return undefined;
  }
}
