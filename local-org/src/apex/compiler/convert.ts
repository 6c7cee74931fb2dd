/** Static conversions: what may be assigned to what, and the run-time work it needs. */
import type { ApexParserRuleContext } from '@apexdevtools/apex-parser';
import { throwApex } from '../run/exceptions.js';
import { type ApexType, numericRank, sameType } from '../types/type.js';
import { coercionTo } from '../values/coerce.js';
import { ApexList, type Value } from '../values/reference.js';
import type { CodeContext, TypedExpr } from './context.js';
import type { Expr } from '../types/model.js';

/** How far a conversion is from exact: 0 exact, larger is looser, Infinity is none. */
export function distance(from: ApexType, to: ApexType): number {
  if (from.kind === 'void') return Infinity;
  if (to.kind === 'unknown' || to.kind === 'object') return from.kind === to.kind ? 0 : 20;
  if (from.kind === 'unknown' || from.kind === 'object') return 10;
  if (from.kind === 'null') return to.kind === 'class' || to.kind === 'sobject' ? 1 : 2;
  if (sameType(from, to)) return 0;
  if (to.kind === 'primitive')
    return from.kind === 'primitive' ? primitiveDistance(from, to) : Infinity;
  if (to.kind === 'sobject') return sobjectDistance(from, to);
  if (to.kind === 'class') return classDistance(from, to);
  if (to.kind === 'collection') return collectionDistance(from, to);
  return libraryDistance(from, to);
}

function primitiveDistance(from: ApexType, to: ApexType): number {
  const narrow = numericRank(from);
  const wide = numericRank(to);
  if (narrow && wide)
    return narrow < wide ? wide - narrow : narrow === 4 && wide === 3 ? 1 : Infinity;
  const pair = `${from.base}>${to.base}`;
  return ['id>string', 'string>id', 'date>datetime'].includes(pair) ? 2 : Infinity;
}

function sobjectDistance(from: ApexType, to: ApexType): number {
  if (from.kind === 'collection' && from.is('list') && from.element.kind === 'sobject') return 15;
  if (from.kind !== 'sobject') return Infinity;
  return to.is('sobject') ? 1 : from.is('sobject') ? 3 : Infinity;
}

function classDistance(from: ApexType, to: ApexType): number {
  if (!from.declaration || !to.declaration?.type) return Infinity;
  let steps = 0;
  for (let cls = from.declaration; ; steps++) {
    if (cls === to.declaration) return steps;
    if (!cls.superclass) break;
    cls = cls.superclass;
  }
  return from.declaration.isSubclassOf(to.declaration) ? steps + 1 : Infinity;
}

function collectionDistance(from: ApexType, to: ApexType): number {
  if (from.kind !== 'collection' || from.base !== to.base) return Infinity;
  let total = 0;
  for (const [i, arg] of from.args.entries()) {
    const target = to.args[i];
    if (!target || sameType(arg, target)) continue;
    const step = Math.min(distance(arg, target), distance(target, arg));
    if (step === Infinity) return Infinity;
    total += step + 1;
  }
  return total;
}

function libraryDistance(from: ApexType, to: ApexType): number {
  if (from.declaration) {
    return from.declaration.allInterfaces().some((i) => i.base === to.base) ? 3 : Infinity;
  }
  if (from.base === to.base) return 0;
  if (to.is('iterable')) return from.kind === 'collection' ? 3 : Infinity;
  return from.kind === 'library' ? 8 : Infinity;
}

/** The expression as the target type; a compile error when it can never be one. */
export function convert(
  cx: CodeContext,
  node: ApexParserRuleContext,
  expr: TypedExpr,
  target: ApexType,
): Expr {
  if (target.kind === 'void') cx.fail(node, 'A value cannot be assigned to void');
  const far = distance(expr.type, target);
  if (far === Infinity) {
    cx.fail(node, `Illegal assignment from ${expr.type.name} to ${target.name}`);
  }
  if (isRowList(expr.type) && target.kind === 'sobject') {
    const { run } = expr;
    return (f) => singleRow(run(f));
  }
  if (far === 0 && expr.type.kind !== 'unknown') return expr.run;
  const coerce = coercionTo(target);
  if (!coerce || expr.type.kind === 'null') return expr.run;
  if (expr.type.kind === 'class' && target.kind === 'class') return expr.run;
  const { run } = expr;
  return (f) => coerce(run(f));
}

/** True for the type of a query's result, which may stand for its only row. */
export function isRowList(type: ApexType): boolean {
  return type.kind === 'collection' && type.is('list') && type.element.kind === 'sobject';
}

/** The only row of a query result. */
export function singleRow(value: Value): Value {
  if (!(value instanceof ApexList)) return value;
  if (value.items.length === 0) {
    throwApex('QueryException', 'List has no rows for assignment to SObject');
  }
  if (value.items.length > 1) {
    throwApex('QueryException', 'List has more than 1 row for assignment to SObject');
  }
  return value.items[0] ?? null;
}
