/** Members looked up when the code runs, for receivers whose static type says too little. */
import { SObjectRecord } from '../../values/values.js';
import { Call } from '../library/call.js';
import { LibraryType, libraryType, type LibraryMethod } from '../library/registry.js';
import type { ApexField, ApexMethod } from '../types/model.js';
import { UNKNOWN, type ApexType } from '../types/type.js';
import { runtimeType } from '../values/coerce.js';
import {
  ApexList,
  ApexMap,
  ApexObject,
  ApexReference,
  ApexSet,
  EnumValue,
  type Value,
} from '../values/reference.js';
import { throwApex, throwNullPointer } from './exceptions.js';
import { convertArguments, findMethod } from './invoke.js';
import {
  memberOf,
  readMember as readRecordMember,
  writeMember as writeRecordMember,
} from './records.js';
import { Session } from './session.js';

/** The library type that has the methods of a value. */
export function libraryTypeOf(value: Value): LibraryType | undefined {
  if (value instanceof ApexList) return libraryType('List');
  if (value instanceof ApexMap) return libraryType('Map');
  if (value instanceof ApexSet) return libraryType('Set');
  if (value instanceof SObjectRecord) return libraryType('SObject');
  if (value instanceof EnumValue) return libraryType('Enum');
  if (value instanceof ApexObject) {
    return libraryType(value.declaration.isException ? 'Exception' : 'Object');
  }
  return libraryType(runtimeType(value));
}

export function receiverType(value: Value): ApexType {
  return value instanceof ApexReference ? value.type : UNKNOWN;
}

/** `value.name(args)`, found by the run-time type. */
export function invokeDynamic(value: Value, name: string, args: readonly Value[]): Value {
  if (value === null) throwNullPointer();
  if (value instanceof ApexObject) {
    const own = methodFor(value, name, args);
    if (own) return Session.current.call(own, value, convertArguments(own, args));
  }
  const method = libraryMethodFor(value, name, args.length);
  if (!method) {
    throwApex(
      'TypeException',
      `Method does not exist or incorrect signature: ${name} with ${args.length} arguments on ${runtimeType(value)}`,
    );
  }
  return method.run(new Call(value, args, receiverType(value)));
}

export function libraryMethodFor(
  value: Value,
  name: string,
  arity: number,
): LibraryMethod | undefined {
  const lower = name.toLowerCase();
  const pick = (type: LibraryType | undefined): LibraryMethod | undefined =>
    LibraryType.pick(type?.methods.get(lower), arity);
  return pick(libraryTypeOf(value)) ?? pick(libraryType('Object'));
}

function methodFor(self: ApexObject, name: string, args: readonly Value[]): ApexMethod | null {
  const same = self.declaration
    .findMethods(name)
    .filter((m) => m.parameters.length === args.length && !m.isStatic);
  if (same.length <= 1) return findMethod(self, name, args.length);
  const best = chooseByValues(same, args);
  return best ? self.declaration.implementation(best.signature) : null;
}

/** The overload whose parameters fit the run-time values best. */
export function chooseByValues(
  candidates: readonly ApexMethod[],
  args: readonly Value[],
): ApexMethod | null {
  const { fitOf } = Session.current.program;
  let best: ApexMethod | null = null;
  let bestFit = Infinity;
  for (const method of candidates) {
    let total = 0;
    for (const [i, parameter] of method.parameters.entries())
      total += fitOf(args[i] ?? null, parameter.type);
    if (total < bestFit) [best, bestFit] = [method, total];
  }
  return best;
}

/** `value.name`, found by the run-time type. */
export function readDynamic(value: Value, name: string): Value {
  if (value === null) throwNullPointer();
  if (value instanceof SObjectRecord) return readRecordMember(value, memberOf(value, name));
  if (value instanceof ApexObject) {
    const field = value.declaration.findField(name);
    if (field) return readField(value, field);
  }
  const property = libraryTypeOf(value)?.properties.get(name.toLowerCase());
  if (!property)
    throwApex('TypeException', `Variable does not exist: ${name} on ${runtimeType(value)}`);
  return property.get(value);
}

export function writeDynamic(value: Value, name: string, next: Value): void {
  if (value === null) throwNullPointer();
  if (value instanceof SObjectRecord) {
    writeRecordMember(value, memberOf(value, name), next);
    return;
  }
  if (value instanceof ApexObject) {
    const field = value.declaration.findField(name);
    if (field) {
      writeField(value, field, next);
      return;
    }
  }
  const property = libraryTypeOf(value)?.properties.get(name.toLowerCase());
  if (!property?.set)
    throwApex('TypeException', `Variable is not assignable: ${name} on ${runtimeType(value)}`);
  property.set(value, next);
}

/** An instance field or property of an object, through its accessor when it has one. */
export function readField(self: ApexObject, field: ApexField): Value {
  if (!field.getter) return self.slots[field.slot] ?? null;
  return Session.current.call(field.getter, self, []);
}

export function writeField(self: ApexObject, field: ApexField, value: Value): void {
  if (!field.setter) self.slots[field.slot] = value;
  else Session.current.call(field.setter, self, [value]);
}
