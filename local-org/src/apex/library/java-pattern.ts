/** Java regular expressions as JavaScript ones. */
import { UnsupportedError } from '../../org/contracts.js';
import { throwApex } from '../run/exceptions.js';

const POSIX: Readonly<Record<string, string>> = {
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Upper: 'A-Z',
  Lower: 'a-z',
  Punct: '!-\\/:-@\\[-`{-~',
  Space: '\\s',
  XDigit: '0-9A-Fa-f',
  ASCII: '\\x00-\\x7F',
  Cntrl: '\\x00-\\x1F\\x7F',
};

/** Throws an Apex exception for a wrong pattern, `UnsupportedError` for a form JavaScript lacks. */
export function javaPattern(pattern: string, flags = ''): RegExp {
  let source = pattern;
  let extra = flags;
  const inline = /^\(\?([imsx]+)\)/.exec(source);
  if (inline?.[1]) {
    source = source.slice(inline[0].length);
    for (const flag of inline[1]) {
      if (flag === 'x') throw new UnsupportedError('Regular expression flag (?x)', pattern);
      if (!extra.includes(flag)) extra += flag;
    }
  }
  if (/(?<!\\)[*+?}]\+/.test(source)) throw new UnsupportedError('Possessive quantifier', pattern);
  source = source
    .replace(/\\Q(.*?)(?:\\E|$)/gs, (_, literal: string) =>
      literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    )
    .replace(/\\A/g, '^')
    .replace(/\\[zZ]/g, '$')
    .replace(/\\h/g, '[ \\t]')
    .replace(/\\([pP])\{(\w+)\}/g, (whole, negative: string, name: string) => {
      const chars = POSIX[name];
      if (!chars) return whole;
      return negative === 'P' ? `[^${chars}]` : `[${chars}]`;
    })
    .replace(/\[((?:[^\]\\[]|\\.)*)\[((?:[^\]\\[]|\\.)*)\]/g, '[$1$2');
  try {
    return new RegExp(source, /\\p\{/i.test(source) ? `${extra}u` : extra);
  } catch (error) {
    throwApex(
      'StringException',
      `Invalid regex: ${pattern}: ${error instanceof Error ? error.message : ''}`,
    );
  }
}

/** Java's `$1` and `\$` in a replacement text. */
export function javaReplacement(text: string): string {
  return text
    .replace(/\\(.)/g, (_, char: string) => (char === '$' ? '$$' : char))
    .replace(/\$\{(\w+)\}/g, '$<$1>')
    .replace(/\$0/g, '$&');
}
