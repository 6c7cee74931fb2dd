/** Reading and writing sObject fields from Apex. */
import type { FieldDescribe } from '../../metadata/describe.js';
import { SObjectRecord, type FieldValue } from '../../values/values.js';
import { ApexType, findPrimitive, sobjectType, SOBJECT, UNKNOWN } from '../types/type.js';
import { coercionTo, runtimeType } from '../values/coerce.js';
import { ApexList, ApexReference, type Value } from '../values/reference.js';
import { throwApex } from './exceptions.js';
import { Session } from './session.js';

/** Records that came from a query: reading a field the query left out is an error. */
const queried = new WeakSet<SObjectRecord>();
/** Records of `Trigger.old` and of after triggers. */
const readOnly = new WeakSet<SObjectRecord>();

export function markQueried(record: SObjectRecord): void {
  queried.add(record);
  for (const [, parent] of record.parentEntries()) if (parent) markQueried(parent);
  for (const [, rows] of record.childEntries()) rows.forEach(markQueried);
}

export function isQueried(record: SObjectRecord): boolean {
  return queried.has(record);
}

export function markReadOnly(record: SObjectRecord): void {
  readOnly.add(record);
}

/** What a member name of an sObject means. */
export type RecordMember =
  | {
      readonly kind: 'field';
      readonly name: string;
      readonly type: ApexType;
      readonly describe: FieldDescribe | null;
    }
  | {
      readonly kind: 'parent';
      readonly name: string;
      readonly type: ApexType;
      readonly field: FieldDescribe;
    }
  | { readonly kind: 'children'; readonly name: string; readonly type: ApexType };

const APEX_TYPES: Readonly<Record<string, string>> = {
  id: 'Id',
  reference: 'Id',
  boolean: 'Boolean',
  int: 'Integer',
  long: 'Long',
  double: 'Decimal',
  currency: 'Decimal',
  percent: 'Decimal',
  date: 'Date',
  datetime: 'Datetime',
  time: 'Time',
  base64: 'Blob',
};

/** The Apex type of a field. */
export function fieldType(field: FieldDescribe): ApexType {
  if (field.type === 'anyType') return UNKNOWN;
  return findPrimitive(APEX_TYPES[field.type] ?? 'String') ?? UNKNOWN;
}

/** The member of that name on an object, by the org's schema; undefined when it has none. */
export function recordMember(
  schema: Session['ports']['schema'],
  object: string,
  name: string,
): RecordMember | undefined {
  const describe = schema.object(object);
  if (!describe) return undefined;
  const lower = name.toLowerCase();
  for (const field of describe.fields) {
    if (field.name.toLowerCase() === lower) {
      return { kind: 'field', name: field.name, type: fieldType(field), describe: field };
    }
    if (field.relationshipName?.toLowerCase() === lower) {
      const target =
        field.polymorphic || field.referenceTo.length !== 1 ? undefined : field.referenceTo[0];
      const type = target ? sobjectType(target) : SOBJECT;
      return { kind: 'parent', name: field.relationshipName, type, field };
    }
  }
  const child = schema.childRelationships(object).find((c) => c.name?.toLowerCase() === lower);
  if (!child?.name) return undefined;
  return {
    kind: 'children',
    name: child.name,
    type: new ApexType(`List<${child.childObject}>`, 'collection', [
      sobjectType(child.childObject),
    ]),
  };
}

const memberCache = new WeakMap<object, Map<string, RecordMember | null>>();

/** As {@link recordMember} for running code, remembered; an unknown name is an Apex error. */
export function memberOf(record: SObjectRecord, name: string): RecordMember {
  const { schema } = Session.current.ports;
  let cache = memberCache.get(schema);
  if (!cache) {
    cache = new Map<string, RecordMember | null>();
    memberCache.set(schema, cache);
  }
  const key = `${record.type}.${name}`.toLowerCase();
  let member = cache.get(key);
  if (member === undefined) {
    member = recordMember(schema, record.type, name) ?? null;
    cache.set(key, member);
  }
  if (member) return member;
  if (record.has(name) || !schema.object(record.type)) {
    return { kind: 'field', name, type: UNKNOWN, describe: null };
  }
  throwApex('SObjectException', `Invalid field ${name} for ${record.type}`);
}

export function readMember(record: SObjectRecord, member: RecordMember): Value {
  if (member.kind === 'field') return readField(record, member.name, member.describe);
  if (member.kind === 'parent') return readParent(record, member.name, member.field);
  return new ApexList(member.type.element, [...(record.getChildren(member.name) ?? [])]);
}

function readField(record: SObjectRecord, name: string, describe: FieldDescribe | null): Value {
  if (record.has(name)) return record.get(name);
  if (queried.has(record)) throwNotQueried(record, name);
  return describe?.type === 'boolean' ? false : null;
}

function readParent(record: SObjectRecord, name: string, field: FieldDescribe): Value {
  const parent = record.getParent(name);
  if (parent !== undefined) return parent;
  if (queried.has(record) && !record.has(field.name)) throwNotQueried(record, name);
  if (queried.has(record) && record.get(field.name) !== null) throwNotQueried(record, name);
  return null;
}

function throwNotQueried(record: SObjectRecord, name: string): never {
  throwApex(
    'SObjectException',
    `SObject row was retrieved via SOQL without querying the requested field: ${record.type}.${name}`,
  );
}

export function writeMember(record: SObjectRecord, member: RecordMember, value: Value): void {
  if (readOnly.has(record)) throwApex('FinalException', 'Record is read-only');
  if (member.kind === 'field') {
    const coerce = coercionTo(member.type);
    record.set(member.name, fieldValue(coerce ? coerce(value) : value, member.name));
    return;
  }
  if (member.kind === 'parent' && (value === null || value instanceof SObjectRecord)) {
    record.setParent(member.name, value);
    return;
  }
  throwApex('SObjectException', `Field is not writeable: ${record.type}.${member.name}`);
}

/** A value a field can hold; objects and collections are refused. */
export function fieldValue(value: Value, name: string): FieldValue {
  if (value instanceof ApexReference || value instanceof SObjectRecord) {
    throwApex('SObjectException', `Illegal assignment from ${runtimeType(value)} to field ${name}`);
  }
  return value;
}
