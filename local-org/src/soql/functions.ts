/** Functions in queries: date parts, `toLabel` and `format` of a row's value, and aggregates of a group's rows. */
import { Decimal } from 'decimal.js';
import type { SoqlFunctionContext } from '@apexdevtools/apex-parser';
import { toDecimal } from '../database/field-values.js';
import type { Row } from '../database/table.js';
import { ApexDate, ApexDatetime, type FieldValue } from '../values/values.js';
import { compareValues, equalityKey } from './compare.js';
import { queryError, unsupported } from './errors.js';
import type { FieldPath } from './fields.js';
import type { Operand, RowScope, Scope } from './run.js';
import { toLocalMs } from './time-zone.js';

/** The rows of one group, with the values they were grouped by. */
export interface GroupScope extends Scope {
  readonly rows: readonly Row[];
  readonly keys: ReadonlyMap<string, FieldValue>;
}

export type AggregateName = 'COUNT' | 'COUNT_DISTINCT' | 'SUM' | 'AVG' | 'MIN' | 'MAX';

export function aggregateName(context: SoqlFunctionContext): AggregateName | null {
  if (context.COUNT_DISTINCT()) return 'COUNT_DISTINCT';
  if (context.COUNT()) return 'COUNT';
  if (context.SUM()) return 'SUM';
  if (context.AVG()) return 'AVG';
  if (context.MIN()) return 'MIN';
  if (context.MAX()) return 'MAX';
  return null;
}

const NUMBERS = ['int', 'long', 'double', 'currency', 'percent'];

/** @param path the aggregated field; null for `COUNT()` */
export function aggregate(name: AggregateName, path: FieldPath | null): Operand<GroupScope> {
  const shown = `${name}(${path?.name ?? ''})`;
  if ((name === 'SUM' || name === 'AVG') && path && !NUMBERS.includes(path.type)) {
    throw queryError(
      'INVALID_FIELD',
      `field ${path.name} does not support aggregate operator ${name}`,
    );
  }
  const values = ({ run, rows }: GroupScope): FieldValue[] =>
    path === null
      ? []
      : rows.map((row) => path.get({ run, row })).filter((value) => value !== null);
  const sum = (all: readonly FieldValue[]): Decimal =>
    all.reduce<Decimal>((total, value) => total.plus(toDecimal(value) ?? 0), new Decimal(0));
  const best = (all: readonly FieldValue[], sign: number): FieldValue =>
    all.reduce<FieldValue>(
      (found, value) =>
        found === null || Math.sign(compareValues(value, found, path?.type ?? 'string')) === sign
          ? value
          : found,
      null,
    );
  const counts = name === 'COUNT' || name === 'COUNT_DISTINCT';
  return {
    name: shown,
    type: counts ? 'int' : (path?.type ?? 'int'),
    caseSensitive: false,
    get: (scope) => {
      if (path === null) return scope.rows.length;
      const all = values(scope);
      switch (name) {
        case 'COUNT':
          return all.length;
        case 'COUNT_DISTINCT':
          return new Set(all.map((value) => equalityKey(value, path.type))).size;
        case 'SUM':
          return all.length === 0 ? null : sum(all);
        case 'AVG':
          return all.length === 0 ? null : sum(all).div(all.length);
        case 'MIN':
          return best(all, -1);
        case 'MAX':
          return best(all, 1);
      }
    },
  };
}

/** Parts of a local date, by function name. */
const DATE_PARTS: Readonly<Record<string, (date: Date) => number>> = {
  CALENDAR_YEAR: (date) => date.getUTCFullYear(),
  CALENDAR_QUARTER: (date) => Math.floor(date.getUTCMonth() / 3) + 1,
  CALENDAR_MONTH: (date) => date.getUTCMonth() + 1,
  FISCAL_YEAR: (date) => date.getUTCFullYear(),
  FISCAL_QUARTER: (date) => Math.floor(date.getUTCMonth() / 3) + 1,
  FISCAL_MONTH: (date) => date.getUTCMonth() + 1,
  DAY_IN_MONTH: (date) => date.getUTCDate(),
  DAY_IN_WEEK: (date) => date.getUTCDay() + 1,
  DAY_IN_YEAR: (date) =>
    Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1,
  WEEK_IN_MONTH: (date) => Math.ceil(date.getUTCDate() / 7),
  WEEK_IN_YEAR: (date) =>
    Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / (7 * 86_400_000)) + 1,
  HOUR_IN_DAY: (date) => date.getUTCHours(),
};

/** A function of one row's field, such as `DAY_ONLY(CreatedDate)`. */
export function rowFunction(
  context: SoqlFunctionContext,
  pathOf: (parts: readonly string[]) => FieldPath,
  where: string,
): Operand<RowScope> {
  const name = context.getText().split('(')[0]?.toUpperCase() ?? '';
  const dateField = context.dateFieldName();
  const fieldName = dateField ? dateField.fieldName() : context.fieldName();
  if (!fieldName) throw unsupported('function', where, context);
  const path = pathOf(fieldName.getText().split('.'));
  const shown = `${name}(${path.name})`;
  /** The instant to take apart: local when the query asks for it, as stored otherwise. */
  const wallClock = (scope: RowScope): number | null => {
    const value = path.get(scope);
    if (value instanceof ApexDate) return value.epochDay * 86_400_000;
    if (!(value instanceof ApexDatetime)) return null;
    return dateField?.CONVERT_TIMEZONE()
      ? toLocalMs(value.epochMs, scope.run.timeZone)
      : value.epochMs;
  };
  const part = DATE_PARTS[name];
  if (part) {
    return {
      name: shown,
      type: 'int',
      caseSensitive: false,
      get: (scope) => {
        const ms = wallClock(scope);
        return ms === null ? null : part(new Date(ms));
      },
    };
  }
  if (name === 'DAY_ONLY') {
    return {
      name: shown,
      type: 'date',
      caseSensitive: false,
      get: (scope) => {
        const ms = wallClock(scope);
        return ms === null ? null : ApexDate.fromEpochDay(Math.floor(ms / 86_400_000));
      },
    };
  }
  if (name === 'TOLABEL') {
    const labels = new Map(
      path.field.picklist?.values.map(({ value, label }) => [value.toLowerCase(), label]),
    );
    return {
      ...path,
      name: shown,
      get: (scope) => {
        const value = path.get(scope);
        return typeof value === 'string' ? (labels.get(value.toLowerCase()) ?? value) : value;
      },
    };
  }
  throw unsupported('function', where, context);
}
