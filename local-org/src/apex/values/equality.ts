/** When two Apex values are equal, which hash key they have and how they sort. */
import { ApexBlob, ApexDate, ApexDatetime, ApexTime, SObjectRecord } from '../../values/values.js';
import { throwApex } from '../run/exceptions.js';
import { callMethod, findMethod } from '../run/invoke.js';
import { runtimeType } from './coerce.js';
import { compareNumbers, isNumeric, toDecimal } from './numbers.js';
import {
  ApexList,
  ApexMap,
  ApexObject,
  ApexReference,
  ApexSet,
  EnumValue,
  NativeObject,
  TypeValue,
  useKeys,
  type Value,
} from './reference.js';

/** The `==` operator: strings ignore case, objects ask their `equals`. */
export function looseEqual(a: Value, b: Value): boolean {
  if (typeof a === 'string' && typeof b === 'string') {
    return a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase());
  }
  return valueEqual(a, b);
}

/** Equality of collection members: as `==`, but strings keep their case. */
export function valueEqual(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  if (isNumeric(a)) return isNumeric(b) && compareNumbers(a, b) === 0;
  if (a instanceof SObjectRecord) return b instanceof SObjectRecord && sobjectEqual(a, b);
  if (a instanceof ApexReference) return b instanceof ApexReference && referenceEqual(a, b);
  const left = scalarKey(a);
  return left !== null && left === scalarKey(b);
}

function sobjectEqual(a: SObjectRecord, b: SObjectRecord): boolean {
  if (a.type !== b.type) return false;
  const left = [...a.entries()];
  if (left.length !== [...b.entries()].length) return false;
  return left.every(([name, value]) => b.has(name) && valueEqual(value, b.get(name)));
}

function referenceEqual(a: ApexReference, b: ApexReference): boolean {
  if (a instanceof ApexObject) {
    const equals = findMethod(a, 'equals', 1);
    return equals ? callMethod(equals, a, [b]) === true : false;
  }
  if (a instanceof ApexList && b instanceof ApexList) {
    return (
      a.items.length === b.items.length &&
      a.items.every((item, i) => valueEqual(item, b.items[i] ?? null))
    );
  }
  if (a instanceof ApexSet && b instanceof ApexSet) {
    return a.table.size === b.table.size && a.items.every((item) => b.table.find(item));
  }
  if (a instanceof ApexMap && b instanceof ApexMap) {
    return (
      a.table.size === b.table.size &&
      a.table.entries().every((entry) => {
        const other = b.table.find(entry.key);
        return other !== undefined && valueEqual(entry.value, other.value);
      })
    );
  }
  if (a instanceof EnumValue && b instanceof EnumValue) {
    return a.name === b.name && a.type.name === b.type.name;
  }
  if (a instanceof TypeValue && b instanceof TypeValue) {
    return a.subject.name.toLowerCase() === b.subject.name.toLowerCase();
  }
  if (a instanceof NativeObject && b instanceof NativeObject) {
    return (
      a.type.name === b.type.name && identityText(a) !== null && identityText(a) === identityText(b)
    );
  }
  return false;
}

/** Natives that are equal by what they name (tokens) say so with `identity`. */
function identityText(value: NativeObject): string | null {
  return 'identity' in value && typeof value.identity === 'string' ? value.identity : null;
}

function scalarKey(value: Value): string | null {
  if (typeof value === 'string') return `s:${value}`;
  if (typeof value === 'boolean') return `b:${value}`;
  if (value instanceof ApexDate) return `d:${value.epochDay}`;
  if (value instanceof ApexDatetime) return `t:${value.epochMs}`;
  if (value instanceof ApexTime) return `i:${value.ms}`;
  if (value instanceof ApexBlob) return `x:${value.bytes.toString('base64')}`;
  return null;
}

function keyOf(value: Value): string | object {
  if (value === null) return 'null';
  if (isNumeric(value)) return `n:${toDecimal(value).toString()}`;
  const scalar = scalarKey(value);
  if (scalar !== null) return scalar;
  if (value instanceof EnumValue) return `e:${value.type.name}.${value.name}`;
  if (value instanceof TypeValue) return `y:${value.subject.name.toLowerCase()}`;
  if (value instanceof SObjectRecord) {
    return `r:${value.type}:${[...value.entries()]
      .map(([n, v]) => `${n}=${fieldKey(v)}`)
      .sort()
      .join(';')}`;
  }
  if (value instanceof ApexObject) {
    const hash = findMethod(value, 'hashCode', 0);
    return hash ? `h:${Number(callMethod(hash, value, []))}` : value;
  }
  if (value instanceof ApexList) return `l:${value.items.length}`;
  if (value instanceof ApexSet) return `u:${value.table.size}`;
  if (value instanceof ApexMap) return `m:${value.table.size}`;
  if (value instanceof NativeObject) return identityText(value) ?? value;
  return runtimeType(value);
}

/** Key of a field's value, which is never an object. */
function fieldKey(value: Value): string {
  const key = keyOf(value);
  return typeof key === 'string' ? key : '';
}

useKeys({ keyOf, equal: valueEqual });

/** Hash code as `System.hashCode` gives it: stable, and equal for equal values. */
export function hashCode(value: Value): number {
  const key = keyOf(value);
  const text = typeof key === 'string' ? key : 'object';
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return hash;
}

/** Order of `List.sort`: nulls first, enums by ordinal, objects by their `compareTo`. */
export function compareValues(a: Value, b: Value): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(a, b);
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  const order = dateOrder(a, b);
  if (order !== null) return order;
  if (a instanceof EnumValue && b instanceof EnumValue) return a.ordinal - b.ordinal;
  if (a instanceof ApexObject) {
    const compare = findMethod(a, 'compareTo', 1);
    if (compare) return Number(callMethod(compare, a, [b]));
  }
  if (a instanceof SObjectRecord && b instanceof SObjectRecord) return compareSObjects(a, b);
  throwApex('ListException', 'One or more of the items in this list is not Comparable.');
}

function compareSObjects(a: SObjectRecord, b: SObjectRecord): number {
  for (const [name, value] of a.entries()) {
    const order = compareValues(value, b.get(name));
    if (order !== 0) return order;
  }
  return 0;
}

/** Order of two dates, datetimes or times; null for other values. */
export function dateOrder(a: Value, b: Value): number | null {
  const left = instant(a);
  const right = instant(b);
  return left === null || right === null ? null : left - right;
}

function instant(value: Value): number | null {
  if (value instanceof ApexDate) return value.epochDay * 86_400_000;
  if (value instanceof ApexDatetime) return value.epochMs;
  return value instanceof ApexTime ? value.ms : null;
}
