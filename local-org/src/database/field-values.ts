/** Turns values into the type a field stores, and says in the platform's words why one does not fit. */
import { Decimal } from 'decimal.js';
import type { FieldDescribe } from '../metadata/index.js';
import {
  ApexBlob,
  ApexDate,
  ApexDatetime,
  ApexDouble,
  ApexTime,
  type FieldValue,
  type RecordError,
} from '../values/values.js';
import { toId18 } from './ids.js';

/** A value that does not fit its field. */
export class FieldValueError extends Error {
  constructor(
    readonly statusCode: string,
    message: string,
    readonly field: string,
  ) {
    super(message);
    this.name = 'FieldValueError';
  }

  toRecordError(): RecordError {
    return { statusCode: this.statusCode, message: this.message, fields: [this.field] };
  }
}

function invalid(field: FieldDescribe, value: unknown): FieldValueError {
  const shown =
    typeof value === 'object' && value !== null ? value.constructor.name : String(value);
  return new FieldValueError(
    'INVALID_TYPE_ON_FIELD_IN_RECORD',
    `${field.label}: value not of required type: ${shown}`,
    field.name,
  );
}

/** A number of any kind as a Decimal, or null when it is none. */
export function toDecimal(value: FieldValue): Decimal | null {
  if (value instanceof Decimal) return value;
  if (typeof value === 'number') return new Decimal(value);
  if (typeof value === 'bigint') return new Decimal(value.toString());
  if (value instanceof ApexDouble) return new Decimal(value.value);
  return null;
}

function coerceNumber(field: FieldDescribe, value: FieldValue): FieldValue {
  const number = toDecimal(value);
  if (number === null) throw invalid(field, value);
  if (field.type === 'int') return number.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber();
  if (field.type === 'long')
    return BigInt(number.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toFixed(0));
  const rounded = number.toDecimalPlaces(field.scale, Decimal.ROUND_HALF_UP);
  if (rounded.abs().gte(new Decimal(10).pow(field.precision - field.scale))) {
    throw new FieldValueError(
      'NUMBER_OUTSIDE_VALID_RANGE',
      `${field.label}: value outside of valid range on numeric field: ${number.toString()}`,
      field.name,
    );
  }
  return rounded;
}

/**
 * The value as the field stores it: numbers rounded to their scale, ids with 18 characters, empty texts as null.
 * @throws FieldValueError when the value is of another type
 */
export function coerceValue(field: FieldDescribe, value: FieldValue): FieldValue {
  if (value === null || value === '') return field.type === 'boolean' ? false : null;
  switch (field.type) {
    case 'boolean':
      if (typeof value !== 'boolean') throw invalid(field, value);
      return value;
    case 'int':
    case 'long':
    case 'double':
    case 'currency':
    case 'percent':
      return coerceNumber(field, value);
    case 'date':
      if (value instanceof ApexDatetime)
        return ApexDate.fromEpochDay(Math.floor(value.epochMs / 86_400_000));
      if (!(value instanceof ApexDate)) throw invalid(field, value);
      return value;
    case 'datetime':
      if (value instanceof ApexDate) return new ApexDatetime(value.epochDay * 86_400_000);
      if (!(value instanceof ApexDatetime)) throw invalid(field, value);
      // The platform stores whole seconds.
      return new ApexDatetime(Math.floor(value.epochMs / 1000) * 1000);
    case 'time':
      if (!(value instanceof ApexTime)) throw invalid(field, value);
      return value;
    case 'base64':
      if (!(value instanceof ApexBlob)) throw invalid(field, value);
      return value;
    case 'id':
    case 'reference': {
      const id = typeof value === 'string' ? toId18(value) : null;
      if (id === null) {
        throw new FieldValueError(
          'MALFORMED_ID',
          `${field.label}: id value of incorrect type: ${String(value)}`,
          field.name,
        );
      }
      return id;
    }
    case 'address':
    case 'location':
    case 'anyType':
      return value;
    default:
      if (typeof value !== 'string') throw invalid(field, value);
      return value;
  }
}

/**
 * A value written as text (metadata files) or JSON (REST, snapshots of others) as the field's type.
 * @throws FieldValueError when it cannot be read as that type
 */
export function parseValue(
  field: FieldDescribe,
  value: string | number | boolean | null,
): FieldValue {
  if (value === null || value === '') return coerceValue(field, null);
  switch (field.type) {
    case 'boolean': {
      const text = String(value).toLowerCase();
      if (text !== 'true' && text !== 'false') throw invalid(field, value);
      return text === 'true';
    }
    case 'int':
    case 'long':
    case 'double':
    case 'currency':
    case 'percent': {
      if (
        typeof value === 'boolean' ||
        !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(String(value).trim())
      ) {
        throw invalid(field, value);
      }
      return coerceNumber(field, new Decimal(String(value).trim()));
    }
    case 'date': {
      const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(String(value));
      if (!match) throw invalid(field, value);
      return new ApexDate(Number(match[1]), Number(match[2]), Number(match[3]));
    }
    case 'datetime': {
      const ms = Date.parse(String(value).replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
      if (Number.isNaN(ms)) throw invalid(field, value);
      return coerceValue(field, new ApexDatetime(ms));
    }
    case 'time': {
      const match = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?Z?$/.exec(String(value));
      if (!match) throw invalid(field, value);
      const [, hours, minutes, seconds = '0', fraction = '0'] = match;
      return new ApexTime(
        (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000 +
          Number(fraction.padEnd(3, '0')),
      );
    }
    case 'base64':
      return new ApexBlob(Buffer.from(String(value), 'base64'));
    default:
      return coerceValue(field, typeof value === 'string' ? value : String(value));
  }
}

/** True when two stored values are the same. */
export function sameValue(a: FieldValue, b: FieldValue): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  if (a instanceof Decimal && b instanceof Decimal) return a.equals(b);
  if (a instanceof ApexDatetime && b instanceof ApexDatetime) return a.epochMs === b.epochMs;
  if (a instanceof ApexDate && b instanceof ApexDate) return a.epochDay === b.epochDay;
  if (a instanceof ApexTime && b instanceof ApexTime) return a.ms === b.ms;
  if (a instanceof ApexBlob && b instanceof ApexBlob) return a.bytes.equals(b.bytes);
  if (a instanceof ApexDouble && b instanceof ApexDouble) return a.value === b.value;
  return false;
}
