/** Arithmetic, comparison, logic and bit operators. */
import {
  type Arth1ExpressionContext,
  type Arth2ExpressionContext,
  BitAndExpressionContext,
  type BitExpressionContext,
  BitNotExpressionContext,
  BitOrExpressionContext,
  LogAndExpressionContext,
  type CmpExpressionContext,
  type EqualityExpressionContext,
  type LogOrExpressionContext,
  type NegExpressionContext,
} from '@apexdevtools/apex-parser';
import { ApexBlob, ApexDate, ApexDatetime, ApexTime, SObjectRecord } from '../../values/values.js';
import { fullId } from '../../values/ids.js';
import { throwApex, throwNullPointer } from '../run/exceptions.js';
import {
  type ApexType,
  BOOLEAN,
  INTEGER,
  LONG,
  numericRank,
  STRING,
  UNKNOWN,
} from '../types/type.js';
import { runtimeType } from '../values/coerce.js';
import { dateOrder, looseEqual, valueEqual } from '../values/equality.js';
import {
  arithmetic,
  compareNumbers,
  isNumeric,
  toDecimal,
  toLong,
  type ArithmeticOperator,
} from '../values/numbers.js';
import { ApexReference, type Value } from '../values/reference.js';
import { concatText } from '../values/text.js';
import type { CodeContext, TypedExpr } from './context.js';
import { compileAs, compileExpression } from './expressions.js';

/** A condition's value; null is an error, not false. */
export function truth(value: Value): boolean {
  if (typeof value !== 'boolean') throwNullPointer();
  return value;
}

type Binary = (a: Value, b: Value) => Value;

export function compileArithmetic(
  cx: CodeContext,
  node: Arth1ExpressionContext | Arth2ExpressionContext,
): TypedExpr {
  const a = compileExpression(cx, node.expression(0));
  const b = compileExpression(cx, node.expression(1));
  const op = node.getChild(1).getText();
  const operation = arithmeticFor(op, a.type, b.type);
  if (!operation) {
    cx.fail(
      node,
      `Arithmetic expressions must use numeric arguments, not ${a.type.name} ${op} ${b.type.name}`,
    );
  }
  const { type, run } = operation;
  const [left, right] = [a.run, b.run];
  return { type, run: (f) => run(left(f), right(f)) };
}

/** The operation an arithmetic operator stands for between two static types; null when there is none. */
export function arithmeticFor(
  op: string,
  a: ApexType,
  b: ApexType,
): { type: ApexType; run: Binary } | null {
  if (op === '+' && (isText(a) || isText(b))) {
    return { type: STRING, run: (x, y) => concatText(x) + concatText(y) };
  }
  const symbol = op as ArithmeticOperator;
  const [left, right] = [numericRank(a), numericRank(b)];
  if (left === 1 && right === 1) return { type: INTEGER, run: integerOperation(symbol) };
  if (left && right) return { type: left > right ? a : b, run: numberOperation(symbol) };
  if (['date', 'datetime', 'time'].includes(a.base) && (op === '+' || op === '-')) {
    return { type: a, run: (x, y) => dateArithmetic(symbol, x, y) };
  }
  const open = (t: ApexType): boolean =>
    t.kind === 'unknown' || t.kind === 'object' || numericRank(t) > 0;
  return open(a) && open(b)
    ? { type: UNKNOWN, run: (x, y) => dynamicArithmetic(symbol, x, y) }
    : null;
}

function isText(type: ApexType): boolean {
  return type.kind === 'primitive' && (type.is('string') || type.is('id'));
}

function integerOperation(op: ArithmeticOperator): Binary {
  const check = (x: Value, y: Value): x is number => typeof x === 'number' && typeof y === 'number';
  if (op === '+') {
    return (x, y) => (check(x, y) ? (x + (y as number)) | 0 : throwNullPointer());
  }
  if (op === '-') {
    return (x, y) => (check(x, y) ? (x - (y as number)) | 0 : throwNullPointer());
  }
  return numberOperation(op);
}

