/** `=`, compound assignments, `++` and `--`, and the signs `+x` and `-x`. */
import {
  ArrayExpressionContext,
  DotExpressionContext,
  IdPrimaryContext,
  PreOpExpressionContext,
  PrimaryExpressionContext,
  SubExpressionContext,
  type AssignExpressionContext,
  type ExpressionContext,
  type PostOpExpressionContext,
} from '@apexdevtools/apex-parser';
import { throwNullPointer } from '../run/exceptions.js';
import { numericRank, UNKNOWN } from '../types/type.js';
import { arithmetic, isNumeric, negate } from '../values/numbers.js';
import { coercionTo } from '../values/coerce.js';
import type { Value } from '../values/reference.js';
import type { CodeContext, TypedExpr } from './context.js';
import { convert, distance } from './convert.js';
import { compileExpression } from './expressions.js';
import { arrayPlace, dotPlace, namePlace } from './members.js';
import { arithmeticFor, bits } from './operators.js';
import type { Place } from './places.js';

function placeOf(cx: CodeContext, node: ExpressionContext): Place {
  if (node instanceof SubExpressionContext) return placeOf(cx, node.expression());
  if (node instanceof PrimaryExpressionContext) {
    const primary = node.primary();
    if (primary instanceof IdPrimaryContext) return namePlace(cx, primary.id());
  }
  if (node instanceof DotExpressionContext && !node.dotMethodCall()) return dotPlace(cx, node);
  if (node instanceof ArrayExpressionContext) return arrayPlace(cx, node);
  return cx.fail(node, `Expression cannot be assigned: ${node.getText()}`);
}

function writerOf(
  cx: CodeContext,
  node: ExpressionContext,
  place: Place,
): Exclude<Place['write'], string> {
  return typeof place.write === 'string' ? cx.fail(node, place.write) : place.write;
}

export function compileAssignment(cx: CodeContext, node: AssignExpressionContext): TypedExpr {
  const target = node.expression(0);
  const source = node.expression(1);
  const place = placeOf(cx, target);
  const write = writerOf(cx, target, place);
  const value = compileExpression(cx, source);
  const { receiver, index, type } = place;
  if (node.ASSIGN()) {
    const converted = convert(cx, source, value, type);
    return {
      type,
      run: (f) => {
        const self = receiver ? receiver(f) : null;
        const at = index ? index(f) : null;
        const result = converted(f);
        write(f, self, at, result);
        return result;
      },
    };
  }
  const op = node.getChild(1).getText().slice(0, -1);
  const compute = compoundOperation(cx, node, op, place, value);
  return {
    type,
    run: (f) => {
      const self = receiver ? receiver(f) : null;
      const at = index ? index(f) : null;
      const result = compute(place.read(f, self, at), value.run(f));
      write(f, self, at, result);
      return result;
    },
  };
}

function compoundOperation(
  cx: CodeContext,
  node: AssignExpressionContext,
  op: string,
  place: Place,
  value: TypedExpr,
): (a: Value, b: Value) => Value {
  if (!['+', '-', '*', '/'].includes(op)) return (a, b) => bits(op, a, b);
  const operation = arithmeticFor(op, place.type, value.type);
  if (!operation) {
    cx.fail(
      node,
      `Arithmetic expressions must use numeric arguments, not ${place.type.name} ${op}= ${value.type.name}`,
    );
  }
  if (distance(operation.type, place.type) === Infinity) {
    cx.fail(node, `Illegal assignment from ${operation.type.name} to ${place.type.name}`);
  }
  const coerce = coercionTo(place.type);
  return coerce ? (a, b) => coerce(operation.run(a, b)) : operation.run;
}

/** `x++`, `--x`, `+x`, `-x`. */
export function compileStep(
  cx: CodeContext,
  node: PreOpExpressionContext | PostOpExpressionContext,
): TypedExpr {
  const inner = node.expression();
  const prefix = node instanceof PreOpExpressionContext;
  if (prefix && (node.ADD() || node.SUB())) return compileSign(cx, inner, node.SUB() !== null);
  const place = placeOf(cx, inner);
  const write = writerOf(cx, inner, place);
  const op = node.INC() ? '+' : '-';
  const { receiver, index } = place;
  return {
    type: place.type,
    run: (f) => {
      const self = receiver ? receiver(f) : null;
      const at = index ? index(f) : null;
      const before = place.read(f, self, at);
      if (!isNumeric(before)) throwNullPointer();
      const after = arithmetic(op, before, 1);
      write(f, self, at, after);
      return prefix ? after : before;
    },
  };
}

function compileSign(cx: CodeContext, node: ExpressionContext, minus: boolean): TypedExpr {
  const inner = compileExpression(cx, node);
  if (!numericRank(inner.type) && inner.type !== UNKNOWN) {
    cx.fail(node, `A sign needs a number, not ${inner.type.name}`);
  }
  const { type, run } = inner;
  return {
    type,
    run: (f) => {
      const value = run(f);
      if (!isNumeric(value)) throwNullPointer();
      return minus ? negate(value) : value;
    },
  };
}
