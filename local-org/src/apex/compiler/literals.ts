import type { LiteralContext } from '@apexdevtools/apex-parser';
import {
  BOOLEAN,
  DECIMAL,
  DOUBLE,
  INTEGER,
  LONG,
  NULL,
  STRING,
  type ApexType,
} from '../types/type.js';
import { ApexDouble } from '../../values/values.js';
import { parseDecimal } from '../values/numbers.js';
import type { Value } from '../values/reference.js';
import type { CodeContext, TypedExpr } from './context.js';

export function compileLiteral(cx: CodeContext, node: LiteralContext): TypedExpr {
  const [type, value] = literalValue(cx, node);
  return { type, run: () => value };
}

function literalValue(cx: CodeContext, node: LiteralContext): [ApexType, Value] {
  const text = node.getText();
  if (node.NULL()) return [NULL, null];
  if (node.BooleanLiteral()) return [BOOLEAN, text.toLowerCase() === 'true'];
  if (node.StringLiteral()) return [STRING, unescape(text.slice(1, -1))];
  if (node.MultilineStringLiteral()) return [STRING, multiline(text)];
  if (node.LongLiteral()) return [LONG, BigInt(text.slice(0, -1))];
  if (node.IntegerLiteral()) {
    const value = Number(text);
    if (value > 2_147_483_648) cx.fail(node, `Illegal integer: ${text}`);
    return [INTEGER, value | 0];
  }
  return /d$/i.test(text)
    ? [DOUBLE, new ApexDouble(Number(text.slice(0, -1)))]
    : [DECIMAL, parseDecimal(text)];
}

const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** The characters a string literal stands for. */
export function unescape(text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_, escape: string) =>
    escape[0] === 'u' && escape.length === 5
      ? String.fromCharCode(parseInt(escape.slice(1), 16))
      : (ESCAPES[escape.toLowerCase()] ?? escape),
  );
}

/** A `'''` text block without its first line break and its common indent. */
function multiline(text: string): string {
  const lines = text
    .slice(3, -3)
    .replace(/^[ \t]*\r?\n/, '')
    .split(/\r?\n/);
  const indents = lines
    .filter((line, i) => line.trim() !== '' || i === lines.length - 1)
    .map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents);
  return unescape(lines.map((line) => line.slice(indent)).join('\n'));
}
