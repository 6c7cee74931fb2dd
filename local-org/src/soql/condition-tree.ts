/** The `WHERE` and `HAVING` trees of the parser as one small tree. */
import type {
  ComparisonOperatorContext,
  FieldNameContext,
  LogicalExpressionContext,
  SoqlFunctionContext,
  ValueContext,
  WhereLogicalExpressionContext,
} from '@apexdevtools/apex-parser';
import { unsupported } from './errors.js';

export interface Comparison {
  readonly kind: 'comparison';
  readonly field: FieldNameContext | null;
  readonly call: SoqlFunctionContext | null;
  readonly operator: ComparisonOperatorContext;
  readonly value: ValueContext;
}

export type ConditionTree =
  | Comparison
  | { readonly kind: 'and' | 'or'; readonly parts: readonly ConditionTree[] }
  | { readonly kind: 'not'; readonly part: ConditionTree };

/** Joins the parts of one level; `NOT` stands alone in the grammar. */
function level(parts: readonly ConditionTree[], isOr: boolean, isNot: boolean): ConditionTree {
  const [first] = parts;
  if (parts.length === 1 && first) return isNot ? { kind: 'not', part: first } : first;
  return { kind: isOr ? 'or' : 'and', parts };
}

export function whereTree(context: WhereLogicalExpressionContext, where: string): ConditionTree {
  const parts = context.whereConditionalExpression_list().map((part): ConditionTree => {
    const inner = part.whereLogicalExpression();
    if (inner) return whereTree(inner, where);
    const leaf = part.whereFieldExpression();
    const comparison = leaf.fieldExpression();
    if (!comparison) throw unsupported('FORMULA comparison', where, leaf);
    return {
      kind: 'comparison',
      field: comparison.fieldName() ?? null,
      call: comparison.soqlFunction() ?? null,
      operator: comparison.comparisonOperator(),
      value: comparison.value(),
    };
  });
  return level(
    parts,
    context.SOQLOR_list().length > 0,
    context.NOT() !== null && context.NOT() !== undefined,
  );
}

export function havingTree(context: LogicalExpressionContext): ConditionTree {
  const parts = context.conditionalExpression_list().map((part): ConditionTree => {
    const inner = part.logicalExpression();
    if (inner) return havingTree(inner);
    const comparison = part.fieldExpression();
    return {
      kind: 'comparison',
      field: comparison.fieldName() ?? null,
      call: comparison.soqlFunction() ?? null,
      operator: comparison.comparisonOperator(),
      value: comparison.value(),
    };
  });
  return level(
    parts,
    context.SOQLOR_list().length > 0,
    context.NOT() !== null && context.NOT() !== undefined,
  );
}
