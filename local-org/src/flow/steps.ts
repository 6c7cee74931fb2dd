/** Elements that touch nothing outside the interview: each runs alone, and says where to go next. */
import { UnsupportedError, type FlowValue } from '../org/contracts.js';
import { ApexDate, ApexDatetime, Decimal } from '../values/values.js';
import { compareOrder, decideConditions, isEmpty, sameValue } from './conditions.js';
import type { Interview } from './interview.js';
import type {
  AssignmentElement,
  CollectionElement,
  CustomErrorElement,
  DecisionElement,
  LoopElement,
} from './model.js';
import { SObjectRecord } from '../values/values.js';
import { copyValue, isList, normalize, showInText } from './values.js';

export function runAssignment(interview: Interview, element: AssignmentElement): string | null {
  for (const { target, operator, value, place } of element.items) {
    const operand = interview.operand(value);
    const current = operator === 'Assign' ? null : interview.read(target, place);
    interview.write(target, assigned(operator, current, operand, place), place);
  }
  return element.next;
}

function assigned(
  operator: string,
  current: FlowValue,
  value: FlowValue,
  place: string,
): FlowValue {
  const list = isList(current) ? current : [];
  const items = isList(value) ? value.map(copyValue) : [copyValue(value)];
  switch (operator) {
    case 'Assign':
      return value;
    case 'Add':
      return isList(current) ? [...list, ...items] : add(current, value, 1, place);
    case 'Subtract':
      return add(current, value, -1, place);
    case 'AddItem':
      return [...list, ...items];
    case 'AddAtStart':
      return [...items, ...list];
    case 'AssignCount':
      return new Decimal(isList(value) ? value.length : 0);
    case 'RemoveAll':
      return list.filter((item) => !items.some((other) => sameValue(item, other)));
    case 'RemoveUncommon':
      return list.filter((item) => items.some((other) => sameValue(item, other)));
    case 'RemoveFirst': {
      const index = list.findIndex((item) => sameValue(item, value));
      return index < 0 ? list : list.toSpliced(index, 1);
    }
    case 'RemoveBeforeFirst': {
      const index = list.findIndex((item) => sameValue(item, value));
      return index < 0 ? list : list.slice(index);
    }
    case 'RemoveAfterFirst': {
      const index = list.findIndex((item) => sameValue(item, value));
      return index < 0 ? list : list.slice(0, index + 1);
    }
    case 'RemovePosition':
      return list.toSpliced(Number(showInText(value)) - 1, 1);
    default:
      throw new UnsupportedError(`The assignment operator ${operator}`, place);
  }
}

/** Numbers and texts are added; a number of days moves a date. */
function add(current: FlowValue, value: FlowValue, sign: 1 | -1, place: string): FlowValue {
  const left = normalize(current);
  const right = normalize(value);
  if (right instanceof Decimal) {
    const amount = right.times(sign);
    if (left === null) return amount;
    if (left instanceof Decimal) return left.plus(amount);
    if (left instanceof ApexDate) return ApexDate.fromEpochDay(left.epochDay + amount.toNumber());
    if (left instanceof ApexDatetime) {
      return new ApexDatetime(left.epochMs + amount.times(86_400_000).toNumber());
    }
  }
  if (sign === 1 && (left === null || typeof left === 'string')) {
    return showInText(left) + showInText(right);
  }
  if (right === null) return left;
  throw new Error(`${place}: cannot add ${showInText(right)} to ${showInText(left)}`);
}

export function runDecision(interview: Interview, element: DecisionElement): string | null {
  for (const rule of element.rules) interview.outcomes.delete(rule.name.toLowerCase());
  for (const rule of element.rules) {
    if (!decideConditions(interview, rule.when)) continue;
    if (rule.requiresChange && metBefore(interview, rule)) continue;
    interview.outcomes.add(rule.name.toLowerCase());
    return rule.next;
  }
  return element.next;
}

/** "Only if the record that triggered the flow was updated to meet the conditions." */
function metBefore(interview: Interview, rule: DecisionElement['rules'][number]): boolean {
  const { prior } = interview.start;
  if (!prior) return false;
  const conditions = rule.when.conditions.map((condition) => ({
    ...condition,
    left:
      condition.left[0]?.toLowerCase() === '$record'
        ? ['$Record__Prior', ...condition.left.slice(1)]
        : condition.left,
  }));
  return decideConditions(interview, { ...rule.when, conditions });
}

export function runLoop(interview: Interview, element: LoopElement): string | null {
  let state = interview.loops.get(element.name);
  if (!state) {
    const items = interview.list(element.collection, element.place);
    state = { items: element.isDescending ? items.toReversed() : items, index: 0 };
    interview.loops.set(element.name, state);
  }
  if (state.index >= state.items.length) {
    interview.loops.delete(element.name);
    return element.next;
  }
  const item = copyValue(state.items[state.index] ?? null);
  state.index++;
  if (element.item) interview.write(element.item, item, element.place);
  else interview.setOutput(element.name, item);
  return element.each ?? element.name;
}

export function runCollection(interview: Interview, element: CollectionElement): string | null {
  const items = interview.list(element.collection, element.place);
  let result: readonly FlowValue[];
  if (element.isFilter) {
    const itemName = element.item ?? `currentItem_${element.name}`;
    result = items.filter((item) => {
      interview.setOutput(itemName, item);
      return decideConditions(interview, element.when);
    });
  } else {
    result = items.toSorted((a, b) => compareBy(interview, element, a, b));
  }
  if (element.limit !== null) result = result.slice(0, element.limit);
  const isSortInPlace = !element.isFilter;
  if (isSortInPlace) interview.write(element.collection, result, element.place);
  interview.setOutput(element.name, result.map(copyValue));
  return element.next;
}

function compareBy(
  interview: Interview,
  element: CollectionElement,
  a: FlowValue,
  b: FlowValue,
): number {
  for (const { field, isDescending, nullsFirst } of element.sort) {
    const [x, y] = [a, b].map((item) =>
      field !== null && item instanceof SObjectRecord
        ? interview.world.value(interview.tx, item, field.split('.'))
        : item,
    ) as [FlowValue, FlowValue];
    if (isEmpty(x) !== isEmpty(y)) return isEmpty(x) === nullsFirst ? -1 : 1;
    const order = compareOrder(x, y) ?? 0;
    if (order !== 0) return isDescending ? -order : order;
  }
  return 0;
}

/** The interview goes on; its errors stop the save of its record. */
export function runCustomError(interview: Interview, element: CustomErrorElement): string | null {
  for (const { text, field } of element.messages) {
    interview.errors.push({ message: interview.fillText(text, element.place), field });
  }
  return element.next;
}
