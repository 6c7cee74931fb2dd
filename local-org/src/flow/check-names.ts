/** Checks that the names a flow uses exist, field by field as far as the object is known. */
import type { Formula } from '../formula/index.js';
import type { FlowCheckContext } from './check.js';
import type { FlowDefinition } from './model.js';
import { pathsInText } from './check-walk.js';

const FLOW_GLOBALS: ReadonlySet<string> = new Set([
  'currentdatetime',
  'currentdate',
  'currentrecord',
  'faultmessage',
  'interviewguid',
]);
const SOURCES: ReadonlySet<string> = new Set([
  '$user',
  '$profile',
  '$userrole',
  '$organization',
  '$globalconstant',
]);

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

export class NameChecker {
  constructor(
    private readonly flow: FlowDefinition,
    private readonly context: FlowCheckContext,
    private readonly say: (place: string, message: string) => void,
  ) {}

  /** Objects of record variables, and names in text templates and starting values. */
  checkResources(): void {
    for (const { name, objectType, initial, place } of this.flow.variables) {
      if (objectType !== null && !this.context.schema.object(objectType)) {
        this.say(place, `the variable ${name} is of ${objectType}, which is no object`);
      }
      if (initial?.kind === 'reference') this.checkPath(initial.path, initial.place);
    }
    for (const { text, place } of this.flow.templates.values()) {
      for (const { path } of pathsInText(text, place)) this.checkPath(path, place);
    }
  }

  checkFormula(read: () => Formula, place: string): void {
    try {
      for (const path of read().references) this.checkPath(path, place);
    } catch (error) {
      this.say(place, error instanceof Error ? error.message : String(error));
    }
  }

  checkPath(path: readonly string[], place: string): void {
    const [head = '', ...rest] = path;
    const problem = head.startsWith('$')
      ? this.globalProblem(head.toLowerCase(), rest)
      : this.resourceProblem(head, rest);
    if (problem !== null) this.say(place, `${path.join('.')}: ${problem}`);
  }

  private globalProblem(head: string, rest: readonly string[]): string | null {
    if (head === '$record' || head === '$record__prior') {
      const { object } = this.flow.start;
      return object === null
        ? 'the flow has no triggering record'
        : this.fieldProblem(object, rest);
    }
    if (head === '$flow') {
      return FLOW_GLOBALS.has(rest[0]?.toLowerCase() ?? '') ? null : 'there is no such global';
    }
    const { project } = this.context.schema;
    const last = rest[rest.length - 1]?.replace(new RegExp(`^${project.namespace}__`), '') ?? '';
    if (head === '$label') {
      const exists = [...project.labels.values()].some(({ fullName }) => same(fullName, last));
      return exists ? null : 'there is no such label';
    }
    if (head === '$permission') {
      const all = [...project.customPermissions.values()];
      return all.some(({ fullName }) => same(fullName, last))
        ? null
        : 'there is no such permission';
    }
    if (head === '$custommetadata') {
      const [type = '', record = '', field = ''] = rest;
      const exists = project.customMetadata.some(
        (each) => same(each.type, type) && same(each.developerName, record),
      );
      if (!exists) return 'there is no such custom metadata record';
      return this.context.schema.field(type, field) ? null : `${type} has no field ${field}`;
    }
    return SOURCES.has(head) ? null : 'there is no such global';
  }

  private resourceProblem(head: string, rest: readonly string[]): string | null {
    const key = head.toLowerCase();
    const { flow } = this;
    const variable = flow.variables.find(({ name }) => same(name, head));
    if (variable) {
      return variable.objectType === null ? null : this.fieldProblem(variable.objectType, rest);
    }
    if (flow.formulas.has(key) || flow.templates.has(key) || flow.constants.has(key)) return null;
    for (const element of flow.elements.values()) {
      if (element.kind === 'decision' && element.rules.some(({ name }) => same(name, head)))
        return null;
      if (element.kind === 'collection') {
        if (same(element.item ?? `currentItem_${element.name}`, head)) return null;
      }
      if (!same(element.name, head)) continue;
      if (element.kind === 'lookup') return this.fieldProblem(element.object, rest);
      if (element.kind === 'action' && element.actionType === 'apex') {
        return this.outputProblem(element.actionName, rest);
      }
      return null;
    }
    return 'the flow has no such resource';
  }

  private outputProblem(actionName: string, rest: readonly string[]): string | null {
    const action = this.context.invocable(actionName);
    const [output] = rest;
    if (!action || output === undefined) return null;
    const exists = action.outputs.some(({ name }) => same(name, output));
    return exists ? null : `${actionName} has no output ${output}`;
  }

  private fieldProblem(object: string, path: readonly string[]): string | null {
    const { schema } = this.context;
    let current = object;
    for (const relationship of path.slice(0, -1)) {
      const parent = schema.parent(current, relationship);
      if (!parent) return `${current} has no relationship ${relationship}`;
      if (parent.referenceTo.length !== 1) return null;
      current = parent.referenceTo[0]!;
    }
    const field = path[path.length - 1];
    if (field === undefined || schema.field(current, field)) return null;
    return `${current} has no field ${field}`;
  }
}
