/** The references and values inside one flow element. */
import type { FieldInput, FlowConditions, FlowElement, FlowFilters, FlowOperand } from './model.js';

interface PlacedPath {
  readonly path: readonly string[];
  readonly place: string;
}

const present = <T>(value: T | null): value is T => value !== null;

const ofConditions = (when: FlowConditions): (FlowOperand | null)[] =>
  when.conditions.map(({ right }) => right);
const ofFilters = (where: FlowFilters): (FlowOperand | null)[] =>
  where.filters.map(({ value }) => value);
const ofInputs = (inputs: readonly FieldInput[]): (FlowOperand | null)[] =>
  inputs.map(({ value }) => value);

/** Every value an element writes, compares with or hands on. */
export function operandsOf(element: FlowElement): FlowOperand[] {
  const found: (FlowOperand | null)[] = [];
  switch (element.kind) {
    case 'assignment':
      found.push(...element.items.map(({ value }) => value));
      break;
    case 'decision':
      found.push(...element.rules.flatMap(({ when }) => ofConditions(when)));
      break;
    case 'collection':
      found.push(...ofConditions(element.when));
      break;
    case 'lookup':
      found.push(...ofFilters(element.where), element.limit);
      break;
    case 'create':
      found.push(...ofInputs(element.assignments));
      break;
    case 'update':
      found.push(...ofFilters(element.where), ...ofInputs(element.assignments));
      break;
    case 'delete':
      found.push(...ofFilters(element.where));
      break;
    case 'action':
    case 'subflow':
      found.push(...ofInputs(element.inputs));
      break;
    default:
      break;
  }
  return found.filter(present);
}

const MERGE_FIELD = /\{!\s*(\$?[\w.]+)\s*\}/g;

/** Names inside a text, `{!Name}`. */
export function pathsInText(text: string, place: string): PlacedPath[] {
  return [...text.matchAll(MERGE_FIELD)].map((match) => ({ path: match[1]!.split('.'), place }));
}

/** Every name an element reads or sets. */
export function pathsOf(element: FlowElement): PlacedPath[] {
  const { place } = element;
  const found: PlacedPath[] = operandsOf(element).flatMap((operand) => {
    if (operand.kind === 'reference') return [{ path: operand.path, place: operand.place }];
    return operand.kind === 'literal' ? pathsInText(operand.text, operand.place) : [];
  });
  const add = (path: readonly string[] | null, at = place): void => {
    if (path) found.push({ path, place: at });
  };
  if (element.kind === 'assignment') element.items.forEach((item) => add(item.target, item.place));
  if (element.kind === 'decision') {
    for (const { when } of element.rules)
      when.conditions.forEach((each) => add(each.left, each.place));
  }
  if (element.kind === 'loop') {
    add(element.collection);
    add(element.item);
  }
  if (element.kind === 'collection') add(element.collection);
  if (element.kind === 'lookup') add(element.output);
  if ('input' in element) add(element.input);
  if (element.kind === 'create') add(element.idTarget);
  if ('outputs' in element) element.outputs.forEach((output) => add(output.target, output.place));
  if (element.kind === 'customError') {
    element.messages.forEach(({ text }) => found.push(...pathsInText(text, place)));
  }
  return found;
}
