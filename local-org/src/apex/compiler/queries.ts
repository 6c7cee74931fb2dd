/** SOQL in brackets: the plan is made once, its binds are Apex expressions. */
import type { QueryContext } from '@apexdevtools/apex-parser';
import { PlatformError } from '../../org/contracts.js';
import { runQuery } from '../run/queries.js';
import { bindValue } from '../run/bind-values.js';
import { INTEGER, listOf, sobjectType } from '../types/type.js';
import type { CodeContext, TypedExpr } from './context.js';
import { compileExpression } from './expressions.js';

export function compileQuery(cx: CodeContext, node: QueryContext): TypedExpr {
  const plan = planOf(cx, node);
  const binds = plan.binds.map((bind) => compileExpression(cx, bind).run);
  const type = plan.isCount
    ? INTEGER
    : listOf(sobjectType(plan.isAggregate ? 'AggregateResult' : plan.fromObject));
  return {
    type,
    run: (f) =>
      runQuery(
        plan,
        binds.map((bind) => bindValue(bind(f))),
        type.element,
      ),
  };
}

function planOf(cx: CodeContext, node: QueryContext): ReturnType<typeof cx.unit.queries.compile> {
  try {
    return cx.unit.queries.compile(node, cx.where(node));
  } catch (error) {
    if (error instanceof PlatformError) return cx.fail(node, error.message);
    throw error;
  }
}
