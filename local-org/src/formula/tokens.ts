/** Splits a formula into tokens, each with its place for messages. */

export type TokenKind = 'number' | 'text' | 'name' | 'operator' | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Offset of the first character. */
  readonly at: number;
}

/** A formula that cannot be read or computed: says where, what was found and what was expected. */
export class FormulaError extends Error {
  constructor(problem: string, where: string) {
    super(`${where}: ${problem}`);
    this.name = 'FormulaError';
  }
}

/** The text of one formula with where it stands, so that an offset becomes a line. */
export class FormulaSource {
  constructor(
    readonly text: string,
    /** File, or object and rule, that holds the formula. */
    readonly name: string,
    /** Line of the file on which the formula begins; 0 when it is unknown. */
    readonly firstLine: number,
  ) {}

  place(at: number): string {
    const line = this.text.slice(0, at).split('\n').length;
    if (this.firstLine > 0) return `${this.name}:${this.firstLine + line - 1}`;
    return `${this.name}, line ${line} of the formula`;
  }

  error(problem: string, at: number): FormulaError {
    return new FormulaError(problem, this.place(at));
  }
}

const PATTERNS: readonly (readonly [TokenKind | 'skip', RegExp])[] = [
  ['skip', /\s+|\/\*[\s\S]*?\*\//y],
  ['number', /\d+(?:\.\d+)?|\.\d+/y],
  ['text', /"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'/y],
  // A flow writes its resources as {!Name}; a name may be a path and may begin with $.
  ['name', /\{!\s*\$?[A-Za-z_][\w.:]*\s*\}|\$?[A-Za-z_]\w*(?:[.:]\w+)*/y],
  ['operator', /&&|\|\||<>|!=|==|<=|>=|[-+*/^&=<>!(),]/y],
];

export function tokenize(source: FormulaSource): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.text.length) {
    let end = at;
    for (const [kind, pattern] of PATTERNS) {
      pattern.lastIndex = at;
      const match = pattern.exec(source.text)?.[0];
      if (match === undefined) continue;
      end = at + match.length;
      if (kind !== 'skip') tokens.push({ kind, text: match, at });
      break;
    }
    if (end === at) {
      throw source.error(`unexpected "${source.text.slice(at, at + 10)}" in the formula`, at);
    }
    at = end;
  }
  tokens.push({ kind: 'end', text: 'the end of the formula', at });
  return tokens;
}
