/** Names and dots: variables, fields, properties, constants and array elements. */
import type {
  ArrayExpressionContext,
  DotExpressionContext,
  IdContext,
} from '@apexdevtools/apex-parser';
import { throwApex, throwNullPointer } from '../run/exceptions.js';
import { readDynamic, writeDynamic } from '../run/dynamic.js';
import { memberOf, readMember, recordMember, writeMember } from '../run/records.js';
import { INTEGER, UNKNOWN, type ApexType } from '../types/type.js';
import { SObjectRecord } from '../../values/values.js';
import { libraryType } from '../library/registry.js';
import { ApexList, type Value } from '../values/reference.js';
import { compileDotCall } from './calls.js';
import type { CodeContext, TypedExpr } from './context.js';
import { isRowList, singleRow } from './convert.js';
import { compileAs, compileExpression } from './expressions.js';
import { fieldPlace, findVisibleField } from './fields.js';
import { compileOperand, staticMember, type Operand } from './operands.js';
import { readPlace, type Place } from './places.js';

export function compileName(cx: CodeContext, node: IdContext): TypedExpr {
  const variable = cx.find(node.getText());
  if (variable) {
    const { slot, type } = variable;
    return { type, run: (f) => f.locals[slot] ?? null };
  }
  return readPlace(namePlace(cx, node));
}

/** A local variable, or a field in sight. */
export function namePlace(cx: CodeContext, node: IdContext): Place {
  const name = node.getText();
  const variable = cx.find(name);
  if (variable) {
    const { slot, type } = variable;
    return {
      type,
      receiver: null,
      index: null,
      read: (f) => f.locals[slot] ?? null,
      write: (f, _self, _at, value) => {
        f.locals[slot] = value;
      },
    };
  }
  const field = findVisibleField(cx, name);
  if (!field) cx.fail(node, `Variable does not exist: ${name}`);
  if (!field.isStatic && cx.isStatic) {
    cx.fail(node, `Non static variable cannot be referenced from a static context: ${name}`);
  }
  return fieldPlace(cx, field, field.isStatic ? null : (f) => f.self);
}

export function compileDot(cx: CodeContext, node: DotExpressionContext): TypedExpr {
  if (node.dotMethodCall()) return compileDotCall(cx, node);
  const operand = compileOperand(cx, node);
  if (operand.kind !== 'value') {
    cx.fail(node, `Variable does not exist: ${node.getText()}`);
  }
  return operand.expr;
}

/** The place `a.b` names; for a constant it can only be read. */
export function dotPlace(cx: CodeContext, node: DotExpressionContext): Place {
  const left = compileOperand(cx, node.expression());
  const name = node.anyId().getText();
  if (left.kind === 'value') return memberPlace(cx, node, left.expr, name);
  const place = staticMember(cx, node, left, name);
  if (!place || place.kind !== 'place')
    cx.fail(node, `Expression cannot be assigned: ${node.getText()}`);
  return place.place;
}

/** `receiver.name` as an operand: the value of a field, property or column. */
export function memberOperand(
  cx: CodeContext,
  node: DotExpressionContext,
  receiver: TypedExpr,
  name: string,
): Operand {
  const place = memberPlace(cx, node, receiver, name);
  const { read, type } = place;
  const source = place.receiver ?? receiver.run;
  if (node.QUESTIONDOT()) {
    const run = (f: Parameters<typeof source>[0]): Value => {
      const self = source(f);
      return self === null ? null : read(f, self, null);
    };
    return { kind: 'value', expr: { type, run } };
  }
  return { kind: 'value', expr: readPlace(place) };
}

