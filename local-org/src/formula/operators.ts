/** Arithmetic and comparison, with what blank means to each. */
import { Decimal, ApexDate, ApexDatetime, ApexTime } from '../values/values.js';
import type { BinaryOperator } from './parser.js';
import { isBlank, PicklistText, typeName, type FormulaValue } from './types.js';

type Fail = (problem: string) => Error;

const DAY_MS = 86_400_000;

function refusePicklist(value: FormulaValue, fail: Fail): void {
  if (value instanceof PicklistText) {
    throw fail(
      'a picklist field is only supported in certain functions: compare it with ISPICKVAL, or turn it into text with TEXT',
    );
  }
}

/** Text is compared with its case; a blank text equals an empty one. */
export function equalValues(left: FormulaValue, right: FormulaValue, fail: Fail): boolean {
  refusePicklist(left, fail);
  refusePicklist(right, fail);
  if (isBlank(left) || isBlank(right)) return isBlank(left) && isBlank(right);
  if (typeof left === 'string' && typeof right === 'string') return left === right;
  if (typeof left === 'boolean' && typeof right === 'boolean') return left === right;
  const [a, b] = [ordinal(left), ordinal(right)];
  if (a === null || b === null || typeName(left) !== typeName(right)) {
    throw fail(`cannot compare ${typeName(left)} with ${typeName(right)}`);
  }
  return a.equals(b);
}

/** A value on its type's scale; null for types without order. */
function ordinal(value: FormulaValue): Decimal | null {
  if (value instanceof Decimal) return value;
  if (value instanceof ApexDate) return new Decimal(value.epochDay);
  if (value instanceof ApexDatetime) return new Decimal(value.epochMs);
  if (value instanceof ApexTime) return new Decimal(value.ms);
  return null;
}

/** Order of two values; a comparison with blank is never true. */
function compare(
  operator: '<' | '>' | '<=' | '>=',
  left: FormulaValue,
  right: FormulaValue,
  fail: Fail,
): boolean {
  refusePicklist(left, fail);
  refusePicklist(right, fail);
  if (isBlank(left) || isBlank(right)) return false;
  if (typeName(left) !== typeName(right)) {
    throw fail(`cannot compare ${typeName(left)} with ${typeName(right)}`);
  }
  const [a, b] = [ordinal(left), ordinal(right)];
  let order: number;
  if (a && b) order = a.comparedTo(b);
  else if (typeof left === 'string' && typeof right === 'string') {
    order = left < right ? -1 : left > right ? 1 : 0;
  } else throw fail(`${typeName(left)} has no order`);
  if (operator === '<') return order < 0;
  if (operator === '>') return order > 0;
  return operator === '<=' ? order <= 0 : order >= 0;
}

function arithmetic(
  operator: '+' | '-' | '*' | '/' | '^',
  left: FormulaValue,
  right: FormulaValue,
  fail: Fail,
): FormulaValue {
  refusePicklist(left, fail);
  refusePicklist(right, fail);
  if (operator === '+' && (typeof left === 'string' || typeof right === 'string')) {
    return joinTexts(left, right, fail);
  }
  if (isBlank(left) || isBlank(right)) return null;
  if (left instanceof Decimal && right instanceof Decimal) {
    if (operator === '+') return left.plus(right);
    if (operator === '-') return left.minus(right);
    if (operator === '*') return left.times(right);
    if (operator === '^') return left.pow(right);
    if (right.isZero()) throw fail('division by zero');
    return left.dividedBy(right);
  }
  const moment = shiftMoment(operator, left, right);
  if (moment === undefined) {
    throw fail(`"${operator}" does not take ${typeName(left)} and ${typeName(right)}`);
  }
  return moment;
}

/** Days are added to dates and moments, milliseconds to times; a difference of two is a number. */
function shiftMoment(
  operator: string,
  left: FormulaValue,
  right: FormulaValue,
): FormulaValue | undefined {
  if (operator === '+' && left instanceof Decimal) return shiftMoment('+', right, left);
  if (operator !== '+' && operator !== '-') return undefined;
  if (right instanceof Decimal) {
    const amount = operator === '+' ? right : right.negated();
    if (left instanceof ApexDate) {
      return ApexDate.fromEpochDay(left.epochDay + amount.trunc().toNumber());
    }
    if (left instanceof ApexDatetime) {
      return new ApexDatetime(left.epochMs + amount.times(DAY_MS).round().toNumber());
    }
    if (left instanceof ApexTime) {
      const ms = (left.ms + amount.toNumber()) % DAY_MS;
      return new ApexTime(ms < 0 ? ms + DAY_MS : ms);
    }
  }
  if (operator === '-' && typeName(left) === typeName(right)) {
    const [a, b] = [ordinal(left), ordinal(right)];
    if (a && b) return left instanceof ApexDatetime ? a.minus(b).dividedBy(DAY_MS) : a.minus(b);
  }
  return undefined;
}

function joinTexts(left: FormulaValue, right: FormulaValue, fail: Fail): string {
  return [left, right]
    .map((value) => {
      if (isBlank(value)) return '';
      if (typeof value === 'string') return value;
      throw fail(`joining text takes Text, got ${typeName(value)}: wrap it in TEXT`);
    })
    .join('');
}

/** Every operator that needs both sides; `&&` and `||` are decided by the evaluator. */
export function applyOperator(
  operator: Exclude<BinaryOperator, '&&' | '||'>,
  left: FormulaValue,
  right: FormulaValue,
  fail: Fail,
): FormulaValue {
  switch (operator) {
    case '=':
      return equalValues(left, right, fail);
    case '<>':
      return !equalValues(left, right, fail);
    case '&':
      refusePicklist(left, fail);
      refusePicklist(right, fail);
      return joinTexts(left, right, fail);
    case '<':
    case '>':
    case '<=':
    case '>=':
      return compare(operator, left, right, fail);
    default:
      return arithmetic(operator, left, right, fail);
  }
}
