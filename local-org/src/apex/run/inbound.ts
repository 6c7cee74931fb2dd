/** JSON and flow values from outside as arguments of Apex methods, and results back. */
import type {
  ApexObjectRef,
  FlowValue,
  InvocableValues,
  InvocableVariable,
  Json,
} from '../../org/contracts.js';
import { SObjectRecord } from '../../values/values.js';
import { parseJson } from '../library/json-parse.js';
import { typed } from '../library/json-read.js';
import { writeJson } from '../library/json-write.js';
import type { ApexClass, ApexField, ApexMethod } from '../types/model.js';
import { UNKNOWN, type ApexType } from '../types/type.js';
import { coercionTo } from '../values/coerce.js';
import { ApexList, ApexMap, ApexObject, ApexReference, type Value } from '../values/reference.js';
import { readField, writeField } from './dynamic.js';
import { toText } from '../values/text.js';
import { throwApex } from './exceptions.js';
import { construct } from './invoke.js';

/** Arguments by parameter name, as Lightning and REST send them; absent ones are null. */
export function jsonArguments(
  method: ApexMethod,
  parameters: Readonly<Record<string, Json>>,
): Value[] {
  const byName = new Map(Object.entries(parameters).map(([k, v]) => [k.toLowerCase(), v]));
  return method.parameters.map(({ name, type }) => {
    const json = byName.get(name.toLowerCase());
    return json === undefined ? null : typed(parseJson(JSON.stringify(json)), type, false);
  });
}

/** A result as Lightning receives it: objects show their `@AuraEnabled` members. */
export function auraResult(value: Value): Json {
  if (value instanceof SObjectRecord)
    return withoutAttributes(JSON.parse(writeJson(value, COMPACT)) as Json);
  if (value instanceof ApexList) return value.items.map(auraResult);
  if (value instanceof ApexObject) {
    const members: Record<string, Json> = {};
    for (const field of auraFields(value.declaration))
      members[field.name] = auraResult(readField(value, field));
    return members;
  }
  if (value instanceof ApexMap) return mapResult(value);
  return withoutAttributes(JSON.parse(writeJson(value, COMPACT)) as Json);
}

const COMPACT = { pretty: false, suppressNulls: false };

function mapResult(value: ApexMap): Json {
  const out: Record<string, Json> = {};
  for (const entry of value.table.entries()) out[toText(entry.key)] = auraResult(entry.value);
  return out;
}

/** Lightning records carry no `attributes`, and child rows are plain lists. */
function withoutAttributes(json: Json): Json {
  if (Array.isArray(json)) return (json as readonly Json[]).map(withoutAttributes);
  if (json === null || typeof json !== 'object') return json;
  const data = json as Readonly<Record<string, Json>>;
  if (Array.isArray(data['records']) && typeof data['totalSize'] === 'number')
    return withoutAttributes(data['records']);
  const out: Record<string, Json> = {};
  for (const [name, value] of Object.entries(data))
    if (name !== 'attributes') out[name] = withoutAttributes(value);
  return out;
}

function auraFields(cls: ApexClass): ApexField[] {
  const inherited = cls.superclass ? auraFields(cls.superclass) : [];
  const own = [...cls.fields.values()].filter(
    (field) => !field.isStatic && field.modifiers.annotations.some((a) => a.name === 'auraenabled'),
  );
  return [...inherited, ...own];
}

/** The element type when an invocable's parameter or result is a list, as it must be. */
function elementOf(type: ApexType): ApexType {
  return type.is('list') ? type.element : type;
}

export function invocableVariables(type: ApexType, method: ApexMethod): InvocableVariable[] {
  const element = elementOf(type);
  const cls = element.declaration;
  if (!cls)
    return [{ name: element.name, type: element.name, isRequired: method.parameters.length > 0 }];
  return invocableFields(cls).map(({ field, required }) => ({
    name: field.name,
    type: field.type.name,
    isRequired: required,
  }));
}

function invocableFields(cls: ApexClass): { field: ApexField; required: boolean }[] {
  const inherited = cls.superclass ? invocableFields(cls.superclass) : [];
  const own = [...cls.fields.values()].flatMap((field) => {
    const mark = field.modifiers.annotations.find((a) => a.name === 'invocablevariable');
    return mark ? [{ field, required: mark.parameters.get('required') === 'true' }] : [];
  });
  return [...inherited, ...own];
}

/** The list an invocable method is called with. */
export function invocableArguments(
  method: ApexMethod,
  inputs: readonly InvocableValues[],
): Value[] {
  const [parameter] = method.parameters;
  if (!parameter) return [];
  const element = elementOf(parameter.type);
  const items = inputs.map((values) => invocableInput(element, values));
  return [new ApexList(element, items)];
}

function invocableInput(type: ApexType, values: InvocableValues): Value {
  const cls = type.declaration;
  if (!cls) {
    const [first] = values.values();
    return fromFlow(first ?? null, type);
  }
  const object = construct(
    cls,
    cls.constructors.find((c) => c.parameters.length === 0) ?? null,
    [],
  );
  for (const { field, required } of invocableFields(cls)) {
    const entry = [...values].find(([name]) => name.toLowerCase() === field.name.toLowerCase());
    if (required && (entry === undefined || entry[1] === null)) {
      throwApex('IllegalArgumentException', `Missing required input parameter: ${field.name}`);
    }
    if (entry) writeField(object, field, fromFlow(entry[1], field.type));
  }
  return object;
}

/** A flow's value as a value of an Apex type. */
export function fromFlow(value: FlowValue, type: ApexType): Value {
  if (Array.isArray(value)) {
    const items = value as readonly FlowValue[];
    return new ApexList(
      type.element,
      items.map((item) => fromFlow(item, type.element)),
    );
  }
  if (value instanceof ObjectRef) return value.object;
  const plain = value as Value;
  const coerce = type === UNKNOWN ? null : coercionTo(type);
  return coerce ? coerce(plain) : plain;
}

/** An Apex object on its way through a flow. */
class ObjectRef implements ApexObjectRef {
  constructor(readonly object: ApexObject) {}

  get apexType(): string {
    return this.object.declaration.name;
  }

  get(member: string): FlowValue {
    const field = this.object.declaration.findField(member);
    return field ? toFlow(readField(this.object, field)) : null;
  }

  set(member: string, value: FlowValue): void {
    const field = this.object.declaration.findField(member);
    if (field) writeField(this.object, field, fromFlow(value, field.type));
  }
}

export function toFlow(value: Value): FlowValue {
  if (value instanceof ApexList) return value.items.map(toFlow);
  if (value instanceof ApexObject) return new ObjectRef(value);
  if (value instanceof ApexReference)
    throwApex('TypeException', `A flow cannot hold a ${value.type.name}`);
  return value;
}

/** Results of an invocable method, one entry an input. */
export function invocableResults(
  method: ApexMethod,
  value: Value,
  count: number,
): InvocableValues[] {
  if (method.returns.kind === 'void') return Array.from({ length: count }, () => new Map());
  const items = value instanceof ApexList ? value.items : [];
  if (items.length !== count) {
    throwApex(
      'TypeException',
      `${method.owner.name}.${method.name} returned ${items.length} results for ${count} inputs`,
    );
  }
  const element = elementOf(method.returns);
  return items.map((item) => {
    if (!(item instanceof ApexObject)) return new Map([[element.name, toFlow(item)]]);
    return new Map(
      invocableFields(item.declaration).map(({ field }) => [
        field.name,
        toFlow(readField(item, field)),
      ]),
    );
  });
}
