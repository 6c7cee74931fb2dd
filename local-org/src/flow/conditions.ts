/** Decides conditions: operators, and their logic such as `1 AND (2 OR 3)`. */
import { UnsupportedError, type FlowValue } from '../org/contracts.js';
import { ApexDate, ApexDatetime, ApexTime, Decimal, SObjectRecord } from '../values/values.js';
import type { FlowCondition, FlowConditions } from './model.js';
import type { Interview } from './interview.js';
import { isApexObject, isList, normalize, showInText } from './values.js';

/** True or false of each numbered condition, joined. */
export function joinLogic(
  logic: string,
  count: number,
  decide: (index: number) => boolean,
  place: string,
): boolean {
  const indexes = Array.from({ length: count }, (_each, index) => index);
  const word = logic.trim().toLowerCase();
  if (word === 'and') return indexes.every(decide);
  if (word === 'or') return indexes.some(decide);
  return new LogicReader(logic, count, decide, place).read();
}

/** `1 AND (2 OR NOT 3)`; AND binds closer than OR. */
class LogicReader {
  private readonly tokens: readonly string[];
  private position = 0;

  constructor(
    private readonly logic: string,
    private readonly count: number,
    private readonly decide: (index: number) => boolean,
    private readonly place: string,
  ) {
    this.tokens = logic.match(/\d+|and|or|not|[()]|\S+/gi) ?? [];
  }

  read(): boolean {
    const value = this.or();
    if (this.position < this.tokens.length) throw this.wrong();
    return value;
  }

  private or(): boolean {
    let value = this.and();
    while (this.take('or')) value = this.and() || value;
    return value;
  }

  private and(): boolean {
    let value = this.single();
    while (this.take('and')) value = this.single() && value;
    return value;
  }

  private single(): boolean {
    if (this.take('not')) return !this.single();
    if (this.take('(')) {
      const value = this.or();
      if (!this.take(')')) throw this.wrong();
      return value;
    }
    const number = Number(this.tokens[this.position]);
    if (!Number.isInteger(number) || number < 1 || number > this.count) throw this.wrong();
    this.position++;
    return this.decide(number - 1);
  }

  private take(word: string): boolean {
    if (this.tokens[this.position]?.toLowerCase() !== word) return false;
    this.position++;
    return true;
  }

  private wrong(): Error {
    return new Error(
      `${this.place}: cannot read the condition logic "${this.logic}" of ${this.count} conditions`,
    );
  }
}

export function decideConditions(interview: Interview, when: FlowConditions): boolean {
  if (when.formula) {
    const { text, line } = when.formula;
    const formula = interview.world.formula(text, interview.flow.file, line);
    return interview.formulaValue(formula) === true;
  }
  return joinLogic(
    when.logic,
    when.conditions.length,
    (index) => decideOne(interview, when.conditions[index]!),
    when.place,
  );
}

function decideOne(interview: Interview, condition: FlowCondition): boolean {
  const { left, operator, place } = condition;
  if (operator === 'IsChanged') return isChanged(interview, condition);
  const expected = interview.operand(condition.right);
  if (operator === 'WasVisited') {
    const name = left.join('.').toLowerCase();
    return (interview.visited.has(name) || interview.outcomes.has(name)) === (expected === true);
  }
  if (operator === 'WasSet') return (interview.read(left, place) !== null) === (expected === true);
  return compareValues(operator, interview.read(left, place), expected, place);
}

/** Whether a field of the triggering record has another value than before the save. */
function isChanged(interview: Interview, { left, right, place }: FlowCondition): boolean {
  if (left[0]?.toLowerCase() !== '$record' || left.length < 2) {
    throw new UnsupportedError(`IsChanged of ${left.join('.')}`, place);
  }
  const expected = interview.operand(right) === true;
  if (!interview.start.prior) return !expected;
  const before = interview.read(['$Record__Prior', ...left.slice(1)], place);
  return !sameValue(interview.read(left, place), before) === expected;
}

