/** Field values in and out of formulas: types of the database on one side, of the formula language on the other. */
import type { FieldDescribe, FieldType } from '../metadata/index.js';
import {
  ApexBlob,
  ApexDate,
  ApexDatetime,
  ApexDouble,
  ApexTime,
  Decimal,
  type FieldValue,
} from '../values/values.js';
import { PicklistText, typeName, type FormulaValue } from './types.js';

const NUMBER_TYPES: ReadonlySet<FieldType> = new Set([
  'int',
  'long',
  'double',
  'currency',
  'percent',
]);

/** A value without a field: a flow variable, a global. */
export function toFormulaValue(value: FieldValue): FormulaValue {
  if (typeof value === 'number') return new Decimal(value);
  if (typeof value === 'bigint') return new Decimal(value.toString());
  if (value instanceof ApexDouble) return new Decimal(value.value);
  if (value instanceof ApexBlob) throw new Error('binary data cannot be used in a formula');
  return value;
}

/** A field's value as a formula sees it: picklists apart, percents as fractions, blanks by the formula's setting. */
export function fieldToFormula(
  value: FieldValue,
  field: FieldDescribe,
  blanksAreZero: boolean,
): FormulaValue {
  if (field.type === 'picklist' || field.type === 'multipicklist') {
    return new PicklistText(typeof value === 'string' ? value : null);
  }
  if (field.type === 'boolean') return value === true;
  const converted = toFormulaValue(value);
  if (converted === null && blanksAreZero && NUMBER_TYPES.has(field.type)) return new Decimal(0);
  if (field.type === 'percent' && converted instanceof Decimal) return converted.dividedBy(100);
  return converted;
}

/**
 * A formula's result as a value of a field type.
 * @throws when the result is of another type
 */
export function formulaToField(value: FormulaValue, type: string): FieldValue {
  if (value === null) return type === 'boolean' ? false : null;
  if (value instanceof PicklistText) return isTextType(type) ? value.value : mismatch(value, type);
  if (typeof value === 'boolean') return type === 'boolean' ? value : mismatch(value, type);
  if (typeof value === 'string') {
    if (value === '') return null;
    return isTextType(type) ? value : mismatch(value, type);
  }
  if (value instanceof Decimal) {
    if (type === 'int') return value.round().toNumber();
    if (type === 'long') return BigInt(value.round().toFixed());
    if (type === 'percent') return value.times(100);
    return type === 'double' || type === 'currency' ? value : mismatch(value, type);
  }
  if (value instanceof ApexDate && type === 'date') return value;
  if (value instanceof ApexDatetime && type === 'datetime') return value;
  if (value instanceof ApexTime && type === 'time') return value;
  return mismatch(value, type);
}

function isTextType(type: string): boolean {
  return !/^(boolean|int|long|double|currency|percent|date|datetime|time|base64)$/.test(type);
}

function mismatch(value: FormulaValue, type: string): never {
  throw new Error(
    `the formula gives ${typeName(value)} where a value of the type ${type} is needed`,
  );
}
