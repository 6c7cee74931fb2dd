/** Fields and properties of the project's classes. */
import { throwNullPointer } from '../run/exceptions.js';
import { readField, writeField } from '../run/dynamic.js';
import type { ApexClass, ApexField, Expr } from '../types/model.js';
import { ApexObject } from '../values/reference.js';
import type { CodeContext } from './context.js';
import type { Place } from './places.js';

/** A field the bare name means here: of this class, its superclasses, or a static one of an outer class. */
export function findVisibleField(cx: CodeContext, name: string): ApexField | undefined {
  const own = cx.cls.findField(name);
  if (own) return own;
  for (let outer: ApexClass | null = cx.cls.outer; outer; outer = outer.outer) {
    const field = outer.findField(name);
    if (field?.isStatic) return field;
  }
  return undefined;
}

export function fieldPlace(cx: CodeContext, field: ApexField, receiver: Expr | null): Place {
  return field.isStatic ? staticPlace(cx, field) : instancePlace(cx, field, receiver);
}

function staticPlace(cx: CodeContext, field: ApexField): Place {
  const { owner, slot, type } = field;
  const direct = cx.accessor === field;
  const { getter, setter } = field;
  return {
    type,
    receiver: null,
    index: null,
    read:
      getter && !direct
        ? (f) => f.session.call(getter, null, [])
        : (f) => f.session.initialise(owner)[slot] ?? null,
    write:
      setter && !direct
        ? (f, _self, _at, value) => {
            f.session.call(setter, null, [value]);
          }
        : (writability(cx, field) ??
          ((f, _self, _at, value) => {
            f.session.initialise(owner)[slot] = value;
          })),
  };
}

function instancePlace(cx: CodeContext, field: ApexField, receiver: Expr | null): Place {
  const { slot, type } = field;
  const direct = cx.accessor === field || (!field.getter && !field.setter);
  return {
    type,
    receiver,
    index: null,
    read: direct
      ? (_f, self) => (self instanceof ApexObject ? (self.slots[slot] ?? null) : throwNullPointer())
      : (_f, self) => (self instanceof ApexObject ? readField(self, field) : throwNullPointer()),
    write:
      writability(cx, field) ??
      (direct
        ? (_f, self, _at, value) => {
            if (!(self instanceof ApexObject)) throwNullPointer();
            self.slots[slot] = value;
          }
        : (_f, self, _at, value) => {
            if (!(self instanceof ApexObject)) throwNullPointer();
            writeField(self, field, value);
          }),
  };
}

/** Why a field cannot be assigned here; null when it can. */
function writability(cx: CodeContext, field: ApexField): string | null {
  const inside = cx.cls.outermost === field.owner.outermost;
  if (field.modifiers.words.has('final') && cx.cls !== field.owner) {
    return `Field is not writeable: ${field.owner.name}.${field.name}`;
  }
  if (field.modifiers.words.has('private set') && !inside) {
    return `Variable is not writeable: ${field.owner.name}.${field.name}`;
  }
  return null;
}
