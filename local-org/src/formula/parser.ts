/** Reads a formula into a tree: operators by their precedence, `^` and unary signs as Salesforce reads them. */
import { Decimal } from '../values/values.js';
import { tokenize, type FormulaSource, type Token } from './tokens.js';

export type FormulaNode =
  | {
      readonly kind: 'literal';
      readonly value: Decimal | string | boolean | null;
      readonly at: number;
    }
  /** `Status__c`, `Item__r.Status__c`, `$User.Id`, a flow's `{!Record.Field}`. */
  | { readonly kind: 'reference'; readonly path: readonly string[]; readonly at: number }
  | {
      readonly kind: 'call';
      /** Upper case. */
      readonly name: string;
      readonly args: readonly FormulaNode[];
      readonly at: number;
    }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: FormulaNode;
      readonly right: FormulaNode;
      readonly at: number;
    }
  | {
      readonly kind: 'unary';
      readonly operator: '-' | '+' | '!';
      readonly operand: FormulaNode;
      readonly at: number;
    };

export type BinaryOperator =
  '||' | '&&' | '=' | '<>' | '<' | '>' | '<=' | '>=' | '&' | '+' | '-' | '*' | '/' | '^';

/** Greater binds closer. */
const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  '||': 1,
  '&&': 2,
  '=': 3,
  '<>': 3,
  '<': 4,
  '>': 4,
  '<=': 4,
  '>=': 4,
  '&': 5,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '^': 8,
};
const UNARY_PRECEDENCE = 7;
const SYNONYMS: Readonly<Record<string, BinaryOperator>> = { '==': '=', '!=': '<>' };

function binaryOperator(token: Token): BinaryOperator | null {
  if (token.kind !== 'operator') return null;
  const text = SYNONYMS[token.text] ?? token.text;
  return text in PRECEDENCE ? (text as BinaryOperator) : null;
}

class Parser {
  private readonly tokens: readonly Token[];
  private position = 0;

  constructor(private readonly source: FormulaSource) {
    this.tokens = tokenize(source);
  }

  parse(): FormulaNode {
    const node = this.expression(0);
    if (this.current.kind !== 'end') throw this.unexpected('an operator or the end');
    return node;
  }

  private get current(): Token {
    return this.tokens[this.position]!;
  }

  private next(): Token {
    const token = this.current;
    if (token.kind !== 'end') this.position++;
    return token;
  }

  private unexpected(expected: string): Error {
    const { text, at } = this.current;
    return this.source.error(`expected ${expected}, found ${text}`, at);
  }

  private expect(text: string): void {
    if (this.current.kind !== 'operator' || this.current.text !== text) {
      throw this.unexpected(`"${text}"`);
    }
    this.position++;
  }

  private expression(minimum: number): FormulaNode {
    let left = this.operand();
    for (;;) {
      const { at } = this.current;
      const operator = binaryOperator(this.current);
      if (operator === null || PRECEDENCE[operator] < minimum) return left;
      this.position++;
      const right = this.expression(PRECEDENCE[operator] + 1);
      left = { kind: 'binary', operator, left, right, at };
    }
  }

  private operand(): FormulaNode {
    const token = this.next();
    const { kind, text, at } = token;
    if (kind === 'number') return { kind: 'literal', value: new Decimal(text), at };
    if (kind === 'text') return { kind: 'literal', value: unescapeText(text.slice(1, -1)), at };
    if (kind === 'name') return this.name(text, at);
    if (text === '(') {
      const inner = this.expression(0);
      this.expect(')');
      return inner;
    }
    if (kind === 'operator' && (text === '-' || text === '+' || text === '!')) {
      return { kind: 'unary', operator: text, operand: this.expression(UNARY_PRECEDENCE), at };
    }
    this.position--;
    if (kind === 'end') this.position++;
    throw this.source.error(`expected a value, found ${text}`, at);
  }

  private name(text: string, at: number): FormulaNode {
    if (text.startsWith('{!')) {
      return { kind: 'reference', path: text.slice(2, -1).trim().split('.'), at };
    }
    if (this.current.kind === 'operator' && this.current.text === '(') {
      return { kind: 'call', name: text.toUpperCase(), args: this.arguments(), at };
    }
    const constant = CONSTANTS.get(text.toUpperCase());
    if (constant !== undefined) return { kind: 'literal', value: constant, at };
    return { kind: 'reference', path: text.split('.'), at };
  }

  private arguments(): FormulaNode[] {
    this.expect('(');
    const args: FormulaNode[] = [];
    if (this.current.text === ')' && this.current.kind === 'operator') {
      this.position++;
      return args;
    }
    for (;;) {
      args.push(this.expression(0));
      if (this.current.kind === 'operator' && this.current.text === ')') break;
      if (this.current.text !== ',' || this.current.kind !== 'operator') {
        throw this.unexpected('"," or ")"');
      }
      this.position++;
    }
    this.position++;
    return args;
  }
}

const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['TRUE', true],
  ['FALSE', false],
  ['NULL', null],
]);

function unescapeText(text: string): string {
  return text.replace(/\\([\s\S])/g, (_whole, character: string) => {
    if (character === 'n') return '\n';
    if (character === 't') return '\t';
    if (character === 'r') return '\r';
    // REGEX patterns keep their own escapes: "\\d" is written twice in the formula and arrives once.
    return character === '"' || character === "'" || character === '\\'
      ? character
      : `\\${character}`;
  });
}

export function parseFormula(source: FormulaSource): FormulaNode {
  return new Parser(source).parse();
}

/** Every node of a tree, parents first. */
export function* walkFormula(node: FormulaNode): IterableIterator<FormulaNode> {
  yield node;
  if (node.kind === 'call') for (const arg of node.args) yield* walkFormula(arg);
  else if (node.kind === 'unary') yield* walkFormula(node.operand);
  else if (node.kind === 'binary') {
    yield* walkFormula(node.left);
    yield* walkFormula(node.right);
  }
}
