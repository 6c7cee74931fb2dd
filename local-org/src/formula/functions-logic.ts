/** Logical functions and those that look at the record being saved. */
import { Decimal } from '../values/values.js';
import { equalValues } from './operators.js';
import { define, isBlank, PicklistText, type FormulaValue, type FunctionTable } from './types.js';

export const LOGIC_FUNCTIONS: FunctionTable = {
  AND: define(1, Infinity, (call) => call.args.every((_arg, index) => call.boolean(index))),
  OR: define(1, Infinity, (call) => call.args.some((_arg, index) => call.boolean(index))),
  NOT: define(1, 1, (call) => !call.boolean(0)),
  IF: define(3, 3, (call) => call.any(call.boolean(0) ? 1 : 2)),
  CASE: define(4, Infinity, (call) => {
    if (call.args.length % 2 !== 0) {
      throw call.fail('CASE needs a value, pairs of value and result, and an else result');
    }
    const subject = call.any(0);
    const value = subject instanceof PicklistText ? (subject.value ?? '') : subject;
    for (let index = 1; index + 1 < call.args.length; index += 2) {
      if (equalValues(value, call.any(index), call.fail)) return call.any(index + 1);
    }
    return call.any(call.args.length - 1);
  }),
  ISBLANK: define(1, 1, (call) => isBlank(call.any(0))),
  ISNULL: define(1, 1, (call) => isBlank(call.any(0))),
  BLANKVALUE: define(2, 2, (call) => {
    const value = call.any(0);
    return isBlank(value) ? call.any(1) : value;
  }),
  NULLVALUE: define(2, 2, (call) => {
    const value = call.any(0);
    return isBlank(value) ? call.any(1) : value;
  }),
  ISNUMBER: define(1, 1, (call) => {
    const value = call.any(0);
    if (value instanceof Decimal) return true;
    const text = call.text(0);
    return text !== null && /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(text);
  }),
  ISPICKVAL: define(2, 2, (call) => {
    const value = call.any(0);
    const text = value instanceof PicklistText ? value.value : call.text(0);
    return (text ?? '') === (call.text(1) ?? '');
  }),
  INCLUDES: define(2, 2, (call) => {
    const value = call.any(0);
    const text = value instanceof PicklistText ? value.value : call.text(0);
    return (text ?? '').split(';').includes(call.text(1) ?? '');
  }),
  ISNEW: define(0, 0, (call) => {
    if (call.scope.isNew === null) throw call.fail('ISNEW has no meaning outside a save');
    return call.scope.isNew;
  }),
  ISCHANGED: define(1, 1, (call) => {
    const path = call.path(0);
    if (call.scope.isNew === true) return false;
    if (!call.scope.prior) throw call.fail('ISCHANGED has no meaning outside a save');
    return !equalValues(plain(call.scope.resolve(path)), plain(call.scope.prior(path)), call.fail);
  }),
  PRIORVALUE: define(1, 1, (call) => {
    const path = call.path(0);
    if (call.scope.isNew === true) return call.scope.resolve(path);
    if (!call.scope.prior) throw call.fail('PRIORVALUE has no meaning outside a save');
    return call.scope.prior(path);
  }),
};

function plain(value: FormulaValue): FormulaValue {
  return value instanceof PicklistText ? value.value : value;
}