export function isEmpty(value: FlowValue): boolean {
  if (value === null || value === '') return true;
  return value instanceof SObjectRecord && [...value.entries()].length === 0;
}

/** Texts are compared without regard to case, as flows do. */
export function sameValue(left: FlowValue, right: FlowValue): boolean {
  const a = normalize(left);
  const b = normalize(right);
  if (isEmpty(a) || isEmpty(b)) return isEmpty(a) && isEmpty(b);
  if (a instanceof Decimal && b instanceof Decimal) return a.equals(b);
  if (typeof a === 'boolean' || typeof b === 'boolean') return showInText(a) === showInText(b);
  const order = compareOrder(a, b);
  if (order !== null) return order === 0;
  if (isList(a) && isList(b)) {
    return a.length === b.length && a.every((item, index) => sameValue(item, b[index] ?? null));
  }
  if (a instanceof SObjectRecord && b instanceof SObjectRecord) {
    return a === b || (a.id !== null && a.id === b.id);
  }
  return isApexObject(a) && a === b;
}

/** Negative, 0 or positive; null for values without a common order. */
export function compareOrder(left: FlowValue, right: FlowValue): number | null {
  const a = normalize(left);
  const b = normalize(right);
  if (a instanceof Decimal && b instanceof Decimal) return a.comparedTo(b);
  const [first, second] = [moment(a), moment(b)];
  if (first !== null && second !== null) return first - second;
  if (typeof a === 'string' && typeof b === 'string') {
    const [x, y] = [a.toLowerCase(), b.toLowerCase()];
    return x < y ? -1 : x > y ? 1 : 0;
  }
  return null;
}

function moment(value: FlowValue): number | null {
  if (value instanceof ApexDatetime) return value.epochMs;
  if (value instanceof ApexDate) return value.epochDay * 86_400_000;
  return value instanceof ApexTime ? value.ms : null;
}

/** A comparison as decisions, filters of collections and entry conditions write it. */
export function compareValues(
  operator: string,
  left: FlowValue,
  right: FlowValue,
  place: string,
): boolean {
  switch (operator) {
    case 'EqualTo':
      return sameValue(left, right);
    case 'NotEqualTo':
      return !sameValue(left, right);
    case 'IsNull':
      return (
        (left === null || (left instanceof SObjectRecord && isEmpty(left))) === (right === true)
      );
    case 'IsBlank':
      return isEmpty(left) === (right === true);
    case 'IsEmpty':
      return (!isList(left) || left.length === 0) === (right === true);
    case 'GreaterThan':
    case 'LessThan':
    case 'GreaterThanOrEqualTo':
    case 'LessThanOrEqualTo':
      return inOrder(operator, left, right, place);
    case 'StartsWith':
      return lower(left).startsWith(lower(right));
    case 'EndsWith':
      return lower(left).endsWith(lower(right));
    case 'Contains':
      if (isList(left)) return left.some((item) => sameValue(item, right));
      return lower(left).includes(lower(right));
    case 'In':
    case 'NotIn': {
      if (!isList(right)) throw new Error(`${place}: ${operator} needs a collection on the right`);
      return right.some((item) => sameValue(item, left)) === (operator === 'In');
    }
    default:
      throw new UnsupportedError(`The flow operator ${operator}`, place);
  }
}

function inOrder(operator: string, left: FlowValue, right: FlowValue, place: string): boolean {
  if (isEmpty(left) || isEmpty(right)) return false;
  const order = compareOrder(left, right);
  if (order === null) {
    throw new Error(`${place}: ${showInText(left)} and ${showInText(right)} cannot be ordered`);
  }
  if (operator === 'GreaterThan') return order > 0;
  if (operator === 'LessThan') return order < 0;
  return operator === 'GreaterThanOrEqualTo' ? order >= 0 : order <= 0;
}

const lower = (value: FlowValue): string => showInText(value).toLowerCase();
