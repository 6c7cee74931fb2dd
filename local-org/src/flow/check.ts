/**
 * Checks a flow without running it: that every connector leads somewhere, every element is reached, every name and field
 * exists, Apex actions have the inputs they are given, nothing that can fail lacks a fault path, and no id is written down.
 */
import type { Formula } from '../formula/index.js';
import { Formula as FormulaText } from '../formula/index.js';
import type { Schema } from '../metadata/index.js';
import type { InvocableDescription } from '../org/contracts.js';
import type { FlowDefinition, FlowElement, FlowOperand } from './model.js';
import { NameChecker } from './check-names.js';
import { operandsOf, pathsOf } from './check-walk.js';

export interface FlowProblem {
  /** `file:line`. */
  readonly place: string;
  readonly message: string;
}

export interface FlowCheckContext {
  readonly schema: Schema;
  /** The invocable method of an Apex class; null when it has none. */
  readonly invocable: (className: string) => InvocableDescription | null;
  readonly flow: (name: string) => FlowDefinition | undefined;
}

/** A record id: a key prefix that begins with 0 or a, then digits that no word has. */
const RECORD_ID = /\b(?=[0-9a][0-9A-Za-z]{2}[0-9A-Za-z]{2}0)[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?\b/;

export function checkFlow(flow: FlowDefinition, context: FlowCheckContext): FlowProblem[] {
  const problems: FlowProblem[] = [];
  const say = (place: string, message: string): void => void problems.push({ place, message });
  checkConnectors(flow, say);
  const names = new NameChecker(flow, context, say);
  names.checkResources();
  for (const element of flow.elements.values()) {
    checkFaultPath(flow, element, say);
    checkObjects(element, context.schema, say);
    if (element.kind === 'action') checkAction(element, context, say);
    if (element.kind === 'subflow') checkSubflow(element, context, say);
    for (const { path, place } of pathsOf(element)) names.checkPath(path, place);
    for (const operand of operandsOf(element)) checkLiteral(operand, say);
  }
  for (const formula of flow.formulas.values()) {
    names.checkFormula(() => readFormula(formula.text, flow.file, formula.line), formula.place);
  }
  const { formula } = flow.start;
  if (formula) {
    names.checkFormula(() => readFormula(formula.text, flow.file, formula.line), flow.start.place);
  }
  for (const filter of flow.start.when.filters) {
    names.checkPath(['$Record', ...filter.field.split('.')], filter.place);
    if (filter.value) checkLiteral(filter.value, say);
  }
  return problems;
}

type Say = (place: string, message: string) => void;

function readFormula(text: string, file: string, line: number): Formula {
  return new FormulaText(text, file, line);
}

/** Where an element may lead. */
function exitsOf(element: FlowElement): (string | null)[] {
  const exits = [element.next, element.fault];
  if (element.kind === 'decision') exits.push(...element.rules.map(({ next }) => next));
  if (element.kind === 'loop') exits.push(element.each);
  return exits;
}

function checkConnectors(flow: FlowDefinition, say: Say): void {
  const reached = new Set<string>();
  const follow = (name: string | null, place: string): void => {
    if (name === null || reached.has(name)) return;
    const element = flow.elements.get(name);
    if (!element) return say(place, `the connector leads to ${name}, which does not exist`);
    reached.add(name);
    for (const exit of exitsOf(element)) follow(exit, element.place);
  };
  follow(flow.start.next, flow.start.place);
  for (const path of flow.start.paths) follow(path.next, path.place);
  for (const { name, place } of flow.elements.values()) {
    if (!reached.has(name)) say(place, `${name} is never reached`);
  }
}

/** Before the save a failure refuses the record, which is what a gate wants; elsewhere it must have a path. */
function checkFaultPath(flow: FlowDefinition, element: FlowElement, say: Say): void {
  if (!/^(lookup|create|update|delete|action)$/.test(element.kind) || element.fault !== null)
    return;
  if (isOnFaultPath(flow, element.name)) return;
  say(element.place, `${element.name} has no fault path`);
}

/** True for an element that only fault paths lead to: a failure of the failure's handling may surface. */
function isOnFaultPath(flow: FlowDefinition, name: string): boolean {
  const normal = new Set<string>();
  const follow = (at: string | null): void => {
    if (at === null || normal.has(at)) return;
    normal.add(at);
    const element = flow.elements.get(at);
    if (!element) return;
    for (const exit of exitsOf({ ...element, fault: null })) follow(exit);
  };
  follow(flow.start.next);
  for (const path of flow.start.paths) follow(path.next);
  return !normal.has(name);
}

function checkObjects(element: FlowElement, schema: Schema, say: Say): void {
  if (!('object' in element) || element.object === null) return;
  const { object } = element;
  if (!schema.object(object)) return say(element.place, `there is no object ${object}`);
  const fields: { name: string; place: string }[] = [];
  if ('assignments' in element) fields.push(...element.assignments);
  if ('where' in element) {
    fields.push(...element.where.filters.map(({ field, place }) => ({ name: field, place })));
  }
  if (element.kind === 'lookup') {
    fields.push(...element.fields.map((name) => ({ name, place: element.place })));
    if (element.sortField !== null) fields.push({ name: element.sortField, place: element.place });
    fields.push(...element.outputs);
  }
  for (const { name, place } of fields) {
    if (!schema.field(object, name)) say(place, `${object} has no field ${name}`);
  }
}

function checkAction(
  element: FlowElement & { kind: 'action' },
  context: FlowCheckContext,
  say: Say,
): void {
  if (element.actionType !== 'apex') return;
  const action = context.invocable(element.actionName);
  if (!action) return say(element.place, `there is no Apex action ${element.actionName}`);
  const has = (list: readonly { name: string }[], name: string): boolean =>
    list.some((each) => each.name.toLowerCase() === name.toLowerCase());
  for (const { name, place } of element.inputs) {
    if (!has(action.inputs, name)) say(place, `${element.actionName} has no input ${name}`);
  }
  for (const { name, place } of element.outputs) {
    if (!has(action.outputs, name)) say(place, `${element.actionName} has no output ${name}`);
  }
  for (const { name, isRequired } of action.inputs) {
    if (isRequired && !has(element.inputs, name)) {
      say(element.place, `${element.actionName} needs the input ${name}`);
    }
  }
}

function checkSubflow(
  element: FlowElement & { kind: 'subflow' },
  context: FlowCheckContext,
  say: Say,
): void {
  const flow = context.flow(element.flow);
  if (!flow) return say(element.place, `there is no flow ${element.flow}`);
  const variable = (name: string) =>
    flow.variables.find((each) => each.name.toLowerCase() === name.toLowerCase());
  for (const { name, place } of element.inputs) {
    if (!variable(name)?.isInput) say(place, `${element.flow} has no input variable ${name}`);
  }
  for (const { name, place } of element.outputs) {
    if (!variable(name)?.isOutput) say(place, `${element.flow} has no output variable ${name}`);
  }
}

function checkLiteral(operand: FlowOperand, say: Say): void {
  if (operand.kind !== 'literal' || operand.type !== 'string') return;
  if (RECORD_ID.test(operand.text))
    say(operand.place, `"${operand.text}" is a record id of one org`);
}
