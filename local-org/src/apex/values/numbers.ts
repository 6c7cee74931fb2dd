/** Apex arithmetic: Integer wraps at 32 bits, Long at 64, Decimal keeps its scale, Double is binary. */
import { ApexDouble, Decimal } from '../../values/values.js';
import { throwApex } from '../run/exceptions.js';
import type { Value } from './reference.js';

/** Division and functions are computed with the 33 digits the platform keeps. */
export const Precise = Decimal.clone({ precision: 40, toExpNeg: -60, toExpPos: 60 });
const QUOTIENT_SCALE = 33;

/** Scale of decimals whose trailing zeros matter (`1.50`); all others show their own digits. */
const scales = new WeakMap<Decimal, number>();

export function scaleOf(value: Decimal): number {
  return scales.get(value) ?? value.decimalPlaces();
}

export function withScale(value: Decimal, scale: number): Decimal {
  if (scale <= value.decimalPlaces()) return value;
  const copy = new Precise(value);
  scales.set(copy, scale);
  return copy;
}

/** A Decimal from its text, trailing zeros kept. */
export function parseDecimal(text: string): Decimal {
  const value = new Precise(text);
  const point = text.indexOf('.');
  return point < 0 || /e/i.test(text) ? value : withScale(value, text.length - point - 1);
}

export function decimalText(value: Decimal): string {
  return value.toFixed(scaleOf(value));
}

export type Numeric = number | bigint | Decimal | ApexDouble;

export function isNumeric(value: Value): value is Numeric {
  return (
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    value instanceof Decimal ||
    value instanceof ApexDouble
  );
}

/** 1 Integer, 2 Long, 3 Double, 4 Decimal. */
function rank(value: Numeric): number {
  if (typeof value === 'number') return 1;
  if (typeof value === 'bigint') return 2;
  return value instanceof ApexDouble ? 3 : 4;
}

export function toDecimal(value: Numeric): Decimal {
  if (value instanceof Decimal) return value;
  if (value instanceof ApexDouble) return new Precise(value.value);
  return new Precise(value.toString());
}

export function toDouble(value: Numeric): number {
  if (value instanceof ApexDouble) return value.value;
  return value instanceof Decimal ? value.toNumber() : Number(value);
}

export function toLong(value: Numeric): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return BigInt(value);
  return BigInt.asIntN(64, BigInt(toDecimal(value).trunc().toFixed(0)));
}

export function toInteger(value: Numeric): number {
  if (typeof value === 'number') return value;
  return Number(BigInt.asIntN(32, toLong(value)));
}

export type ArithmeticOperator = '+' | '-' | '*' | '/';

export function arithmetic(op: ArithmeticOperator, a: Numeric, b: Numeric): Numeric {
  if (typeof a === 'number' && typeof b === 'number') return integerArithmetic(op, a, b);
  const wider = Math.max(rank(a), rank(b));
  if (wider === 2) return longArithmetic(op, toLong(a), toLong(b));
  if (wider === 3) return doubleArithmetic(op, toDouble(a), toDouble(b));
  return decimalArithmetic(op, toDecimal(a), toDecimal(b));
}

function integerArithmetic(op: ArithmeticOperator, a: number, b: number): number {
  switch (op) {
    case '+':
      return (a + b) | 0;
    case '-':
      return (a - b) | 0;
    case '*':
      return Math.imul(a, b);
    case '/':
      if (b === 0) throwApex('MathException', 'Divide by 0');
      return (a / b) | 0;
  }
}

function longArithmetic(op: ArithmeticOperator, a: bigint, b: bigint): bigint {
  switch (op) {
    case '+':
      return BigInt.asIntN(64, a + b);
    case '-':
      return BigInt.asIntN(64, a - b);
    case '*':
      return BigInt.asIntN(64, a * b);
    case '/':
      if (b === 0n) throwApex('MathException', 'Divide by 0');
      return BigInt.asIntN(64, a / b);
  }
}

function doubleArithmetic(op: ArithmeticOperator, a: number, b: number): ApexDouble {
  switch (op) {
    case '+':
      return new ApexDouble(a + b);
    case '-':
      return new ApexDouble(a - b);
    case '*':
      return new ApexDouble(a * b);
    case '/':
      if (b === 0) throwApex('MathException', 'Divide by 0');
      return new ApexDouble(a / b);
  }
}

function decimalArithmetic(op: ArithmeticOperator, a: Decimal, b: Decimal): Decimal {
  const left = new Precise(a);
  switch (op) {
    case '+':
      return withScale(left.plus(b), Math.max(scaleOf(a), scaleOf(b)));
    case '-':
      return withScale(left.minus(b), Math.max(scaleOf(a), scaleOf(b)));
    case '*':
      return withScale(left.times(b), scaleOf(a) + scaleOf(b));
    case '/':
      if (b.isZero()) throwApex('MathException', 'Divide by 0');
      return left.div(b).toDecimalPlaces(QUOTIENT_SCALE, Decimal.ROUND_HALF_UP);
  }
}

export function compareNumbers(a: Numeric, b: Numeric): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const wider = Math.max(rank(a), rank(b));
  if (wider === 2) {
    const [x, y] = [toLong(a), toLong(b)];
    return x < y ? -1 : x > y ? 1 : 0;
  }
  if (wider === 3) return toDouble(a) - toDouble(b);
  return toDecimal(a).comparedTo(toDecimal(b));
}

export function negate(value: Numeric): Numeric {
  if (typeof value === 'number') return -value | 0;
  if (typeof value === 'bigint') return BigInt.asIntN(64, -value);
  if (value instanceof ApexDouble) return new ApexDouble(-value.value);
  return withScale(new Precise(value).negated(), scaleOf(value));
}

/** Java's text of a double: `1.0`, `1.5E10`. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) {
    const [mantissa = '0', exponent = '0'] = value.toExponential().split('e');
    return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
  }
  return Number.isInteger(value) ? `${Object.is(value, -0) ? '-0' : value}.0` : String(value);
}
