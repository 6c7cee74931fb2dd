/** The right-hand side of a comparison: literal, list, bind, relative date or semi-join. */
import type { ExpressionContext, SubQueryContext, ValueContext } from '@apexdevtools/apex-parser';
import type { FieldType } from '../metadata/index.js';
import { Decimal } from 'decimal.js';
import type { FieldValue } from '../values/values.js';
import { dayRange, type DayRange } from './date-literals.js';
import { queryError, unsupported } from './errors.js';
import {
  fitValue,
  parseDateLiteral,
  parseDatetimeLiteral,
  parseTimeLiteral,
  unquote,
} from './literals.js';
import type { QueryRun } from './run.js';
import { localDay } from './time-zone.js';

export type RightSide =
  /** One value, or a bind that may hold a list: `one` refuses a list, `all` takes both. */
  | {
      readonly kind: 'value';
      one(run: QueryRun): FieldValue;
      all(run: QueryRun): readonly FieldValue[];
    }
  | { readonly kind: 'list'; all(run: QueryRun): readonly FieldValue[] }
  | { readonly kind: 'range'; range(run: QueryRun): DayRange }
  | { readonly kind: 'join'; all(run: QueryRun): ReadonlySet<FieldValue> };

/** What the values of one query need from its compilation. */
export interface ValueCompiler {
  readonly where: string;
  /** Position of a bind among the plan's binds. */
  bind(expression: ExpressionContext): number;
  join(query: SubQueryContext): (run: QueryRun) => ReadonlySet<FieldValue>;
}

/** A literal's value, or undefined when the context is no literal. */
function literal(context: ValueContext, forLike: boolean): FieldValue | undefined {
  if (context.NULL()) return null;
  if (context.BooleanLiteral()) return context.getText().toLowerCase() === 'true';
  if (context.signedNumber()) return new Decimal(context.getText());
  if (context.StringLiteral()) return unquote(context.getText(), forLike);
  if (context.DateTimeLiteral()) return parseDatetimeLiteral(context.getText());
  if (context.DateLiteral()) return parseDateLiteral(context.getText());
  if (context.TimeLiteral()) return parseTimeLiteral(context.getText());
  return undefined;
}

export function compileValue(
  context: ValueContext,
  compiler: ValueCompiler,
  type: FieldType,
  name: string,
  forLike: boolean,
): RightSide {
  const plain = literal(context, forLike);
  if (plain !== undefined) {
    const value = fitValue(plain, type, name, false);
    return { kind: 'value', one: () => value, all: () => [value] };
  }
  if (context.dateFormula()) {
    const text = context.getText().toUpperCase();
    return {
      kind: 'range',
      range: (run) => {
        const range = dayRange(text, localDay(run.tx.now(), run.timeZone));
        if (!range) throw unsupported('date literal', compiler.where, context);
        return range;
      },
    };
  }
  if (context.subQuery()) return { kind: 'join', all: compiler.join(context.subQuery()) };
  const list = context.valueList();
  if (list) {
    const parts = list
      .value_list()
      .map((part) => compileValue(part, compiler, type, name, forLike));
    return {
      kind: 'list',
      all: (run) =>
        parts.flatMap((part) => {
          if (part.kind === 'value') return [part.one(run)];
          if (part.kind === 'list') return part.all(run);
          throw unsupported(
            'relative date or sub-query in a list of values',
            compiler.where,
            context,
          );
        }),
    };
  }
  const bound = context.boundExpression();
  if (bound) return compileBind(compiler.bind(bound.expression()), type, name);
  throw unsupported('value', compiler.where, context);
}

/** A bind is one value or a list, which only the run knows. */
function compileBind(position: number, type: FieldType, name: string): RightSide {
  const bindOf = (run: QueryRun): FieldValue | readonly FieldValue[] => {
    const value = run.binds[position];
    if (value === undefined)
      throw queryError('MALFORMED_QUERY', `no value was bound for field '${name}'`);
    return value;
  };
  const one = (run: QueryRun): FieldValue => {
    const value = bindOf(run);
    if (isList(value)) {
      throw queryError(
        'INVALID_QUERY_FILTER_OPERATOR',
        `a list cannot be compared with field '${name}'; use IN`,
      );
    }
    return fitValue(value, type, name, true);
  };
  const all = (run: QueryRun): readonly FieldValue[] => {
    const value = bindOf(run);
    return (isList(value) ? value : [value]).map((entry) => fitValue(entry, type, name, true));
  };
  return { kind: 'value', one, all };
}

function isList(value: FieldValue | readonly FieldValue[]): value is readonly FieldValue[] {
  return Array.isArray(value);
}

/** The values on the right of `IN`: a list, or a bind that holds one. */
export function valuesOf(right: RightSide, run: QueryRun): readonly FieldValue[] {
  if (right.kind === 'list' || right.kind === 'value') return right.all(run);
  if (right.kind === 'join') return [...right.all(run)];
  throw queryError('MALFORMED_QUERY', 'a relative date cannot be used with IN');
}
