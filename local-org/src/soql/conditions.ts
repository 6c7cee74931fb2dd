/** Compiles the tree of a `WHERE` or `HAVING` into a test of one row or group. */
import type { ComparisonOperatorContext } from '@apexdevtools/apex-parser';
import type { FieldValue } from '../values/values.js';
import { ApexDate, ApexDatetime } from '../values/values.js';
import { compareValues, equalityKey, likeTest } from './compare.js';
import type { Comparison, ConditionTree } from './condition-tree.js';
import type { DayRange } from './date-literals.js';
import { queryError, unsupported } from './errors.js';
import type { Operand, QueryRun, Scope } from './run.js';
import { localDay } from './time-zone.js';
import { compileValue, valuesOf, type RightSide, type ValueCompiler } from './values.js';

export type Test<S extends Scope> = (scope: S) => boolean;

/** A compiled condition; `equals` lets the executor use an index. */
export interface Condition<S extends Scope> {
  /** Prepares the test for one run: binds are read and sets built once. */
  prepare(run: QueryRun): Test<S>;
  /** Conditions that all must hold, of which each is `operand = value` or `operand IN values`. */
  readonly equalities: readonly Equality<S>[];
}

export interface Equality<S extends Scope> {
  readonly operand: Operand<S>;
  values(run: QueryRun): readonly FieldValue[];
}

export interface OperandCompiler<S extends Scope> extends ValueCompiler {
  operand(comparison: Comparison): Operand<S>;
}

type Operator =
  '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE' | 'IN' | 'NOT IN' | 'INCLUDES' | 'EXCLUDES';

function operatorOf(context: ComparisonOperatorContext): Operator {
  const text = context.getText().toUpperCase();
  if (text === '<>') return '!=';
  return (text === 'NOTIN' ? 'NOT IN' : text) as Operator;
}

export function compileCondition<S extends Scope>(
  tree: ConditionTree,
  compiler: OperandCompiler<S>,
): Condition<S> {
  switch (tree.kind) {
    case 'comparison':
      return compileComparison(tree, compiler);
    case 'not': {
      const part = compileCondition(tree.part, compiler);
      return {
        equalities: [],
        prepare: (run) => {
          const test = part.prepare(run);
          return (scope) => !test(scope);
        },
      };
    }
    default: {
      const parts = tree.parts.map((part) => compileCondition(part, compiler));
      const all = tree.kind === 'and';
      return {
        equalities: all ? parts.flatMap((part) => part.equalities) : [],
        prepare: (run) => {
          const tests = parts.map((part) => part.prepare(run));
          return all
            ? (scope) => tests.every((test) => test(scope))
            : (scope) => tests.some((test) => test(scope));
        },
      };
    }
  }
}

function compileComparison<S extends Scope>(
  comparison: Comparison,
  compiler: OperandCompiler<S>,
): Condition<S> {
  const operand = compiler.operand(comparison);
  const operator = operatorOf(comparison.operator);
  const right = compileValue(
    comparison.value,
    compiler,
    operand.type,
    operand.name,
    operator === 'LIKE',
  );
  const isEquality =
    (operator === '=' && right.kind === 'value') || (operator === 'IN' && right.kind !== 'range');
  return {
    equalities: isEquality
      ? [
          {
            operand,
            values: (run) =>
              operator === '=' && right.kind === 'value' ? [right.one(run)] : valuesOf(right, run),
          },
        ]
      : [],
    prepare: (run) => prepareComparison(operand, operator, right, run, compiler.where),
  };
}

function prepareComparison<S extends Scope>(
  operand: Operand<S>,
  operator: Operator,
  right: RightSide,
  run: QueryRun,
  where: string,
): Test<S> {
  if (right.kind === 'range') return compareWithRange(operand, operator, right.range(run));
  switch (operator) {
    case 'IN':
    case 'NOT IN': {
      const keyOf = (value: FieldValue): string =>
        equalityKey(value, operand.type, operand.caseSensitive);
      const keys = new Set(valuesOf(right, run).map(keyOf));
      const wanted = operator === 'IN';
      return (scope) => keys.has(keyOf(operand.get(scope))) === wanted;
    }
    case 'INCLUDES':
    case 'EXCLUDES': {
      const groups = valuesOf(right, run).map((value) =>
        String(value ?? '')
          .toLowerCase()
          .split(';'),
      );
      const wanted = operator === 'INCLUDES';
      return (scope) => {
        const chosen = new Set(
          String(operand.get(scope) ?? '')
            .toLowerCase()
            .split(';'),
        );
        return groups.some((group) => group.every((value) => chosen.has(value))) === wanted;
      };
    }
    default:
      break;
  }
  if (right.kind !== 'value') {
    throw queryError(
      'INVALID_QUERY_FILTER_OPERATOR',
      `operator ${operator} on field '${operand.name}' needs one value (${where})`,
    );
  }
  const value = right.one(run);
  if (operator === 'LIKE') {
    if (typeof value !== 'string') return () => false;
    const matches = likeTest(value);
    return (scope) => {
      const text = operand.get(scope);
      return typeof text === 'string' && matches(text);
    };
  }
  return compareWithValue(operand, operator, value, where);
}

function compareWithValue<S extends Scope>(
  operand: Operand<S>,
  operator: Operator,
  value: FieldValue,
  where: string,
): Test<S> {
  const { type, caseSensitive } = operand;
  const holds = ORDER[operator];
  if (!holds) throw unsupported(`operator ${operator}`, where);
  if (value === null) {
    if (operator === '=') return (scope) => operand.get(scope) === null;
    if (operator === '!=') return (scope) => operand.get(scope) !== null;
    return () => false;
  }
  return (scope) => {
    const left = operand.get(scope);
    // An empty field is unequal to every value and neither smaller nor greater.
    if (left === null) return operator === '!=';
    return holds(compareValues(left, value, type, caseSensitive));
  };
}

const ORDER: Partial<Record<Operator, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

function compareWithRange<S extends Scope>(
  operand: Operand<S>,
  operator: Operator,
  { from, to }: DayRange,
): Test<S> {
  const inRange = {
    '=': (day: number) => day >= from && day < to,
    '!=': (day: number) => day < from || day >= to,
    '<': (day: number) => day < from,
    '<=': (day: number) => day < to,
    '>': (day: number) => day >= to,
    '>=': (day: number) => day >= from,
  } as Partial<Record<Operator, (day: number) => boolean>>;
  const test = inRange[operator];
  if (!test || (operand.type !== 'date' && operand.type !== 'datetime')) {
    throw queryError(
      'INVALID_QUERY_FILTER_OPERATOR',
      `a relative date cannot be compared with field '${operand.name}' by ${operator}`,
    );
  }
  return (scope) => {
    const value = operand.get(scope);
    if (value instanceof ApexDate) return test(value.epochDay);
    if (value instanceof ApexDatetime) return test(localDay(value.epochMs, scope.run.timeZone));
    return operator === '!=';
  };
}
