/** Static methods of String. */
import { formatInstant } from '../values/time-format.js';
import { toText } from '../values/text.js';
import { throwApex } from '../run/exceptions.js';
import type { Value } from '../values/reference.js';
import { asItems, type Call } from './call.js';

/** `MessageFormat` as `String.format` has it: `{0}`, quotes doubled. */
function format(pattern: string, values: readonly Value[]): string {
  let out = '';
  let quoted = false;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] ?? '';
    if (char === "'") {
      if (pattern[i + 1] === "'") {
        out += "'";
        i++;
      } else quoted = !quoted;
    } else if (char === '{' && !quoted) {
      const end = pattern.indexOf('}', i);
      const index = end < 0 ? NaN : Number(pattern.slice(i + 1, end));
      if (!Number.isInteger(index))
        throwApex('StringException', `Invalid format pattern: ${pattern}`);
      out += index < values.length ? toText(values[index] ?? null) : `{${index}}`;
      i = end;
    } else out += char;
  }
  return out;
}

const blank = (c: Call): boolean => c.textOrNull(0) === null || c.text(0).trim() === '';
const empty = (c: Call): boolean => c.textOrNull(0) === null || c.text(0) === '';

export const stringStatics: Readonly<Record<string, (c: Call) => Value>> = {
  'Boolean isBlank(String text)': (c) => blank(c),
  'Boolean isNotBlank(String text)': (c) => !blank(c),
  'Boolean isEmpty(String text)': (c) => empty(c),
  'Boolean isNotEmpty(String text)': (c) => !empty(c),
  'String valueOf(Object value)': (c) => (c.has(0) ? toText(c.value(0)) : null),
  'String valueOfGmt(Datetime value)': (c) =>
    formatInstant(c.datetime(0).epochMs, 'yyyy-MM-dd HH:mm:ss', 'GMT'),
  'String join(Object items, String separator)': (c) =>
    asItems(c.value(0))
      .map((item) => (item === null ? '' : toText(item)))
      .join(c.textOrNull(1) ?? ''),
  'String format(String pattern, List<Object> values)': (c) => format(c.text(0), c.items(1)),
  'String escapeSingleQuotes(String text)': (c) => c.text(0).replace(/['\\]/g, '\\$&'),
  'String fromCharArray(List<Integer> codes)': (c) =>
    String.fromCharCode(...c.items(0).map((code) => Number(code))),
  'String getCommonPrefix(List<String> texts)': (c) => commonPrefix(c.texts(0)),
};

function commonPrefix(texts: readonly string[]): string {
  const [first = '', ...rest] = texts;
  let length = first.length;
  for (const text of rest) while (!text.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length);
}
