/** Finding and calling methods of objects at run time. */
import type { ApexClass, ApexMethod } from '../types/model.js';
import { ApexObject, type Value } from '../values/reference.js';
import { coercionTo } from '../values/coerce.js';
import { ExceptionValue, stamp } from './exceptions.js';
import { Session } from './session.js';
import { Frame } from './frame.js';

/** The implementation of a method by name and number of arguments, or null. */
export function findMethod(self: ApexObject, name: string, arity: number): ApexMethod | null {
  const declared = self.declaration
    .findMethods(name)
    .find((m) => m.parameters.length === arity && !m.isStatic);
  return declared ? self.declaration.implementation(declared.signature) : null;
}

/** Calls a method after converting the arguments to its parameter types. */
export function callMethod(
  method: ApexMethod,
  self: ApexObject | null,
  args: readonly Value[],
): Value {
  return Session.current.call(method, self, convertArguments(method, args));
}

export function convertArguments(method: ApexMethod, args: readonly Value[]): Value[] {
  return method.parameters.map((parameter, i) => {
    const convert = coercionTo(parameter.type);
    const value = args[i] ?? null;
    return convert ? convert(value) : value;
  });
}

/** A new object with its field initialisers and constructor run. */
export function construct(
  cls: ApexClass,
  constructor: ApexMethod | null,
  args: readonly Value[],
): ApexObject {
  const session = Session.current;
  session.initialise(cls);
  const object = cls.isException ? stamp(new ExceptionValue(cls)) : new ApexObject(cls);
  if (constructor) session.call(constructor, object, args);
  else {
    if (cls.superclass) constructSuper(object, cls.superclass);
    initialiseFields(object, cls);
  }
  return object;
}

/** Runs the superclass's part of an object's construction with no arguments. */
export function constructSuper(object: ApexObject, superclass: ApexClass): void {
  const constructor = superclass.constructors.find((c) => c.parameters.length === 0);
  if (constructor) Session.current.call(constructor, object, []);
  else {
    if (superclass.superclass) constructSuper(object, superclass.superclass);
    initialiseFields(object, superclass);
  }
}

/** Runs the instance initialisers one class declares, in source order. */
export function initialiseFields(object: ApexObject, cls: ApexClass): void {
  if (cls.instanceInit.length === 0) return;
  const session = Session.current;
  const frame = new Frame(session, session.program.initialiser(cls, cls.instanceInit), object);
  session.stack.push(frame);
  try {
    for (const step of cls.instanceInit) {
      if ('block' in step) session.call(step.block, object, []);
      else object.slots[step.field.slot] = step.value(frame);
    }
  } finally {
    session.stack.pop();
  }
}
