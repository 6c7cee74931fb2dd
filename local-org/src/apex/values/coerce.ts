/** Conversions Apex makes by itself on assignment, and those a cast makes. */
import {
  ApexBlob,
  ApexDate,
  ApexDatetime,
  ApexDouble,
  ApexTime,
  Decimal,
  SObjectRecord,
} from '../../values/values.js';
import { fullId } from '../../values/ids.js';
import { throwApex } from '../run/exceptions.js';
import type { ApexType } from '../types/type.js';
import { INTEGER, sobjectType } from '../types/type.js';
import { nativeImplements } from '../types/natives.js';
import { isNumeric, toDecimal, toDouble, toLong } from './numbers.js';
import {
  ApexList,
  ApexMap,
  ApexObject,
  ApexReference,
  ApexSet,
  EnumValue,
  NativeObject,
  type Value,
} from './reference.js';

export type Coercion = (value: Value) => Value;

const PRIMITIVE: Readonly<Record<string, Coercion>> = {
  integer: (v) => (typeof v === 'number' ? v : refuse(v, 'Integer')),
  long: (v) => (typeof v === 'bigint' ? v : typeof v === 'number' ? toLong(v) : refuse(v, 'Long')),
  decimal: (v) => (isNumeric(v) ? toDecimal(v) : refuse(v, 'Decimal')),
  double: (v) =>
    v instanceof ApexDouble ? v : isNumeric(v) ? new ApexDouble(toDouble(v)) : refuse(v, 'Double'),
  boolean: (v) => (typeof v === 'boolean' ? v : refuse(v, 'Boolean')),
  string: (v) => (typeof v === 'string' ? v : refuse(v, 'String')),
  id: (v) => (typeof v === 'string' ? idFrom(v) : refuse(v, 'Id')),
  date: (v) =>
    v instanceof ApexDate
      ? v
      : v instanceof ApexDatetime
        ? ApexDate.fromEpochDay(Math.floor(v.epochMs / 86_400_000))
        : refuse(v, 'Date'),
  datetime: (v) =>
    v instanceof ApexDatetime
      ? v
      : v instanceof ApexDate
        ? new ApexDatetime(v.epochDay * 86_400_000)
        : refuse(v, 'Datetime'),
  time: (v) => (v instanceof ApexTime ? v : refuse(v, 'Time')),
  blob: (v) => (v instanceof ApexBlob ? v : refuse(v, 'Blob')),
};

/** The 18-character form; a text that is no id is an Apex error. */
export function idFrom(text: string): string {
  const id = fullId(text);
  if (id === null) throwApex('StringException', `Invalid id: ${text}`);
  return id;
}

/** What an assignment to a variable of this type does to the value; null when it changes nothing and checks nothing. */
export function coercionTo(type: ApexType): Coercion | null {
  if (type.kind === 'primitive') {
    const convert = PRIMITIVE[type.base];
    return convert ? (v) => (v === null ? null : convert(v)) : null;
  }
  if (type.kind === 'unknown' || type.kind === 'object' || type.kind === 'void') return null;
  return (v) => (v === null ? null : instanceOrRefuse(v, type));
}

/** A cast `(T) value`. */
export function cast(value: Value, type: ApexType): Value {
  if (value === null) return null;
  if (type.kind === 'primitive' && isNumeric(value)) return castNumber(value, type);
  const convert = coercionTo(type);
  return convert ? convert(value) : value;
}

function castNumber(value: Value, type: ApexType): Value {
  if (!isNumeric(value)) return value;
  if (type.is('integer') && typeof value !== 'number') {
    return Number(BigInt.asIntN(32, toLong(value)));
  }
  if (type.is('long')) return toLong(value);
  return PRIMITIVE[type.base]?.(value) ?? value;
}

function instanceOrRefuse(value: Value, type: ApexType): Value {
  if (type.kind === 'sobject' && value instanceof ApexList && value.items.length <= 1) {
    return value.items[0] ?? null;
  }
  return isInstance(value, type) ? value : refuse(value, type.name);
}

function refuse(value: Value, target: string): never {
  throwApex(
    'TypeException',
    `Invalid conversion from runtime type ${runtimeType(value)} to ${target}`,
  );
}

