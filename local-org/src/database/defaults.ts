/** Fills the fields of a new record the caller left unset. */
import type { ObjectDescribe } from '../metadata/index.js';
import type { Transaction } from '../org/contracts.js';
import type { SObjectRecord } from '../values/values.js';
import { coerceValue } from './field-values.js';

/** Default values of one object's new record; a field set by the caller, even to null, is left alone. */
export function applyDefaults(
  tx: Transaction,
  object: ObjectDescribe,
  record: SObjectRecord,
): void {
  for (const field of object.fields) {
    if (record.has(field.name) && (field.type !== 'boolean' || record.get(field.name) !== null))
      continue;
    if (field.formula !== null || field.rollUpSummary !== null) continue;
    if (field.name === 'OwnerId') {
      record.set('OwnerId', tx.userId);
    } else if (field.defaultValueFormula !== null) {
      const value = tx.org.automation.evaluateFormula(
        tx,
        field.defaultValueFormula,
        record,
        field.type,
      );
      record.set(field.name, coerceValue(field, value));
    } else if (field.defaultValue !== null) {
      record.set(field.name, field.defaultValue);
    } else {
      const standard = field.picklist?.values.find((value) => value.isDefault && value.isActive);
      if (standard && field.type === 'picklist') record.set(field.name, standard.value);
    }
  }
}

/** `MI-{000000}` with the number in it; `{YYYY}`, `{MM}` and `{DD}` take the date. */
export function formatAutoNumber(displayFormat: string, number: number, nowMs: number): string {
  const [year = '', month = '', day = ''] = new Date(nowMs).toISOString().slice(0, 10).split('-');
  return displayFormat.replace(/\{(YYYY|YY|MM|DD|0+)\}/g, (_whole, part: string) => {
    if (part === 'YYYY') return year;
    if (part === 'YY') return year.slice(2);
    if (part === 'MM') return month;
    if (part === 'DD') return day;
    return String(number).padStart(part.length, '0');
  });
}
