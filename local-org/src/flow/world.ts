/** What flows need of the org around them. */
import {
  Formula,
  fieldToFormula,
  toFormulaValue,
  type FormulaValue,
  type Globals,
} from '../formula/index.js';
import type { Schema } from '../metadata/index.js';
import type { Transaction } from '../org/contracts.js';
import { ApexDate, type FieldValue, type SObjectRecord } from '../values/values.js';
import { localDay } from '../soql/time-zone.js';
import type { FlowDefinition } from './model.js';

export interface FlowWorldParts {
  readonly schema: Schema;
  readonly globals: Globals;
  /** Follows fields and parents of a record, reading what it does not carry. */
  readonly value: (tx: Transaction, record: SObjectRecord, path: readonly string[]) => FieldValue;
  readonly timeZoneOf: (userId: string) => string;
}

export class FlowWorld {
  readonly schema: Schema;
  readonly globals: Globals;
  readonly timeZoneOf: (userId: string) => string;
  private readonly formulas = new Map<string, Formula>();
  private readonly flows = new Map<string, FlowDefinition>();

  constructor(private readonly parts: FlowWorldParts) {
    this.schema = parts.schema;
    this.globals = parts.globals;
    this.timeZoneOf = parts.timeZoneOf;
  }

  add(flow: FlowDefinition): void {
    this.flows.set(flow.name.toLowerCase(), flow);
  }

  /** A flow by its API name, with or without the package's namespace. */
  flow(name: string): FlowDefinition | undefined {
    const { namespace } = this.schema.project;
    const local = namespace ? name.replace(new RegExp(`^${namespace}__`, 'i'), '') : name;
    return this.flows.get(local.toLowerCase());
  }

  allFlows(): IterableIterator<FlowDefinition> {
    return this.flows.values();
  }

  formula(text: string, file: string, line: number): Formula {
    const key = `${file}:${line}\n${text}`;
    let formula = this.formulas.get(key);
    if (!formula) {
      formula = new Formula(text, file, line);
      this.formulas.set(key, formula);
    }
    return formula;
  }

  value(tx: Transaction, record: SObjectRecord, path: readonly string[]): FieldValue {
    return this.parts.value(tx, record, path);
  }

  fieldForFormula(tx: Transaction, record: SObjectRecord, path: readonly string[]): FormulaValue {
    const value = this.value(tx, record, path);
    let object = record.type;
    for (const relationship of path.slice(0, -1)) {
      const parents = this.schema.parent(object, relationship)?.referenceTo ?? [];
      if (parents.length !== 1) return toFormulaValue(value);
      object = parents[0]!;
    }
    const field = this.schema.requireField(object, path[path.length - 1]!);
    return fieldToFormula(value, field, false);
  }

  today(tx: Transaction): ApexDate {
    return ApexDate.fromEpochDay(localDay(tx.now(), this.timeZoneOf(tx.userId)));
  }
}
