/** Saving records from Apex. */
import type { DmlOperation, SaveResult } from '../../org/contracts.js';
import { SObjectRecord } from '../../values/values.js';
import { ApexList, type Value } from '../values/reference.js';
import { throwApex, throwNullPointer } from './exceptions.js';
import type { Session } from './session.js';

/** The records of a DML argument: one, or a list. */
export function rowsOf(value: Value): SObjectRecord[] {
  if (value === null) throwNullPointer();
  if (value instanceof SObjectRecord) return [value];
  if (!(value instanceof ApexList))
    throwApex('TypeException', 'DML requires SObject or SObject list type');
  return value.items.map((item) => {
    if (item instanceof SObjectRecord) return item;
    throwApex('NullPointerException', 'Attempt to de-reference a null object');
  });
}

export function saveRows(
  session: Session,
  operation: DmlOperation,
  rows: SObjectRecord[],
  mode: 'user' | 'system' | null,
  allOrNone: boolean,
  externalIdField?: string,
): SaveResult[] {
  const access = mode ? session.access(mode) : session.defaultAccess;
  const options =
    externalIdField === undefined ? { access, allOrNone } : { access, allOrNone, externalIdField };
  return session.tx.org.dml.save(session.tx, operation, rows, options);
}

export function saveStatement(
  session: Session,
  operation: DmlOperation,
  value: Value,
  mode: 'user' | 'system' | null,
  externalIdField?: string,
): void {
  const rows = rowsOf(value);
  if (rows.length) saveRows(session, operation, rows, mode, true, externalIdField);
}
