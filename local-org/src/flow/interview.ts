/** One run of a flow for one record or one caller: its variables, and the names it can read and set. */
import { randomUUID } from 'node:crypto';
import { type Formula, PicklistText, toFormulaValue, type FormulaValue } from '../formula/index.js';
import type { FlowValue, Transaction } from '../org/contracts.js';
import { ApexDatetime, SObjectRecord } from '../values/values.js';
import { FlowFault } from './errors.js';
import type { FlowDefinition, FlowOperand } from './model.js';
import type { FlowWorld } from './world.js';
import {
  copyValue,
  emptyValue,
  isApexObject,
  isFieldValue,
  isList,
  literalValue,
  normalize,
  parseDate,
  setField,
  showInText,
} from './values.js';

/** What started an interview. */
export interface InterviewStart {
  readonly inputs: ReadonlyMap<string, FlowValue>;
  readonly record: SObjectRecord | null;
  readonly prior: SObjectRecord | null;
  readonly isNew: boolean | null;
}

export interface LoopState {
  readonly items: readonly FlowValue[];
  index: number;
}

export class Interview {
  /** Element the interview waits at; null at its end. */
  at: string | null;
  /** Why the interview ended early; null when it did not. */
  failure: unknown = null;
  readonly errors: { readonly message: string; readonly field: string | null }[] = [];
  readonly loops = new Map<string, LoopState>();
  /** Outcomes of decisions that were taken, in lower case. */
  readonly outcomes = new Set<string>();
  /** Elements the interview has come to. */
  readonly visited = new Set<string>();
  faultMessage = '';
  readonly guid = randomUUID();
  private readonly values = new Map<string, FlowValue>();
  private readonly evaluating = new Set<string>();

  constructor(
    readonly tx: Transaction,
    readonly world: FlowWorld,
    readonly flow: FlowDefinition,
    readonly start: InterviewStart,
    startAt: string | null,
  ) {
    this.at = startAt;
    for (const variable of flow.variables) {
      const input = variable.isInput ? start.inputs.get(variable.name.toLowerCase()) : undefined;
      const initial =
        input ??
        (variable.initial
          ? this.operand(variable.initial)
          : emptyValue(
              variable.dataType,
              variable.objectType,
              variable.isCollection,
              variable.place,
            ));
      this.values.set(variable.name.toLowerCase(), normalize(initial));
    }
  }

  get startedAt(): number {
    return this.tx.now();
  }

  /** A value as the flow writes it. */
  operand(operand: FlowOperand | null): FlowValue {
    if (!operand) return null;
    if (operand.kind === 'literal') {
      const value = literalValue(operand);
      return typeof value === 'string' ? this.fillText(value, operand.place) : value;
    }
    if (operand.kind === 'formula') {
      return this.formulaValue(this.world.formula(operand.text, this.flow.file, operand.line));
    }
    return this.read(operand.path, operand.place);
  }

  /** The value behind a reference such as `Get_Case.Severity__c`; throws when there is no such name. */
  read(path: readonly string[], place: string): FlowValue {
    try {
      return normalize(this.resolve(path));
    } catch (error) {
      throw FlowFault.at(error, `${this.flow.name}, ${path.join('.')}`, place);
    }
  }

  /** Sets a variable, an element's output or a field of a record. */
  write(path: readonly string[], value: FlowValue, place: string): void {
    try {
      this.assign(path, value);
    } catch (error) {
      throw FlowFault.at(error, `${this.flow.name}, ${path.join('.')}`, place);
    }
  }

  /** Stores what an element gives, under the element's name. */
  setOutput(element: string, value: FlowValue): void {
    this.values.set(element.toLowerCase(), value);
  }

  variable(name: string): FlowValue {
    return this.values.get(name.toLowerCase()) ?? null;
  }

  /** Text with `{!Name}` replaced by values. */
  fillText(text: string, place: string): string {
    return text.replace(/\{!\s*(\$?[\w.]+)\s*\}/g, (_whole, path: string) =>
      showInText(this.read(path.split('.'), place)),
    );
  }

  formulaValue(formula: Formula): FlowValue {
    const value = formula.evaluate({
      resolve: (path) => this.forFormula(path, this.start.record),
      prior: this.start.prior ? (path) => this.forFormula(path, this.start.prior) : null,
      isNew: this.start.isNew,
      now: () => this.tx.now(),
      timeZone: this.world.timeZoneOf(this.tx.userId),
      blanksAreZero: false,
    });
    return value instanceof PicklistText ? value.value : value;
  }

