/** Apex values as text: `String.valueOf`, string concatenation and debug output. */
import {
  ApexBlob,
  ApexDate,
  ApexDatetime,
  ApexDouble,
  ApexTime,
  Decimal,
  SObjectRecord,
} from '../../values/values.js';
import { callMethod, findMethod } from '../run/invoke.js';
import { ExceptionValue } from '../run/exceptions.js';
import { formatInstant } from './time-format.js';
import { userTimeZone } from '../run/user.js';
import { decimalText, doubleText } from './numbers.js';
import {
  ApexList,
  ApexMap,
  ApexObject,
  type ApexReference,
  ApexSet,
  EnumValue,
  TypeValue,
  type Value,
} from './reference.js';

const DEEPEST = 8;

/** `String.valueOf(value)`; null gives `null`. */
export function toText(value: Value, depth = 0): string {
  if (typeof value === 'string') return value;
  if (value === null) return 'null';
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') {
    return String(value);
  }
  if (value instanceof Decimal) return decimalText(value);
  if (value instanceof ApexDouble) return doubleText(value.value);
  if (value instanceof ApexDate) return value.toString();
  if (value instanceof ApexDatetime)
    return formatInstant(value.epochMs, 'yyyy-MM-dd HH:mm:ss', userTimeZone());
  if (value instanceof ApexTime) return value.toString();
  if (value instanceof ApexBlob) return `Blob[${value.bytes.length}]`;
  if (value instanceof SObjectRecord) return recordText(value, depth);
  return referenceText(value, depth);
}

/** The text `'' + value` appends: as {@link toText}, but a date shows midnight. */
export function concatText(value: Value): string {
  return value instanceof ApexDate ? `${value.toString()} 00:00:00` : toText(value);
}

function recordText(record: SObjectRecord, depth: number): string {
  if (depth > DEEPEST) return `${record.type}:{...}`;
  const fields = [...record.entries()].map(([name, v]) => `${name}=${concatText(v)}`);
  return `${record.type}:{${fields.join(', ')}}`;
}

function referenceText(value: ApexReference, depth: number): string {
  if (depth > DEEPEST) return '...';
  const inner = (v: Value): string => (v === value ? '(this)' : toText(v, depth + 1));
  if (value instanceof EnumValue) return value.name;
  if (value instanceof ApexList) return `(${value.items.map(inner).join(', ')})`;
  if (value instanceof ApexSet) return `{${value.items.map(inner).join(', ')}}`;
  if (value instanceof ApexMap) {
    return `{${value.table
      .entries()
      .map((e) => `${inner(e.key)}=${inner(e.value)}`)
      .join(', ')}}`;
  }
  if (value instanceof TypeValue) return value.subject.name;
  if (value instanceof ExceptionValue) {
    return `${value.typeName}: ${value.message ?? 'Script-thrown exception'}`;
  }
  if (value instanceof ApexObject) return objectText(value, depth);
  if ('text' in value && typeof value.text === 'string') return value.text;
  return `${value.type.name}[]`;
}

function objectText(value: ApexObject, depth: number): string {
  const own = findMethod(value, 'toString', 0);
  if (own) return toText(callMethod(own, value, []), depth + 1);
  const parts: string[] = [];
  for (let cls = value.declaration; ;) {
    for (const field of cls.fields.values()) {
      if (field.isStatic) continue;
      parts.push(`${field.name}=${toText(value.slots[field.slot] ?? null, depth + 1)}`);
    }
    if (!cls.superclass) break;
    cls = cls.superclass;
  }
  return `${value.declaration.simpleName}:[${parts.join(', ')}]`;
}
