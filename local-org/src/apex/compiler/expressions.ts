/** Expressions: each kind of syntax node has its compiler here or in a neighbour file. */
import {
  ArrayExpressionContext,
  Arth1ExpressionContext,
  Arth2ExpressionContext,
  AssignExpressionContext,
  BitAndExpressionContext,
  BitExpressionContext,
  BitNotExpressionContext,
  BitOrExpressionContext,
  CastExpressionContext,
  CmpExpressionContext,
  CoalExpressionContext,
  CondExpressionContext,
  DotExpressionContext,
  EqualityExpressionContext,
  IdPrimaryContext,
  InstanceOfExpressionContext,
  LiteralPrimaryContext,
  LogAndExpressionContext,
  LogOrExpressionContext,
  MethodCallExpressionContext,
  NegExpressionContext,
  NewExpressionContext,
  PostOpExpressionContext,
  PreOpExpressionContext,
  PrimaryExpressionContext,
  SoqlPrimaryContext,
  SubExpressionContext,
  SuperPrimaryContext,
  ThisPrimaryContext,
  TypeRefPrimaryContext,
  VoidPrimaryContext,
  type ExpressionContext,
} from '@apexdevtools/apex-parser';
import { type ApexType, BOOLEAN, sameType, UNKNOWN, VOID } from '../types/type.js';
import { cast, isInstance } from '../values/coerce.js';
import { TypeValue, type Value } from '../values/reference.js';
import { compileAssignment, compileStep } from './assignments.js';
import { compileMethodCall } from './calls.js';
import type { CodeContext, TypedExpr } from './context.js';
import { convert, distance } from './convert.js';
import { compileCreator } from './creators.js';
import { compileLiteral } from './literals.js';
import { compileArrayAccess, compileDot, compileName } from './members.js';
import * as operators from './operators.js';
import { compileQuery } from './queries.js';

export function compileExpression(cx: CodeContext, node: ExpressionContext): TypedExpr {
  if (node instanceof PrimaryExpressionContext) return compilePrimary(cx, node);
  if (node instanceof DotExpressionContext) return compileDot(cx, node);
  if (node instanceof MethodCallExpressionContext) return compileMethodCall(cx, node.methodCall());
  if (node instanceof SubExpressionContext) return compileExpression(cx, node.expression());
  if (node instanceof AssignExpressionContext) return compileAssignment(cx, node);
  if (node instanceof Arth1ExpressionContext || node instanceof Arth2ExpressionContext) {
    return operators.compileArithmetic(cx, node);
  }
  if (node instanceof CmpExpressionContext) return operators.compileComparison(cx, node);
  if (node instanceof EqualityExpressionContext) return operators.compileEquality(cx, node);
  if (node instanceof LogAndExpressionContext || node instanceof LogOrExpressionContext) {
    return operators.compileLogical(cx, node);
  }
  if (
    node instanceof BitAndExpressionContext ||
    node instanceof BitOrExpressionContext ||
    node instanceof BitNotExpressionContext ||
    node instanceof BitExpressionContext
  ) {
    return operators.compileBits(cx, node);
  }
  if (node instanceof NegExpressionContext) return operators.compileNegation(cx, node);
  if (node instanceof PreOpExpressionContext || node instanceof PostOpExpressionContext) {
    return compileStep(cx, node);
  }
  if (node instanceof NewExpressionContext) return compileCreator(cx, node.creator());
  if (node instanceof CastExpressionContext) return compileCast(cx, node);
  if (node instanceof InstanceOfExpressionContext) return compileInstanceOf(cx, node);
  if (node instanceof CondExpressionContext) return compileConditional(cx, node);
  if (node instanceof CoalExpressionContext) return compileCoalesce(cx, node);
  if (node instanceof ArrayExpressionContext) return compileArrayAccess(cx, node);
  return cx.unsupported(node, `Expression '${node.getText()}'`);
}

/** The expression converted to a type, as an assignment would. */
export function compileAs(cx: CodeContext, node: ExpressionContext, type: ApexType): TypedExpr {
  return { type, run: convert(cx, node, compileExpression(cx, node), type) };
}

