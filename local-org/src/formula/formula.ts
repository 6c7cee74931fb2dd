/** A formula ready to be computed: read once, its functions checked, then evaluated as often as needed. */
import { ApexDate, ApexDatetime, Decimal } from '../values/values.js';
import { UnsupportedError } from '../org/contracts.js';
import { findFunction } from './functions.js';
import { applyOperator } from './operators.js';
import { parseFormula, walkFormula, type FormulaNode } from './parser.js';
import { FormulaError, FormulaSource } from './tokens.js';
import {
  isBlank,
  PicklistText,
  typeName,
  type CallContext,
  type FormulaScope,
  type FormulaValue,
} from './types.js';

export class Formula {
  private readonly source: FormulaSource;
  private readonly root: FormulaNode;

  /**
   * @param where file, or object and rule, that holds the formula; named in every error
   * @param firstLine line of the file on which the formula begins; 0 when it is unknown
   * @throws FormulaError when it cannot be read, UnsupportedError for a function this org does not have
   */
  constructor(text: string, where: string, firstLine = 0) {
    this.source = new FormulaSource(text, where, firstLine);
    this.root = parseFormula(this.source);
    for (const node of walkFormula(this.root)) if (node.kind === 'call') this.checkCall(node);
  }

  /** Paths of all fields, variables and globals the formula reads. */
  get references(): readonly (readonly string[])[] {
    return [...walkFormula(this.root)].flatMap((node) =>
      node.kind === 'reference' ? [node.path] : [],
    );
  }

  /** True when the formula looks at the state before the save. */
  get looksBack(): boolean {
    return [...walkFormula(this.root)].some(
      (node) => node.kind === 'call' && /^(ISCHANGED|PRIORVALUE)$/.test(node.name),
    );
  }

  evaluate(scope: FormulaScope): FormulaValue {
    return this.value(this.root, scope);
  }

  /** For conditions; blank counts as false. */
  isTrue(scope: FormulaScope): boolean {
    const value = this.evaluate(scope);
    if (typeof value === 'boolean') return value;
    if (value === null) return false;
    throw this.source.error(`expected a Boolean result, got ${typeName(value)}`, 0);
  }

  private checkCall(node: FormulaNode & { kind: 'call' }): void {
    const found = findFunction(node.name);
    if (!found)
      throw new UnsupportedError(`The formula function ${node.name}`, this.source.place(node.at));
    const { length } = node.args;
    if (length < found.minimum || length > found.maximum) {
      const range =
        found.minimum === found.maximum
          ? `${found.minimum}`
          : `${found.minimum} to ${found.maximum === Infinity ? 'any number of' : found.maximum}`;
      throw this.source.error(`${node.name} takes ${range} arguments, got ${length}`, node.at);
    }
  }

  private value(node: FormulaNode, scope: FormulaScope): FormulaValue {
    switch (node.kind) {
      case 'literal':
        return node.value;
      case 'reference':
        return this.reference(node, scope);
      case 'call':
        return this.call(node, scope);
      case 'unary':
        return this.unary(node, scope);
      case 'binary': {
        const { operator, left, right } = node;
        if (operator === '&&') return this.truth(left, scope) && this.truth(right, scope);
        if (operator === '||') return this.truth(left, scope) || this.truth(right, scope);
        return applyOperator(
          operator,
          this.value(left, scope),
          this.value(right, scope),
          (problem) => this.source.error(problem, node.at),
        );
      }
    }
  }

  private reference(node: FormulaNode & { kind: 'reference' }, scope: FormulaScope): FormulaValue {
    try {
      return scope.resolve(node.path);
    } catch (error) {
      if (error instanceof FormulaError || error instanceof UnsupportedError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw this.source.error(`${node.path.join('.')}: ${reason}`, node.at);
    }
  }

  private unary(node: FormulaNode & { kind: 'unary' }, scope: FormulaScope): FormulaValue {
    if (node.operator === '!') return !this.truth(node.operand, scope);
    const value = this.value(node.operand, scope);
    if (isBlank(value)) return null;
    if (!(value instanceof Decimal)) {
      throw this.source.error(`"${node.operator}" needs a number, got ${typeName(value)}`, node.at);
    }
    return node.operator === '-' ? value.negated() : value;
  }

  private truth(node: FormulaNode, scope: FormulaScope): boolean {
    const value = this.value(node, scope);
    if (value === null) return false;
    if (typeof value === 'boolean') return value;
    throw this.source.error(`expected a Boolean, got ${typeName(value)}`, node.at);
  }

  private call(node: FormulaNode & { kind: 'call' }, scope: FormulaScope): FormulaValue {
    const found = findFunction(node.name);
    if (!found)
      throw new UnsupportedError(`The formula function ${node.name}`, this.source.place(node.at));
    return found.call(this.context(node, scope));
  }

  private context(node: FormulaNode & { kind: 'call' }, scope: FormulaScope): CallContext {
    const argument = (index: number): FormulaNode => {
      const found = node.args[index];
      if (!found) throw this.source.error(`${node.name} needs argument ${index + 1}`, node.at);
      return found;
    };
    const evaluate = (inner: FormulaNode): FormulaValue => this.value(inner, scope);
    const typed = <T>(
      index: number,
      expected: string,
      accept: (value: FormulaValue) => value is FormulaValue & T,
    ): T | null => {
      const value = evaluate(argument(index));
      if (isBlank(value) && !(value instanceof PicklistText)) return null;
      if (accept(value)) return value;
      const hint = value instanceof PicklistText ? ': wrap the picklist field in TEXT' : '';
      throw this.source.error(
        `argument ${index + 1} of ${node.name} must be ${expected}, got ${typeName(value)}${hint}`,
        argument(index).at,
      );
    };
    return {
      scope,
      args: node.args,
      evaluate,
      any: (index) => evaluate(argument(index)),
      boolean: (index) => this.truth(argument(index), scope),
      text: (index) => typed(index, 'Text', (value): value is string => typeof value === 'string'),
      number: (index) =>
        typed(index, 'Number', (value): value is Decimal => value instanceof Decimal),
      date: (index) =>
        typed(index, 'Date', (value): value is ApexDate => value instanceof ApexDate),
      datetime: (index) =>
        typed(index, 'DateTime', (value): value is ApexDatetime => value instanceof ApexDatetime),
      path: (index) => {
        const inner = argument(index);
        if (inner.kind === 'reference') return inner.path;
        throw this.source.error(`${node.name} needs a field`, inner.at);
      },
      fail: (problem) => this.source.error(problem, node.at),
    };
  }
}
