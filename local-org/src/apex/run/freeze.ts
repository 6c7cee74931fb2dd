/**
 * Apex objects as plain data and back: a queued job is kept as it was when it was queued, also across a restart.
 * Shared references inside one object stay shared. Fields marked `transient` are left out.
 */
import type { FrozenInstance, Json } from '../../org/contracts.js';
import {
  recordFromJson,
  recordToJson,
  valueFromJson,
  valueToJson,
} from '../../platform/record-json.js';
import { SObjectRecord } from '../../values/values.js';
import { libraryEnumOrNull } from '../library/enums.js';
import { FieldToken, ObjectToken } from '../library/schema-tokens.js';
import type { ApexClass, ApexField } from '../types/model.js';
import { UNKNOWN } from '../types/type.js';
import {
  ApexList,
  ApexMap,
  ApexObject,
  ApexReference,
  ApexSet,
  EnumValue,
  TypeValue,
  type Value,
} from '../values/reference.js';
import { ExceptionValue, throwApex } from './exceptions.js';
import type { Program } from './program.js';

type Data = Readonly<Record<string, Json>>;

class Freezer {
  private readonly seen = new Map<object, number>();

  value(value: Value): Json {
    if (!(value instanceof ApexReference) && !(value instanceof SObjectRecord)) {
      return { v: valueToJson(value) };
    }
    const known = this.seen.get(value);
    if (known !== undefined) return { ref: known };
    const at = this.seen.size;
    this.seen.set(value, at);
    return { at, ...this.reference(value) };
  }

  private reference(value: ApexReference | SObjectRecord): Data {
    if (value instanceof SObjectRecord) return { record: recordToJson(value) };
    if (value instanceof ApexList) {
      return { list: value.element.name, items: value.items.map((item) => this.value(item)) };
    }
    if (value instanceof ApexSet) {
      return { set: value.element.name, items: value.items.map((item) => this.value(item)) };
    }
    if (value instanceof ApexMap) {
      const entries = value.table.entries().map((e) => [this.value(e.key), this.value(e.value)]);
      return { key: value.key.name, value: value.value.name, entries };
    }
    if (value instanceof EnumValue) return { enum: value.type.name, name: value.name };
    if (value instanceof TypeValue) return { type: value.subject.name };
    if (value instanceof ObjectToken) return { object: value.object };
    if (value instanceof FieldToken) return { object: value.object, field: value.field };
    if (value instanceof ExceptionValue) return { ...this.object(value), message: value.message };
    if (value instanceof ApexObject) return this.object(value);
    throwApex('SerializationException', `Not Serializable: ${value.type.name}`);
  }

  object(value: ApexObject): Data {
    const fields: Record<string, Json> = {};
    for (const field of instanceFields(value.declaration)) {
      if (!field.isTransient)
        fields[String(field.slot)] = this.value(value.slots[field.slot] ?? null);
    }
    return { class: value.declaration.name, fields };
  }
}

/** Instance fields, the superclass's first. */
export function instanceFields(cls: ApexClass): ApexField[] {
  const inherited = cls.superclass ? instanceFields(cls.superclass) : [];
  return [...inherited, ...[...cls.fields.values()].filter((field) => !field.isStatic)];
}

/** A text that the freezer wrote. */
function textIn(json: Json | undefined): string {
  if (typeof json !== 'string') throw new TypeError('Expected a text in a frozen object');
  return json;
}

class Thawer {
  private readonly made = new Map<number, Value>();

  constructor(private readonly program: Program) {}

  value(json: Json): Value {
    const data = json as Data;
    if ('v' in data) return valueFromJson(data['v'] ?? null);
    if ('ref' in data) return this.made.get(Number(data['ref'])) ?? null;
    return this.reference(data, Number(data['at']));
  }

  private keep<T extends Value>(at: number, value: T): T {
    this.made.set(at, value);
    return value;
  }

  private type(name: Json | undefined): TypeValue['subject'] {
    return this.program.resolveType(textIn(name)) ?? UNKNOWN;
  }

  private items(data: Data, name: string): readonly Json[] {
    const items = data[name];
    return Array.isArray(items) ? (items as readonly Json[]) : [];
  }

  private reference(data: Data, at: number): Value {
    if ('record' in data) return this.keep(at, recordFromJson(data['record'] ?? null));
    if ('list' in data) {
      const list = this.keep(at, new ApexList(this.type(data['list'])));
      for (const item of this.items(data, 'items')) list.items.push(this.value(item));
      return list;
    }
    if ('set' in data) {
      const set = this.keep(at, new ApexSet(this.type(data['set'])));
      for (const item of this.items(data, 'items')) set.table.put(this.value(item), true);
      return set;
    }
    if ('entries' in data) {
      const map = this.keep(at, new ApexMap(this.type(data['key']), this.type(data['value'])));
      for (const entry of this.items(data, 'entries')) {
        const [key = null, value = null] = entry as readonly Json[];
        map.table.put(this.value(key), this.value(value));
      }
      return map;
    }
    if ('enum' in data)
      return this.keep(at, this.enumValue(textIn(data['enum']), textIn(data['name'])));
    if ('type' in data) return this.keep(at, new TypeValue(this.type(data['type'])));
    if ('field' in data)
      return this.keep(at, new FieldToken(textIn(data['object']), textIn(data['field'])));
    if ('object' in data) return this.keep(at, new ObjectToken(textIn(data['object'])));
    return this.object(data, at);
  }

  private enumValue(type: string, name: string): EnumValue | null {
    return (
      this.program.find(type)?.enumValues.find((v) => v.name === name) ??
      libraryEnumOrNull(type, name)
    );
  }

  object(data: Data, at: number): ApexObject {
    const cls = this.program.find(textIn(data['class']));
    if (!cls) throwApex('TypeException', `Class ${textIn(data['class'])} no longer exists`);
    const object = this.keep(at, cls.isException ? new ExceptionValue(cls) : new ApexObject(cls));
    if (object instanceof ExceptionValue && typeof data['message'] === 'string')
      object.message = data['message'];
    const fields = (data['fields'] ?? {}) as Data;
    for (const [slot, value] of Object.entries(fields))
      object.slots[Number(slot)] = this.value(value);
    return object;
  }
}

export function freezeInstance(object: ApexObject): FrozenInstance {
  return { className: object.declaration.name, state: freezeValue(object) };
}

export function thawInstance(program: Program, frozen: FrozenInstance): ApexObject {
  const value = thawValue(program, frozen.state);
  if (!(value instanceof ApexObject))
    throw new TypeError(`${frozen.className} was not kept as an object`);
  return value;
}

export function freezeValue(value: Value): Json {
  return new Freezer().value(value);
}

export function thawValue(program: Program, json: Json): Value {
  return new Thawer(program).value(json);
}
