/** The small parts flow elements share: values, references, conditions, filters, connectors. */
import { UnsupportedError } from '../org/contracts.js';
import type { FieldInput, FieldOutput, FlowConditions, FlowFilters, FlowOperand } from './model.js';
import type { FlowXml } from './xml.js';

const LITERALS: Readonly<
  Record<string, 'string' | 'number' | 'boolean' | 'date' | 'dateTime' | 'time'>
> = {
  stringValue: 'string',
  numberValue: 'number',
  booleanValue: 'boolean',
  dateValue: 'date',
  dateTimeValue: 'dateTime',
  timeValue: 'time',
};

export function pathOf(reference: string): string[] {
  return reference.split('.');
}

/** A value element, or null when there is none. */
export function operand(node: FlowXml | null): FlowOperand | null {
  if (!node) return null;
  const { place } = node;
  const reference = node.text('elementReference');
  if (reference !== null) return { kind: 'reference', path: pathOf(reference), place };
  const formula = node.child('formulaExpression');
  if (formula) return { kind: 'formula', text: formula.ownText, line: formula.line, place };
  for (const child of node.children) {
    const type = LITERALS[child.tag];
    if (type) return { kind: 'literal', type, text: child.ownText, place };
  }
  const unknown = node.children[0];
  if (unknown) throw new UnsupportedError(`The flow value ${unknown.tag}`, unknown.place);
  return null;
}

export function target(node: FlowXml, connector: string): string | null {
  return node.child(connector)?.text('targetReference') ?? null;
}

export function readConditions(node: FlowXml): FlowConditions {
  const formula = node.child('formula');
  return {
    logic: node.text('conditionLogic') ?? 'and',
    conditions: node.all('conditions').map((condition) => {
      const nested = condition.child('conditions');
      if (nested) throw new UnsupportedError('A group of flow conditions', nested.place);
      return {
        left: pathOf(condition.required('leftValueReference')),
        operator: condition.required('operator'),
        right: operand(condition.child('rightValue')),
        place: condition.place,
      };
    }),
    formula: formula ? { text: formula.ownText, line: formula.line } : null,
    place: node.place,
  };
}

export function readFilters(node: FlowXml): FlowFilters {
  return {
    logic: node.text('filterLogic') ?? 'and',
    filters: node.all('filters').map((filter) => ({
      field: filter.required('field'),
      operator: filter.required('operator'),
      value: operand(filter.child('value')),
      place: filter.place,
    })),
    place: node.place,
  };
}

export function readInputs(node: FlowXml, tag: string, nameTag: string): FieldInput[] {
  return node.all(tag).map((input) => ({
    name: input.required(nameTag),
    value: operand(input.child('value')),
    place: input.place,
  }));
}

export function readOutputs(node: FlowXml, tag: string, nameTag: string): FieldOutput[] {
  return node.all(tag).map((output) => ({
    name: output.required(nameTag),
    target: pathOf(output.required('assignToReference')),
    place: output.place,
  }));
}