function compilePrimary(cx: CodeContext, node: PrimaryExpressionContext): TypedExpr {
  const primary = node.primary();
  if (primary instanceof LiteralPrimaryContext) return compileLiteral(cx, primary.literal());
  if (primary instanceof IdPrimaryContext) return compileName(cx, primary.id());
  if (primary instanceof ThisPrimaryContext || primary instanceof SuperPrimaryContext) {
    if (cx.isStatic) cx.fail(node, `${primary.getText()} cannot be used in a static context`);
    const type =
      primary instanceof ThisPrimaryContext ? cx.cls.type : (cx.cls.superclass?.type ?? UNKNOWN);
    return { type, run: (f) => f.self };
  }
  if (primary instanceof SoqlPrimaryContext) return compileQuery(cx, primary.soqlLiteral().query());
  if (primary instanceof TypeRefPrimaryContext) {
    const value = new TypeValue(cx.unit.typeOf(primary.typeRef(), cx.cls));
    return { type: TypeValue.TYPE, run: () => value };
  }
  if (primary instanceof VoidPrimaryContext) {
    const value = new TypeValue(VOID);
    return { type: TypeValue.TYPE, run: () => value };
  }
  return cx.unsupported(node, 'SOSL');
}

function compileCast(cx: CodeContext, node: CastExpressionContext): TypedExpr {
  const type = cx.unit.typeOf(node.typeRef(), cx.cls);
  const inner = compileExpression(cx, node.expression());
  if (inner.type.kind === 'collection' && type.kind === 'sobject') {
    return { type, run: convert(cx, node, inner, type) };
  }
  if (!castable(inner.type, type)) {
    cx.fail(
      node,
      `Incompatible types since an instance of ${inner.type.name} is never an instance of ${type.name}`,
    );
  }
  return { type, run: (f) => cast(inner.run(f), type) };
}

function castable(from: ApexType, to: ApexType): boolean {
  if (from.kind === 'primitive' && to.kind === 'primitive') {
    const numbers = ['integer', 'long', 'double', 'decimal'];
    return (
      distance(from, to) < Infinity || (numbers.includes(from.base) && numbers.includes(to.base))
    );
  }
  const primitives = [from, to].filter((t) => t.kind === 'primitive').length;
  return (
    primitives !== 1 ||
    [from, to].some((t) => t.kind === 'unknown' || t.kind === 'object' || t.kind === 'null')
  );
}

function compileInstanceOf(cx: CodeContext, node: InstanceOfExpressionContext): TypedExpr {
  const inner = compileExpression(cx, node.expression());
  const type = cx.unit.typeOf(node.typeRef(), cx.cls);
  return { type: BOOLEAN, run: (f) => isInstance(inner.run(f), type) };
}

function compileConditional(cx: CodeContext, node: CondExpressionContext): TypedExpr {
  const [condition, yes, no] = [node.expression(0), node.expression(1), node.expression(2)];
  const test = compileAs(cx, condition, BOOLEAN).run;
  const a = compileExpression(cx, yes);
  const b = compileExpression(cx, no);
  const type = commonType(a.type, b.type);
  const first = convert(cx, yes, a, type);
  const second = convert(cx, no, b, type);
  return { type, run: (f) => (operators.truth(test(f)) ? first(f) : second(f)) };
}

function compileCoalesce(cx: CodeContext, node: CoalExpressionContext): TypedExpr {
  const left = compileExpression(cx, node.expression(0));
  const right = compileExpression(cx, node.expression(1));
  const type = commonType(left.type, right.type);
  const first = convert(cx, node.expression(0), left, type);
  const second = convert(cx, node.expression(1), right, type);
  const run = (f: Parameters<typeof first>[0]): Value => first(f) ?? second(f);
  return { type, run };
}

/** The type both branches of a conditional can have. */
function commonType(a: ApexType, b: ApexType): ApexType {
  if (a.kind === 'null') return b;
  if (b.kind === 'null' || sameType(a, b)) return a;
  if (a.is('string') && b.is('id')) return a;
  if (a.is('id') && b.is('string')) return b;
  const toB = distance(a, b);
  const toA = distance(b, a);
  if (a.kind === 'unknown' || b.kind === 'unknown') return UNKNOWN;
  if (toB === Infinity && toA === Infinity) return UNKNOWN;
  return toB <= toA ? b : a;
}