function numberOperation(op: ArithmeticOperator): Binary {
  return (x, y) => {
    if (!isNumeric(x) || !isNumeric(y)) throwNullPointer();
    return arithmetic(op, x, y);
  };
}

function dynamicArithmetic(op: ArithmeticOperator, x: Value, y: Value): Value {
  if (op === '+' && (typeof x === 'string' || typeof y === 'string')) {
    return concatText(x) + concatText(y);
  }
  if (isNumeric(x) && isNumeric(y)) return arithmetic(op, x, y);
  return dateArithmetic(op, x, y);
}

const DAY_MS = 86_400_000;

/** `date + days`, `datetime + days` (fractions count), `time + milliseconds`. */
function dateArithmetic(op: ArithmeticOperator, x: Value, y: Value): Value {
  if (x === null || y === null) throwNullPointer();
  if (!isNumeric(y)) throwApex('TypeException', `Cannot compute with ${runtimeType(y)}`);
  const amount = toDecimal(y).toNumber() * (op === '-' ? -1 : 1);
  if (x instanceof ApexDate) return ApexDate.fromEpochDay(x.epochDay + Math.trunc(amount));
  if (x instanceof ApexDatetime) return new ApexDatetime(x.epochMs + Math.round(amount * DAY_MS));
  if (x instanceof ApexTime) return new ApexTime((((x.ms + amount) % DAY_MS) + DAY_MS) % DAY_MS);
  throwApex('TypeException', `Cannot compute with ${runtimeType(x)}`);
}

export function compileComparison(cx: CodeContext, node: CmpExpressionContext): TypedExpr {
  const a = compileExpression(cx, node.expression(0)).run;
  const b = compileExpression(cx, node.expression(1)).run;
  const less = node.LT() !== null;
  const orEqual = node.ASSIGN() !== null;
  const holds = (order: number): boolean =>
    less ? order < 0 || (orEqual && order === 0) : order > 0 || (orEqual && order === 0);
  return {
    type: BOOLEAN,
    run: (f) => {
      const x = a(f);
      const y = b(f);
      return typeof x === 'number' && typeof y === 'number' ? holds(x - y) : holds(orderOf(x, y));
    },
  };
}

/** Order for `<` and `>`; texts ignore case, null is an error. */
function orderOf(x: Value, y: Value): number {
  if (x === null || y === null) throwNullPointer();
  if (isNumeric(x) && isNumeric(y)) return compareNumbers(x, y);
  if (typeof x === 'string' && typeof y === 'string') {
    const [left, right] = [x.toLowerCase(), y.toLowerCase()];
    return left < right ? -1 : left > right ? 1 : 0;
  }
  const order = dateOrder(x, y);
  if (order === null) {
    throwApex('TypeException', `Cannot compare ${runtimeType(x)} with ${runtimeType(y)}`);
  }
  return order;
}

export function compileEquality(cx: CodeContext, node: EqualityExpressionContext): TypedExpr {
  const a = compileExpression(cx, node.expression(0));
  const b = compileExpression(cx, node.expression(1));
  const identical = node.TRIPLEEQUAL() !== null || node.TRIPLENOTEQUAL() !== null;
  const negative =
    node.TRIPLENOTEQUAL() !== null || node.NOTEQUAL() !== null || node.LESSANDGREATER() !== null;
  const same = identical ? identicalTo : a.type.is('id') || b.type.is('id') ? sameId : looseEqual;
  const [left, right] = [a.run, b.run];
  return { type: BOOLEAN, run: (f) => same(left(f), right(f)) !== negative };
}

function sameId(x: Value, y: Value): boolean {
  if (typeof x !== 'string' || typeof y !== 'string') return x === y;
  return x === y || (fullId(x) ?? x) === (fullId(y) ?? y);
}

