/** How SOQL compares values: text without case, ids by their 18 characters, numbers by value. */
import { Decimal } from 'decimal.js';
import type { FieldType } from '../metadata/index.js';
import { toDecimal } from '../database/field-values.js';
import { ApexDate, ApexDatetime, ApexTime, type FieldValue } from '../values/values.js';

const isId = (type: FieldType): boolean => type === 'id' || type === 'reference';

/** Negative, zero or positive; both values are of the operand's type and not null. */
export function compareValues(
  a: FieldValue,
  b: FieldValue,
  type: FieldType,
  caseSensitive = false,
): number {
  if (typeof a === 'string' && typeof b === 'string') {
    const left = caseSensitive || isId(type) ? a : a.toLowerCase();
    const right = caseSensitive || isId(type) ? b : b.toLowerCase();
    return left < right ? -1 : left > right ? 1 : 0;
  }
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a instanceof ApexDate && b instanceof ApexDate) return a.epochDay - b.epochDay;
  if (a instanceof ApexDatetime && b instanceof ApexDatetime) return a.epochMs - b.epochMs;
  if (a instanceof ApexTime && b instanceof ApexTime) return a.ms - b.ms;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const left = toDecimal(a) ?? new Decimal(NaN);
  return left.comparedTo(toDecimal(b) ?? new Decimal(NaN));
}

/** A value as a key that is the same for equal values, for sets, groups and distinct counts. */
export function equalityKey(value: FieldValue, type: FieldType, caseSensitive = false): string {
  if (value === null) return '';
  if (typeof value === 'string') {
    return `s${caseSensitive || isId(type) ? value : value.toLowerCase()}`;
  }
  const number = toDecimal(value);
  if (number) return `n${number.toString()}`;
  return `v${String(value)}`;
}

/** A `LIKE` pattern as a test: `%` any text, `_` one character, `\` makes the next one plain. */
export function likeTest(pattern: string): (text: string) => boolean {
  let source = '';
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern.charAt(index);
    if (character === '%') source += '[\\s\\S]*';
    else if (character === '_') source += '[\\s\\S]';
    else {
      const plain =
        character === '\\' && index + 1 < pattern.length ? pattern.charAt(++index) : character;
      source += plain.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    }
  }
  const expression = new RegExp(`^${source}$`, 'iu');
  return (text) => expression.test(text);
}