/** The run-time type's name, as error messages give it. */
export function runtimeType(value: Value): string {
  if (typeof value === 'string') return 'String';
  if (typeof value === 'number') return 'Integer';
  if (typeof value === 'bigint') return 'Long';
  if (typeof value === 'boolean') return 'Boolean';
  if (value === null) return 'null';
  if (value instanceof Decimal) return 'Decimal';
  if (value instanceof ApexDouble) return 'Double';
  if (value instanceof SObjectRecord) return value.type;
  if (value instanceof ApexDate) return 'Date';
  if (value instanceof ApexDatetime) return 'Datetime';
  if (value instanceof ApexTime) return 'Time';
  if (value instanceof ApexBlob) return 'Blob';
  return value.type.name;
}

/** The `instanceof` operator; null is an instance of nothing. */
export function isInstance(value: Value, type: ApexType): boolean {
  if (value === null) return false;
  switch (type.kind) {
    case 'unknown':
    case 'object':
      return true;
    case 'primitive':
      return isPrimitiveInstance(value, type);
    case 'sobject':
      return (
        value instanceof SObjectRecord &&
        (type.is('sobject') || value.type.toLowerCase() === type.base)
      );
    case 'collection':
      return value instanceof ApexReference && isCollectionInstance(value, type);
    case 'class':
      return isDeclaredInstance(value, type);
    case 'library':
      return isLibraryInstance(value, type);
    default:
      return false;
  }
}

function isDeclaredInstance(value: Value, type: ApexType): boolean {
  if (value instanceof EnumValue) return value.type.declaration === type.declaration;
  return (
    value instanceof ApexObject &&
    !!type.declaration &&
    value.declaration.isSubclassOf(type.declaration)
  );
}

function isPrimitiveInstance(value: Value, type: ApexType): boolean {
  switch (type.base) {
    case 'integer':
      return typeof value === 'number';
    case 'long':
      return typeof value === 'bigint' || typeof value === 'number';
    case 'decimal':
      return isNumeric(value) && !(value instanceof ApexDouble);
    case 'double':
      return isNumeric(value);
    case 'id':
      return typeof value === 'string' && fullId(value) !== null;
    default:
      return runtimeType(value).toLowerCase() === type.base;
  }
}

function isCollectionInstance(value: ApexReference, type: ApexType): boolean {
  if (value instanceof ApexList)
    return type.is('list') && assignableElement(value.element, type.element);
  if (value instanceof ApexSet)
    return type.is('set') && assignableElement(value.element, type.element);
  if (!(value instanceof ApexMap) || !type.is('map')) return false;
  return (
    assignableElement(value.key, type.element) &&
    assignableElement(value.value, type.args[1] ?? INTEGER)
  );
}

/** Lists of subtypes may stand for lists of their supertypes and, for sObjects, the other way round. */
function assignableElement(from: ApexType, to: ApexType): boolean {
  if (to.kind === 'object' || to.kind === 'unknown' || from.kind === 'unknown') return true;
  if (from.kind === 'object') return true;
  if (from.kind === 'sobject' && to.kind === 'sobject') {
    return from.is('sobject') || to.is('sobject') || from.base === to.base;
  }
  if (from.declaration && to.declaration) {
    return (
      from.declaration.isSubclassOf(to.declaration) || to.declaration.isSubclassOf(from.declaration)
    );
  }
  if (from.kind === 'collection' && to.kind === 'collection') {
    return (
      from.base === to.base &&
      from.args.every((arg, i) => assignableElement(arg, to.args[i] ?? arg))
    );
  }
  if (from.kind === 'primitive' && to.kind === 'primitive') {
    return (
      from.base === to.base ||
      (['id', 'string'].includes(from.base) && ['id', 'string'].includes(to.base))
    );
  }
  return to.kind === 'library' ? true : from.base === to.base;
}

function isLibraryInstance(value: Value, type: ApexType): boolean {
  if (value instanceof ApexObject) {
    return value.declaration.allInterfaces().some((i) => i.base === type.base);
  }
  if (type.is('iterable')) return value instanceof ApexList || value instanceof ApexSet;
  if (value instanceof NativeObject) return nativeImplements(value.type.name, type.base);
  return value instanceof ApexReference && value.type.base === type.base;
}

/** Static type of a value known only at run time. */
export function typeOfValue(value: Value, primitiveType: (name: string) => ApexType): ApexType {
  if (value instanceof SObjectRecord) return sobjectType(value.type);
  if (value instanceof ApexReference) return value.type;
  return primitiveType(runtimeType(value));
}
