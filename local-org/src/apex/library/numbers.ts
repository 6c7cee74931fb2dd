/** Integer, Long, Decimal, Double, Boolean and Math. */
import { randomInt } from 'node:crypto';
import { ApexDouble, Decimal } from '../../values/values.js';
import { throwApex } from '../run/exceptions.js';
import {
  compareNumbers,
  decimalText,
  isNumeric,
  negate,
  parseDecimal,
  Precise,
  scaleOf,
  toDecimal,
  toDouble,
  toInteger,
  toLong,
  withScale,
  type Numeric,
} from '../values/numbers.js';
import { EnumValue, type Value } from '../values/reference.js';
import { asNumber, type Call } from './call.js';
import { defineType } from './registry.js';

const ROUNDING: Readonly<Record<string, Decimal.Rounding>> = {
  UP: Decimal.ROUND_UP,
  DOWN: Decimal.ROUND_DOWN,
  CEILING: Decimal.ROUND_CEIL,
  FLOOR: Decimal.ROUND_FLOOR,
  HALF_UP: Decimal.ROUND_HALF_UP,
  HALF_DOWN: Decimal.ROUND_HALF_DOWN,
  HALF_EVEN: Decimal.ROUND_HALF_EVEN,
};

function rounding(c: Call, i: number, fallback: Decimal.Rounding): Decimal.Rounding {
  const mode = c.value(i);
  if (!(mode instanceof EnumValue)) return fallback;
  return ROUNDING[mode.name] ?? throwApex('MathException', `Rounding necessary`);
}

function setScale(value: Decimal, scale: number, mode: Decimal.Rounding): Decimal {
  return withScale(new Precise(value).toDecimalPlaces(scale, mode), scale);
}

const grouped = (text: string): string => {
  const [whole = '', fraction] = text.split('.');
  const digits = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? digits : `${digits}.${fraction}`;
};

/** Text or number to a whole number; texts must be plain digits. */
function whole(c: Call, type: string, least: bigint, most: bigint): bigint {
  const value = c.value(0);
  if (isNumeric(value)) return toLong(value);
  const text = c.text(0).trim();
  if (!/^[-+]?\d+$/.test(text))
    throwApex('TypeException', `Invalid ${type.toLowerCase()}: ${text}`);
  const parsed = BigInt(text.replace('+', ''));
  if (parsed < least || parsed > most)
    throwApex('TypeException', `Invalid ${type.toLowerCase()}: ${text}`);
  return parsed;
}

function decimalOf(c: Call): Decimal {
  const value = c.value(0);
  if (isNumeric(value)) return toDecimal(value);
  const text = c.text(0).trim();
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text))
    throwApex('TypeException', `Invalid decimal: ${text}`);
  return parseDecimal(text);
}

defineType<Numeric>({
  name: 'Integer',
  self: asNumber,
  statics: {
    'Integer valueOf(Object value)': (c) =>
      Number(BigInt.asIntN(32, whole(c, 'Integer', -2147483648n, 2147483647n))),
  },
  methods: {
    'String format()': (n) => grouped(String(n)),
    'Integer intValue()': (n) => toInteger(n),
    'Long longValue()': (n) => toLong(n),
  },
});

defineType<Numeric>({
  name: 'Long',
  self: asNumber,
  statics: { 'Long valueOf(Object value)': (c) => whole(c, 'Long', -(2n ** 63n), 2n ** 63n - 1n) },
  methods: {
    'String format()': (n) => grouped(String(n)),
    'Integer intValue()': (n) => toInteger(n),
    'Long longValue()': (n) => toLong(n),
  },
});

defineType<Decimal>({
  name: 'Decimal',
  self: (value) => toDecimal(asNumber(value)),
  statics: { 'Decimal valueOf(Object value)': (c) => decimalOf(c) },
  methods: {
    'Decimal abs()': (d) => withScale(new Precise(d).abs(), scaleOf(d)),
    'Decimal divide(Decimal divisor, Integer scale, RoundingMode mode?)': (d, c) => {
      if (c.decimal(0).isZero()) throwApex('MathException', 'Divide by 0');
      return setScale(
        new Precise(d).div(c.decimal(0)),
        c.integer(1),
        rounding(c, 2, Decimal.ROUND_HALF_EVEN),
      );
    },
    'Double doubleValue()': (d) => new ApexDouble(d.toNumber()),
    'String format()': (d) => grouped(d.toDecimalPlaces(3, Decimal.ROUND_HALF_EVEN).toFixed()),
    'Integer intValue()': (d) => toInteger(d),
    'Long longValue()': (d) => toLong(d),
    'Decimal pow(Integer exponent)': (d, c) => new Precise(d).pow(c.integer(0)),
    'Integer precision()': (d) =>
      d
        .abs()
        .toFixed(scaleOf(d))
        .replace('.', '')
        .replace(/^0+(?=\d)/, '').length,
    'Long round(RoundingMode mode?)': (d, c) =>
      toLong(d.toDecimalPlaces(0, rounding(c, 0, Decimal.ROUND_HALF_EVEN))),
    'Integer scale()': (d) => scaleOf(d),
    'Decimal setScale(Integer scale, RoundingMode mode?)': (d, c) =>
      setScale(d, c.integer(0), rounding(c, 1, Decimal.ROUND_HALF_EVEN)),
    'Decimal stripTrailingZeros()': (d) => new Precise(d.toString()),
    'String toPlainString()': (d) => decimalText(d),
  },
});