function memberPlace(
  cx: CodeContext,
  node: DotExpressionContext,
  receiver: TypedExpr,
  name: string,
): Place {
  const type = receiver.type;
  if (type.kind === 'class' && type.declaration) {
    const field = type.declaration.findField(name);
    if (field) return fieldPlace(cx, field, receiver.run);
    if (!type.declaration.isException) {
      cx.fail(node, `Variable does not exist: ${type.name}.${name}`);
    }
  }
  if (isRowList(type)) {
    const { run } = receiver;
    return recordPlace(cx, node, { type: type.element, run: (f) => singleRow(run(f)) }, name);
  }
  if (type.kind === 'sobject') return recordPlace(cx, node, receiver, name);
  if (type.kind === 'library' || type.kind === 'primitive' || type.kind === 'collection') {
    return propertyPlace(cx, node, receiver, name);
  }
  return {
    type: UNKNOWN,
    receiver: receiver.run,
    index: null,
    read: (_f, self) => readDynamic(self, name),
    write: (_f, self, _at, value) => writeDynamic(self, name, value),
  };
}

function propertyPlace(
  cx: CodeContext,
  node: DotExpressionContext,
  receiver: TypedExpr,
  name: string,
): Place {
  const property = libraryType(receiver.type.base)?.properties.get(name.toLowerCase());
  if (!property) {
    return cx.unsupported(node, `${receiver.type.name}.${name}`);
  }
  const { get, set } = property;
  return {
    type: cx.unit.signatureType(property.type, receiver.type),
    receiver: receiver.run,
    index: null,
    read: (_f, self) => (self === null ? throwNullPointer() : get(self)),
    write: set
      ? (_f, self, _at, value) => (self === null ? throwNullPointer() : set(self, value))
      : `Variable is not writeable: ${receiver.type.name}.${property.name}`,
  };
}

/** Reading through a parent that is empty gives null, not an error, as on the platform. */
function recordPlace(
  cx: CodeContext,
  node: DotExpressionContext,
  receiver: TypedExpr,
  name: string,
): Place {
  const { type } = receiver;
  const generic = type.is('sobject') || !cx.unit.schema.object(type.name);
  const member = generic ? undefined : recordMember(cx.unit.schema, type.name, name);
  if (!member && !generic) cx.fail(node, `Variable does not exist: ${type.name}.${name}`);
  const throughParent = isParentPath(cx, node);
  return {
    type: member?.type ?? UNKNOWN,
    receiver: receiver.run,
    index: null,
    read: (_f, self) => {
      if (!(self instanceof SObjectRecord))
        return self === null && throughParent ? null : throwNullPointer();
      return readMember(self, member && self.type === type.name ? member : memberOf(self, name));
    },
    write: (_f, self, _at, value) => {
      if (!(self instanceof SObjectRecord)) throwNullPointer();
      writeMember(self, member && self.type === type.name ? member : memberOf(self, name), value);
    },
  };
}

function isParentPath(cx: CodeContext, node: DotExpressionContext): boolean {
  const text = node.expression().getText();
  const last = text.slice(text.lastIndexOf('.') + 1);
  if (!text.includes('.') || !/^\w+$/.test(last)) return false;
  return /__r$/i.test(last) || !cx.find(last);
}

export function compileArrayAccess(cx: CodeContext, node: ArrayExpressionContext): TypedExpr {
  return readPlace(arrayPlace(cx, node));
}

/** `list[i]`. */
export function arrayPlace(cx: CodeContext, node: ArrayExpressionContext): Place {
  const list = compileExpression(cx, node.expression(0));
  const index = compileAs(cx, node.expression(1), INTEGER);
  if (list.type.kind !== 'unknown' && !list.type.is('list')) {
    cx.fail(node, `Expression must be a list type: ${list.type.name}`);
  }
  return {
    type: elementType(list.type),
    receiver: list.run,
    index: index.run,
    read: (_f, self, at) => {
      const items = itemsOf(self);
      return items[position(items, at)] ?? null;
    },
    write: (_f, self, at, value) => {
      const items = itemsOf(self);
      items[position(items, at)] = value;
    },
  };
}

function elementType(type: ApexType): ApexType {
  return type.kind === 'collection' ? type.element : UNKNOWN;
}

function itemsOf(self: Value): Value[] {
  if (!(self instanceof ApexList)) throwNullPointer();
  return self.items;
}

function position(items: readonly Value[], at: Value): number {
  if (typeof at !== 'number') throwNullPointer();
  if (at < 0 || at >= items.length) throwApex('ListException', `List index out of bounds: ${at}`);
  return at;
}