  /** Formulas of flows know picklist fields apart from text, as those of records do. */
  private forFormula(path: readonly string[], record: SObjectRecord | null): FormulaValue {
    const head = path[0]?.toLowerCase();
    if (head !== '$record' && head !== '$record__prior') {
      const owner = this.values.get(head ?? '');
      if (owner instanceof SObjectRecord && path.length > 1) {
        return this.world.fieldForFormula(this.tx, owner, path.slice(1));
      }
    } else if (path.length > 1) {
      const image = head === '$record' ? record : this.start.prior;
      return image ? this.world.fieldForFormula(this.tx, image, path.slice(1)) : null;
    }
    const global = this.world.globals.resolve(this.tx, path);
    if (global !== undefined) return global;
    const value = this.resolve(path);
    if (isFieldValue(value)) return toFormulaValue(value);
    throw new Error('a formula takes single values only, not collections, records or Apex objects');
  }

  private resolve(path: readonly string[]): FlowValue {
    const [head = '', ...rest] = path;
    const name = head.toLowerCase();
    if (name === '$record' || name === '$record__prior') {
      const record = name === '$record' ? this.start.record : this.start.prior;
      if (!record && name === '$record') throw new Error('this flow has no triggering record');
      return record ? this.follow(record, rest) : null;
    }
    if (name === '$flow') return this.flowGlobal(rest[0] ?? '');
    if (name === '$globalconstant') return globalConstant(rest[0] ?? '');
    if (name.startsWith('$')) {
      const value = this.world.globals.resolve(this.tx, path);
      if (value === undefined) throw new Error(`${head} is not known in flows`);
      return value instanceof PicklistText ? value.value : value;
    }
    return this.follow(this.named(name, head), rest);
  }

  private named(name: string, written: string): FlowValue {
    const value = this.values.get(name);
    if (value !== undefined) return value;
    const formula = this.flow.formulas.get(name);
    if (formula) return this.once(name, () => this.namedFormula(formula));
    const template = this.flow.templates.get(name);
    if (template) return this.once(name, () => this.fillText(template.text, template.place));
    if (this.flow.constants.has(name)) return this.operand(this.flow.constants.get(name) ?? null);
    if (this.outcomes.has(name)) return true;
    for (const element of this.flow.elements.values()) {
      if (element.name.toLowerCase() === name) return null;
      if (element.kind === 'decision') {
        if (element.rules.some((rule) => rule.name.toLowerCase() === name)) return false;
      }
    }
    throw new Error(`the flow has no resource ${written}`);
  }

  private namedFormula(formula: { text: string; line: number; dataType: string }): FlowValue {
    const value = this.formulaValue(this.world.formula(formula.text, this.flow.file, formula.line));
    if (formula.dataType === 'Date' && value instanceof ApexDatetime) {
      return parseDate(value.toString());
    }
    return value;
  }

  private once<T>(name: string, compute: () => T): T {
    if (this.evaluating.has(name)) throw new Error('the resource refers to itself');
    this.evaluating.add(name);
    try {
      return compute();
    } finally {
      this.evaluating.delete(name);
    }
  }

  private follow(value: FlowValue, path: readonly string[]): FlowValue {
    if (path.length === 0 || value === null) return value;
    if (value instanceof SObjectRecord) return this.world.value(this.tx, value, path);
    if (isApexObject(value)) return this.follow(value.get(path[0]!), path.slice(1));
    throw new Error(`${path.join('.')} cannot be read from a value without fields`);
  }

  private assign(path: readonly string[], value: FlowValue): void {
    const [head = '', ...rest] = path;
    const isRecord = head.toLowerCase() === '$record';
    if (rest.length === 0 && !isRecord) {
      if (!this.values.has(head.toLowerCase())) throw new Error(`the flow has no variable ${head}`);
      this.values.set(head.toLowerCase(), copyValue(value));
      return;
    }
    const owner = isRecord ? this.start.record : this.named(head.toLowerCase(), head);
    if (rest.length !== 1) throw new Error('only a variable or one of its own fields can be set');
    if (owner instanceof SObjectRecord) setField(this.world.schema, owner, rest[0]!, value);
    else if (owner !== null && isApexObject(owner)) owner.set(rest[0]!, value);
    else throw new Error(`${head} has no fields to set`);
  }

  private flowGlobal(name: string): FlowValue {
    switch (name.toLowerCase()) {
      case 'currentdatetime':
        return new ApexDatetime(this.tx.now());
      case 'currentdate':
        return this.world.today(this.tx);
      case 'faultmessage':
        return this.faultMessage;
      case 'interviewguid':
        return this.guid;
      case 'currentrecord':
        return this.start.record?.id ?? null;
      default:
        throw new Error(`$Flow.${name} is not known here`);
    }
  }

  /** The items of a collection; a missing one is empty. */
  list(path: readonly string[], place: string): readonly FlowValue[] {
    const value = this.read(path, place);
    if (value === null) return [];
    if (isList(value)) return value;
    throw FlowFault.at(
      new Error('is no collection'),
      `${this.flow.name}, ${path.join('.')}`,
      place,
    );
  }
}

function globalConstant(name: string): FlowValue {
  switch (name.toLowerCase()) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'emptystring':
      return '';
    default:
      throw new Error(`$GlobalConstant.${name} does not exist`);
  }
}
