/** Values written in a query, and values bound to it, as the types the compared field has. */
import { Decimal } from 'decimal.js';
import type { FieldType } from '../metadata/index.js';
import { toDecimal } from '../database/field-values.js';
import { toId18 } from '../database/ids.js';
import { ApexDate, ApexDatetime, ApexTime, type FieldValue } from '../values/values.js';
import { queryError } from './errors.js';

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
};

/** The text of a quoted literal. @param forLike keeps `\%` and `\_`, which a pattern needs */
export function unquote(literal: string, forLike = false): string {
  return literal.slice(1, -1).replace(/\\(u[0-9a-fA-F]{4}|[\s\S])/g, (whole, escaped: string) => {
    if (escaped.length === 5) return String.fromCharCode(parseInt(escaped.slice(1), 16));
    if (forLike && (escaped === '%' || escaped === '_' || escaped === '\\')) return whole;
    return ESCAPES[escaped.toLowerCase()] ?? escaped;
  });
}

export function parseDateLiteral(text: string): ApexDate {
  const [year, month, day] = text.split('-').map(Number);
  return new ApexDate(year ?? 0, month ?? 1, day ?? 1);
}

export function parseDatetimeLiteral(text: string): ApexDatetime {
  const ms = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  if (Number.isNaN(ms)) throw queryError('MALFORMED_QUERY', `invalid datetime: ${text}`);
  return new ApexDatetime(ms);
}

export function parseTimeLiteral(text: string): ApexTime {
  const [hours = '0', minutes = '0', seconds = '0'] = text.replace(/Z$/i, '').split(':');
  return new ApexTime(
    Math.round((Number(hours) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000),
  );
}

const EXPECTED: Partial<Record<FieldType, string>> = {
  boolean: 'boolean and should not be enclosed in quotes',
  date: 'date and should not be enclosed in quotes',
  datetime: 'dateTime and should not be enclosed in quotes',
  time: 'time and should not be enclosed in quotes',
  int: 'int and should not be enclosed in quotes',
  long: 'long and should not be enclosed in quotes',
  double: 'double and should not be enclosed in quotes',
  currency: 'double and should not be enclosed in quotes',
  percent: 'double and should not be enclosed in quotes',
};

function mismatch(name: string, type: FieldType): Error {
  const expected = EXPECTED[type] ?? 'string and should be enclosed in quotes';
  return queryError(
    'INVALID_FIELD',
    `value of filter criterion for field '${name}' must be of type ${expected}`,
  );
}

/**
 * A value brought to the type of the field it is compared with.
 * @param bound bind values convert more freely than literals: a Date serves for a Datetime
 */
export function fitValue(
  value: FieldValue,
  type: FieldType,
  name: string,
  bound: boolean,
): FieldValue {
  if (value === null) return null;
  switch (type) {
    case 'boolean':
      if (typeof value !== 'boolean') throw mismatch(name, type);
      return value;
    case 'int':
    case 'long':
    case 'double':
    case 'currency':
    case 'percent': {
      const number = toDecimal(value);
      if (!number) throw mismatch(name, type);
      return number;
    }
    case 'date':
      if (value instanceof ApexDate) return value;
      if (bound && value instanceof ApexDatetime) {
        return ApexDate.fromEpochDay(Math.floor(value.epochMs / 86_400_000));
      }
      throw mismatch(name, type);
    case 'datetime':
      if (value instanceof ApexDatetime) return value;
      if (bound && value instanceof ApexDate) return new ApexDatetime(value.epochDay * 86_400_000);
      throw mismatch(name, type);
    case 'time':
      if (!(value instanceof ApexTime)) throw mismatch(name, type);
      return value;
    case 'id':
    case 'reference': {
      if (typeof value !== 'string') throw mismatch(name, type);
      if (value === '') return null;
      const id = toId18(value);
      if (id === null) {
        throw queryError('INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${value}`);
      }
      return id;
    }
    default:
      if (typeof value === 'string') return value === '' ? null : value;
      if (bound && (value instanceof Decimal || typeof value === 'number')) return String(value);
      throw mismatch(name, type);
  }
}
