/** Arguments of a library call, read as the types the function needs. A null where a value is needed is an Apex error. */
import {
  ApexBlob,
  ApexDate,
  ApexDatetime,
  ApexTime,
  type Decimal,
  SObjectRecord,
} from '../../values/values.js';
import { throwApex, throwNullPointer } from '../run/exceptions.js';
import { Session } from '../run/session.js';
import type { ApexType } from '../types/type.js';
import { runtimeType } from '../values/coerce.js';
import {
  isNumeric,
  toDecimal,
  toDouble,
  toInteger,
  toLong,
  type Numeric,
} from '../values/numbers.js';
import {
  ApexList,
  ApexMap,
  ApexObject,
  ApexSet,
  EnumValue,
  TypeValue,
  type Value,
} from '../values/reference.js';

export class Call {
  constructor(
    readonly self: Value,
    readonly args: readonly Value[],
    /** Static type of the receiver or of the constructed object, with its type arguments. */
    readonly receiver: ApexType,
  ) {}

  get session(): Session {
    return Session.current;
  }

  get count(): number {
    return this.args.length;
  }

  value(i: number): Value {
    return this.args[i] ?? null;
  }

  has(i: number): boolean {
    return this.args[i] !== undefined && this.args[i] !== null;
  }

  text(i: number): string {
    return asText(this.value(i));
  }

  textOrNull(i: number): string | null {
    return this.has(i) ? this.text(i) : null;
  }

  integer(i: number): number {
    return toInteger(asNumber(this.value(i)));
  }

  long(i: number): bigint {
    return toLong(asNumber(this.value(i)));
  }

  decimal(i: number): Decimal {
    return toDecimal(asNumber(this.value(i)));
  }

  double(i: number): number {
    return toDouble(asNumber(this.value(i)));
  }

  boolean(i: number): boolean {
    return asBoolean(this.value(i));
  }

  list(i: number): ApexList {
    return asList(this.value(i));
  }

  map(i: number): ApexMap {
    return asMap(this.value(i));
  }

  record(i: number): SObjectRecord {
    return asRecord(this.value(i));
  }

  date(i: number): ApexDate {
    return asDate(this.value(i));
  }

  datetime(i: number): ApexDatetime {
    return asDatetime(this.value(i));
  }

  blob(i: number): ApexBlob {
    return asBlob(this.value(i));
  }

  object(i: number): ApexObject {
    return asObject(this.value(i));
  }

  type(i: number): TypeValue {
    return narrow(this.value(i), TypeValue, 'Type');
  }

  enumName(i: number): string {
    return narrow(this.value(i), EnumValue, 'enum').name;
  }

  /** Members of a list or set. */
  items(i: number): readonly Value[] {
    return asItems(this.value(i));
  }

  texts(i: number): string[] {
    return this.items(i).map(asText);
  }
}

function wrong(value: Value, expected: string): never {
  if (value === null) throwNullPointer();
  throwApex(
    'TypeException',
    `Invalid conversion from runtime type ${runtimeType(value)} to ${expected}`,
  );
}

/** Narrows to an instance of a class of this engine. */
export function narrow<T extends Value>(
  value: Value,
  type: abstract new (...args: never[]) => T,
  name: string,
): T {
  return value instanceof type ? value : wrong(value, name);
}

/** A receiver check for {@link defineType}. */
export function instance<T extends Value>(
  type: abstract new (...args: never[]) => T,
  name: string,
): (value: Value) => T {
  return (value) => narrow(value, type, name);
}

export function asText(value: Value): string {
  return typeof value === 'string' ? value : wrong(value, 'String');
}

export function asNumber(value: Value): Numeric {
  return isNumeric(value) ? value : wrong(value, 'Decimal');
}

export function asBoolean(value: Value): boolean {
  return typeof value === 'boolean' ? value : wrong(value, 'Boolean');
}

export const asList = (value: Value): ApexList => narrow(value, ApexList, 'List');
export const asMap = (value: Value): ApexMap => narrow(value, ApexMap, 'Map');
export const asRecord = (value: Value): SObjectRecord => narrow(value, SObjectRecord, 'SObject');
export const asObject = (value: Value): ApexObject => narrow(value, ApexObject, 'Object');
export const asDate = (value: Value): ApexDate => narrow(value, ApexDate, 'Date');
export const asTime = (value: Value): ApexTime => narrow(value, ApexTime, 'Time');
export const asBlob = (value: Value): ApexBlob => narrow(value, ApexBlob, 'Blob');

export function asDatetime(value: Value): ApexDatetime {
  if (value instanceof ApexDate) return new ApexDatetime(value.epochDay * 86_400_000);
  return narrow(value, ApexDatetime, 'Datetime');
}

export function asItems(value: Value): readonly Value[] {
  if (value instanceof ApexList || value instanceof ApexSet) return value.items;
  return wrong(value, 'List');
}