function identicalTo(x: Value, y: Value): boolean {
  const isReference = (v: Value): boolean =>
    v instanceof ApexReference || v instanceof SObjectRecord || v instanceof ApexBlob;
  return isReference(x) || isReference(y) ? x === y : valueEqual(x, y);
}

export function compileLogical(
  cx: CodeContext,
  node: LogAndExpressionContext | LogOrExpressionContext,
): TypedExpr {
  const a = compileAs(cx, node.expression(0), BOOLEAN).run;
  const b = compileAs(cx, node.expression(1), BOOLEAN).run;
  return node instanceof LogAndExpressionContext
    ? { type: BOOLEAN, run: (f) => truth(a(f)) && truth(b(f)) }
    : { type: BOOLEAN, run: (f) => truth(a(f)) || truth(b(f)) };
}

export function compileNegation(cx: CodeContext, node: NegExpressionContext): TypedExpr {
  const inner = compileExpression(cx, node.expression());
  if (node.BANG()) {
    const { run } = compileAs(cx, node.expression(), BOOLEAN);
    return { type: BOOLEAN, run: (f) => !truth(run(f)) };
  }
  return {
    type: inner.type,
    run: (f) => {
      const value = inner.run(f);
      return typeof value === 'bigint'
        ? ~value
        : typeof value === 'number'
          ? ~value
          : throwNullPointer();
    },
  };
}

type BitOperator = '&' | '|' | '^' | '<<' | '>>' | '>>>';

export function compileBits(
  cx: CodeContext,
  node:
    | BitAndExpressionContext
    | BitOrExpressionContext
    | BitNotExpressionContext
    | BitExpressionContext,
): TypedExpr {
  const a = compileExpression(cx, node.expression(0));
  const b = compileExpression(cx, node.expression(1));
  const op = bitOperator(node);
  if (a.type.is('boolean') && b.type.is('boolean')) {
    return { type: BOOLEAN, run: (f) => booleanBits(op, truth(a.run(f)), truth(b.run(f))) };
  }
  const shift = op.length > 1;
  const type =
    a.type.is('long') || (!shift && b.type.is('long'))
      ? LONG
      : a.type.is('integer')
        ? INTEGER
        : UNKNOWN;
  return { type, run: (f) => bits(op, a.run(f), b.run(f)) };
}

function bitOperator(node: ReturnType<CodeContextNode>): BitOperator {
  if (node instanceof BitAndExpressionContext) return '&';
  if (node instanceof BitOrExpressionContext) return '|';
  if (node instanceof BitNotExpressionContext) return '^';
  if (node.LT_list().length) return '<<';
  return node.GT_list().length === 3 ? '>>>' : '>>';
}

type CodeContextNode = () => Parameters<typeof compileBits>[1];

export function booleanBits(op: string, x: boolean, y: boolean): boolean {
  if (op === '&') return x && y;
  if (op === '|') return x || y;
  return x !== y;
}

/** A bit operation on two Integers, or on Longs when either is one. */
export function bits(op: string, x: Value, y: Value): Value {
  if (typeof x === 'boolean' && typeof y === 'boolean') return booleanBits(op, x, y);
  if (typeof x === 'number' && typeof y === 'number') {
    switch (op) {
      case '&':
        return x & y;
      case '|':
        return x | y;
      case '^':
        return x ^ y;
      case '<<':
        return x << y;
      case '>>':
        return x >> y;
      default:
        return (x >>> y) | 0;
    }
  }
  if (!isNumeric(x) || !isNumeric(y)) throwNullPointer();
  return longBits(op, toLong(x), toLong(y));
}

function longBits(op: string, x: bigint, y: bigint): bigint {
  switch (op) {
    case '&':
      return x & y;
    case '|':
      return x | y;
    case '^':
      return x ^ y;
    case '<<':
      return BigInt.asIntN(64, x << (y & 63n));
    case '>>':
      return x >> (y & 63n);
    default:
      return BigInt.asIntN(64, BigInt.asUintN(64, x) >> (y & 63n));
  }
}