defineType<number>({
  name: 'Double',
  self: (value) => toDouble(asNumber(value)),
  statics: { 'Double valueOf(Object value)': (c) => new ApexDouble(decimalOf(c).toNumber()) },
  methods: {
    'String format()': (d) => grouped(toDecimal(new ApexDouble(d)).toDecimalPlaces(3).toFixed()),
    'Integer intValue()': (d) => Math.trunc(d) | 0,
    'Long longValue()': (d) => BigInt(Math.trunc(d)),
    'Double doubleValue()': (d) => new ApexDouble(d),
    'Long round()': (d) => BigInt(Math.round(d)),
    'Boolean isNaN()': (d) => Number.isNaN(d),
  },
});

defineType({
  name: 'Boolean',
  statics: {
    'Boolean valueOf(Object value)': (c) =>
      typeof c.value(0) === 'boolean' ? c.value(0) : c.text(0).toLowerCase() === 'true',
  },
});

/** A function of one number that keeps the argument's type. */
function keeping(c: Call, run: (value: Decimal) => Decimal): Value {
  const value = asNumber(c.value(0));
  const result = run(new Precise(toDecimal(value)));
  if (typeof value === 'number') return toInteger(result);
  if (typeof value === 'bigint') return toLong(result);
  return value instanceof ApexDouble ? new ApexDouble(result.toNumber()) : result;
}

const pick = (c: Call, larger: boolean): Value => {
  const [a, b] = [asNumber(c.value(0)), asNumber(c.value(1))];
  return compareNumbers(a, b) > 0 === larger ? a : b;
};

function mod(c: Call): Value {
  const [a, b] = [asNumber(c.value(0)), asNumber(c.value(1))];
  if (toDecimal(b).isZero()) throwApex('MathException', 'Divide by 0');
  if (typeof a === 'number' && typeof b === 'number') return a % b;
  return toLong(a) % toLong(b);
}

const real =
  (run: (x: number) => number) =>
  (c: Call): Value =>
    new ApexDouble(run(c.double(0)));

defineType({
  name: 'Math',
  staticProperties: {
    'Double PI': { get: () => new ApexDouble(Math.PI) },
    'Double E': { get: () => new ApexDouble(Math.E) },
  },
  statics: {
    'Any abs(Object value)': (c) => {
      const value = asNumber(c.value(0));
      return compareNumbers(value, 0) < 0 ? negate(value) : value;
    },
    'Any max(Object a, Object b)': (c) => pick(c, true),
    'Any min(Object a, Object b)': (c) => pick(c, false),
    'Any mod(Object a, Object b)': mod,
    'Any ceil(Object value)': (c) => keeping(c, (d) => d.ceil()),
    'Any floor(Object value)': (c) => keeping(c, (d) => d.floor()),
    'Any signum(Object value)': (c) => keeping(c, (d) => new Precise(Math.sign(d.toNumber()))),
    'Integer round(Object value)': (c) =>
      toInteger(c.decimal(0).toDecimalPlaces(0, Decimal.ROUND_HALF_EVEN)),
    'Long roundToLong(Object value)': (c) =>
      toLong(c.decimal(0).toDecimalPlaces(0, Decimal.ROUND_HALF_EVEN)),
    'Double random()': () => new ApexDouble(randomInt(2 ** 47) / 2 ** 47),
    'Double sqrt(Object value)': real(Math.sqrt),
    'Double cbrt(Object value)': real(Math.cbrt),
    'Double exp(Object value)': real(Math.exp),
    'Double log(Object value)': real(Math.log),
    'Double log10(Object value)': real(Math.log10),
    'Double sin(Object value)': real(Math.sin),
    'Double cos(Object value)': real(Math.cos),
    'Double tan(Object value)': real(Math.tan),
    'Double atan(Object value)': real(Math.atan),
    'Double pow(Object base, Object exponent)': (c) => new ApexDouble(c.double(0) ** c.double(1)),
  },
});
