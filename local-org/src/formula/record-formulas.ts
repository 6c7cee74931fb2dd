/** Formulas that speak of one record: validation rules, formula fields, default values, entry conditions of flows. */
import type { Schema } from '../metadata/index.js';
import type { SaveRow, Transaction } from '../org/contracts.js';
import type { FieldValue, SObjectRecord } from '../values/values.js';
import { fieldToFormula, formulaToField } from './field-values.js';
import { Formula } from './formula.js';
import type { Globals } from './globals.js';
import type { FormulaScope, FormulaValue } from './types.js';

export interface RecordFormulaParts {
  readonly schema: Schema;
  readonly globals: Globals;
  /** The record a lookup leads to; throws when there is no such relationship. */
  readonly parent: (
    tx: Transaction,
    record: SObjectRecord,
    relationship: string,
  ) => SObjectRecord | null;
  /** The value of a field, formulas computed; throws when there is no such field. */
  readonly field: (tx: Transaction, record: SObjectRecord, name: string) => FieldValue;
  readonly timeZoneOf: (userId: string) => string;
}

/** The images of the record an evaluation is about. */
export interface RecordImages {
  readonly record: SObjectRecord;
  readonly old: SObjectRecord | null;
  /** Null where ISNEW has no meaning. */
  readonly isNew: boolean | null;
}

export class RecordFormulas {
  private readonly compiled = new Map<string, Formula>();
  private readonly fieldOfFormula = new Map<string, { name: string; blanksAreZero: boolean }>();

  constructor(private readonly parts: RecordFormulaParts) {}

  /** Values of a record and the globals, under bare names as validation rules write them. */
  scope(tx: Transaction, images: RecordImages, blanksAreZero: boolean): FormulaScope {
    const { record, old, isNew } = images;
    return {
      resolve: (path) => this.resolve(tx, record, path, blanksAreZero),
      prior: old ? (path) => this.resolve(tx, old, path, blanksAreZero) : null,
      isNew,
      now: () => tx.now(),
      timeZone: this.parts.timeZoneOf(tx.userId),
      blanksAreZero,
    };
  }

  /** The value of a formula field or a default-value formula. */
  value(tx: Transaction, text: string, record: SObjectRecord, returns: string): FieldValue {
    const { name, blanksAreZero } = this.describe(text, record.type);
    const scope = this.scope(tx, { record, old: null, isNew: null }, blanksAreZero);
    return formulaToField(this.compile(text, name).evaluate(scope), returns);
  }

  /** Puts the errors of the object's active validation rules on the rows. */
  validate(tx: Transaction, object: string, rows: readonly SaveRow[]): void {
    const rules =
      this.parts.schema.project.objects.get(object.toLowerCase())?.validationRules ?? [];
    for (const rule of rules) {
      if (!rule.active) continue;
      const formula = this.compile(rule.errorConditionFormula, rule.file);
      for (const { record, old } of rows) {
        const scope = this.scope(tx, { record, old, isNew: old === null }, false);
        if (!formula.isTrue(scope)) continue;
        record.errors.push({
          statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
          message: rule.errorMessage,
          fields: rule.errorDisplayField === null ? [] : [rule.errorDisplayField],
        });
      }
    }
  }

  compile(text: string, where: string): Formula {
    const key = `${where}\n${text}`;
    let formula = this.compiled.get(key);
    if (!formula) {
      formula = new Formula(text, where);
      this.compiled.set(key, formula);
    }
    return formula;
  }

  private resolve(
    tx: Transaction,
    record: SObjectRecord,
    path: readonly string[],
    blanksAreZero: boolean,
  ): FormulaValue {
    if (path[0]?.startsWith('$')) {
      const value = this.parts.globals.resolve(tx, path);
      if (value === undefined) throw new Error(`${path[0]} is not known here`);
      return value;
    }
    let current: SObjectRecord | null = record;
    for (const relationship of path.slice(0, -1)) {
      if (!current) return null;
      current = this.parts.parent(tx, current, relationship);
    }
    if (!current) return null;
    const field = this.parts.schema.requireField(current.type, path[path.length - 1]!);
    return fieldToFormula(this.parts.field(tx, current, field.name), field, blanksAreZero);
  }

  /** The field a formula belongs to: names it in errors and tells how it treats blanks. */
  private describe(text: string, object: string): { name: string; blanksAreZero: boolean } {
    const key = `${object}\n${text}`;
    let found = this.fieldOfFormula.get(key);
    if (!found) {
      const field = this.parts.schema
        .object(object)
        ?.fields.find((each) => each.formula === text || each.defaultValueFormula === text);
      found = {
        name: field ? `${object}.${field.name}` : object,
        blanksAreZero: field?.formula === text && field.formulaTreatsBlanksAsZero,
      };
      this.fieldOfFormula.set(key, found);
    }
    return found;
  }
}
