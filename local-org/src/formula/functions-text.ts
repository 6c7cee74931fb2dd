/** Text functions. Positions count from 1; blank text behaves as empty text. */
import { idSuffix } from '../values/ids.js';
import { ApexDate, ApexDatetime, ApexTime, Decimal } from '../values/values.js';
import { define, isBlank, PicklistText, type CallContext, type FunctionTable } from './types.js';

const textOf = (call: CallContext, index: number): string => call.text(index) ?? '';

function count(call: CallContext, index: number): number {
  const value = call.number(index);
  return value === null ? 0 : Math.max(0, value.trunc().toNumber());
}

/** TEXT of a value: numbers in plain digits, moments in UTC with a trailing Z. */
function showAsText(call: CallContext): string {
  const value = call.any(0);
  if (value instanceof PicklistText) return value.value ?? '';
  if (isBlank(value) || value === null) return '';
  if (value instanceof Decimal) return value.toFixed();
  if (value instanceof ApexDate) return value.toString();
  if (value instanceof ApexTime) return value.toString();
  if (value instanceof ApexDatetime) {
    return new Date(value.epochMs).toISOString().slice(0, 19).replace('T', ' ') + 'Z';
  }
  throw call.fail('TEXT takes a number, date, time or picklist');
}

/** A Java pattern as JavaScript reads it; what only Java knows is refused. */
function javaPattern(call: CallContext, pattern: string): RegExp {
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  const body = flags ? pattern.slice(flags[0].length) : pattern;
  if (/[*+?}]\+|\(\?>|\[[^\]]*&&|\\[pP]\{(?!L|N|P|S|Z|C)/.test(body)) {
    throw call.fail(`the pattern ${pattern} uses Java forms that are not supported here`);
  }
  try {
    return new RegExp(`^(?:${body})$`, flags?.[1] ?? '');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw call.fail(`the pattern ${pattern} cannot be read: ${reason}`);
  }
}

function pad(call: CallContext, where: 'left' | 'right'): string {
  const text = textOf(call, 0);
  const length = count(call, 1);
  const filler = call.args.length > 2 ? textOf(call, 2) : ' ';
  if (text.length >= length) return text.slice(0, length);
  return where === 'left' ? text.padStart(length, filler) : text.padEnd(length, filler);
}

export const TEXT_FUNCTIONS: FunctionTable = {
  TEXT: define(1, 1, showAsText),
  VALUE: define(1, 1, (call) => {
    const text = textOf(call, 0).trim();
    if (text === '') return null;
    if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) {
      throw call.fail(`VALUE needs a number, got "${text}"`);
    }
    return new Decimal(text);
  }),
  LEN: define(1, 1, (call) => new Decimal(textOf(call, 0).length)),
  LEFT: define(2, 2, (call) => textOf(call, 0).slice(0, count(call, 1))),
  RIGHT: define(2, 2, (call) => {
    const text = textOf(call, 0);
    return text.slice(Math.max(0, text.length - count(call, 1)));
  }),
  MID: define(3, 3, (call) => {
    const start = Math.max(0, count(call, 1) - 1);
    return textOf(call, 0).slice(start, start + count(call, 2));
  }),
  LOWER: define(1, 2, (call) => textOf(call, 0).toLowerCase()),
  UPPER: define(1, 2, (call) => textOf(call, 0).toUpperCase()),
  INITCAP: define(1, 1, (call) =>
    textOf(call, 0)
      .toLowerCase()
      .replace(/(^|[^\p{L}\p{N}])(\p{L})/gu, (_whole, before: string, letter: string) => {
        return before + letter.toUpperCase();
      }),
  ),
  TRIM: define(1, 1, (call) => textOf(call, 0).trim()),
  REVERSE: define(1, 1, (call) => [...textOf(call, 0)].reverse().join('')),
  CONTAINS: define(2, 2, (call) => {
    const value = call.any(0);
    if (value instanceof PicklistText)
      throw call.fail('CONTAINS takes text: wrap the field in TEXT');
    return textOf(call, 0).includes(textOf(call, 1));
  }),
  BEGINS: define(2, 2, (call) => textOf(call, 0).startsWith(textOf(call, 1))),
  FIND: define(2, 3, (call) => {
    const from = call.args.length > 2 ? count(call, 2) : 1;
    const search = textOf(call, 0);
    if (from < 1 || search === '') return new Decimal(0);
    return new Decimal(textOf(call, 1).indexOf(search, from - 1) + 1);
  }),
  SUBSTITUTE: define(3, 3, (call) => {
    const search = textOf(call, 1);
    return search === '' ? textOf(call, 0) : textOf(call, 0).split(search).join(textOf(call, 2));
  }),
  LPAD: define(2, 3, (call) => pad(call, 'left')),
  RPAD: define(2, 3, (call) => pad(call, 'right')),
  BR: define(0, 0, () => '\n'),
  REGEX: define(2, 2, (call) => javaPattern(call, textOf(call, 1)).test(textOf(call, 0))),
  CASESAFEID: define(1, 1, (call) => {
    const id = textOf(call, 0);
    return id.length === 15 ? id + idSuffix(id) : id;
  }),
};
