/** Number functions; a blank argument makes the result blank. */
import { Decimal } from '../values/values.js';
import { define, type CallContext, type FormulaFunction, type FunctionTable } from './types.js';

function unary(compute: (value: Decimal, call: CallContext) => Decimal): FormulaFunction {
  return define(1, 1, (call) => {
    const value = call.number(0);
    return value === null ? null : compute(value, call);
  });
}

function withDigits(rounding: Decimal.Rounding): FormulaFunction {
  return define(2, 2, (call) => {
    const value = call.number(0);
    const digits = call.number(1);
    if (value === null || digits === null) return null;
    const places = digits.trunc().toNumber();
    if (places >= 0) return value.toDecimalPlaces(places, rounding);
    const scale = new Decimal(10).pow(-places);
    return value.dividedBy(scale).toDecimalPlaces(0, rounding).times(scale);
  });
}

function extreme(choose: (values: Decimal[]) => Decimal): FormulaFunction {
  return define(1, Infinity, (call) => {
    const values = call.args.map((_arg, index) => call.number(index));
    const present = values.filter((value) => value !== null);
    return present.length < values.length ? null : choose(present);
  });
}

export const NUMBER_FUNCTIONS: FunctionTable = {
  ABS: unary((value) => value.abs()),
  CEILING: unary((value) => value.toDecimalPlaces(0, Decimal.ROUND_UP)),
  FLOOR: unary((value) => value.toDecimalPlaces(0, Decimal.ROUND_DOWN)),
  MCEILING: unary((value) => value.ceil()),
  MFLOOR: unary((value) => value.floor()),
  ROUND: withDigits(Decimal.ROUND_HALF_UP),
  TRUNC: define(1, 2, (call) => {
    const value = call.number(0);
    const digits = call.args.length > 1 ? call.number(1) : new Decimal(0);
    if (value === null || digits === null) return null;
    return value.toDecimalPlaces(Math.max(0, digits.toNumber()), Decimal.ROUND_DOWN);
  }),
  MOD: define(2, 2, (call) => {
    const value = call.number(0);
    const divisor = call.number(1);
    if (value === null || divisor === null) return null;
    if (divisor.isZero()) throw call.fail('division by zero in MOD');
    return value.minus(divisor.times(value.dividedBy(divisor).floor()));
  }),
  MAX: extreme((values) => Decimal.max(...values)),
  MIN: extreme((values) => Decimal.min(...values)),
  EXP: unary((value) => value.exp()),
  LN: unary((value, call) => positive(value, call, 'LN').ln()),
  LOG: unary((value, call) => positive(value, call, 'LOG').log(10)),
  SQRT: unary((value, call) => {
    if (value.isNegative())
      throw call.fail(`SQRT needs a number of 0 or more, got ${value.toString()}`);
    return value.sqrt();
  }),
};

function positive(value: Decimal, call: CallContext, name: string): Decimal {
  if (value.greaterThan(0)) return value;
  throw call.fail(`${name} needs a number greater than 0, got ${value.toString()}`);
}
