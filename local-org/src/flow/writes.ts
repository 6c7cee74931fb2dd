/**
 * Create, Update and Delete Records for all interviews that wait at it, with one save. When that save is refused, each
 * interview is saved again by itself, so that only those with the failure go to the fault path.
 */
import {
  DmlFailure,
  type AccessMode,
  type DmlOperation,
  type FlowValue,
} from '../org/contracts.js';
import { SObjectRecord } from '../values/values.js';
import { FlowFault, isCatchable } from './errors.js';
import type { Interview } from './interview.js';
import { RecordFinder } from './lookup.js';
import type { CreateElement, DeleteElement, UpdateElement } from './model.js';
import { isList, setField } from './values.js';

export type WriteElement = CreateElement | UpdateElement | DeleteElement;

const OPERATIONS: Readonly<Record<WriteElement['kind'], DmlOperation>> = {
  create: 'insert',
  update: 'update',
  delete: 'delete',
};

/** Returns the failure of each interview that failed. */
export function runWrite(
  interviews: readonly Interview[],
  element: WriteElement,
  access: AccessMode,
): ReadonlyMap<Interview, unknown> {
  const rows = rowsOf(interviews, element, access);
  const failures = saveTogether(interviews, rows, OPERATIONS[element.kind], access, element.name);
  if (element.kind === 'create') {
    interviews.forEach((interview, index) => {
      if (failures.has(interview)) return;
      afterCreate(interview, element, rows[index]!);
    });
  }
  return failures;
}

function rowsOf(
  interviews: readonly Interview[],
  element: WriteElement,
  access: AccessMode,
): SObjectRecord[][] {
  if (element.input) {
    const { input } = element;
    return interviews.map((interview) => recordsIn(interview.read(input, element.place), element));
  }
  if (element.object === null) throw new Error(`${element.place}: ${element.name} names no object`);
  const { schema } = interviews[0]!.world;
  const object = schema.requireObject(element.object).name;
  if (element.kind === 'create') {
    return interviews.map((interview) => [fill(interview, new SObjectRecord(object), element)]);
  }
  const found = findTargets(interviews, object, element, access);
  if (element.kind === 'delete') return found;
  return interviews.map((interview, index) =>
    found[index]!.map((row) => {
      const change = new SObjectRecord(object);
      change.set('Id', row.id);
      return fill(interview, change, element);
    }),
  );
}

/** The rows that filters name. A filter on the id alone needs no query. */
function findTargets(
  interviews: readonly Interview[],
  object: string,
  element: UpdateElement | DeleteElement,
  access: AccessMode,
): SObjectRecord[][] {
  const [only, ...others] = element.where.filters;
  if (only?.field.toLowerCase() === 'id' && only.operator === 'EqualTo' && others.length === 0) {
    return interviews.map((interview) => {
      const id = interview.operand(only.value);
      if (typeof id !== 'string' || id === '') return [];
      const row = new SObjectRecord(object);
      row.set('Id', id);
      return [row];
    });
  }
  return new RecordFinder(interviews, object, element.where, access).find([], '', null);
}

function fill(
  interview: Interview,
  record: SObjectRecord,
  element: CreateElement | UpdateElement,
): SObjectRecord {
  for (const { name, value, place } of element.assignments) {
    try {
      setField(interview.world.schema, record, name, interview.operand(value));
    } catch (error) {
      throw FlowFault.at(error, `${interview.flow.name}, ${element.name}`, place);
    }
  }
  return record;
}

function recordsIn(value: FlowValue, element: WriteElement): SObjectRecord[] {
  if (value === null) return [];
  const list = isList(value) ? value : [value];
  return list.map((item) => {
    if (item instanceof SObjectRecord) return item;
    throw new Error(`${element.place}: ${element.name} needs a record or a collection of records`);
  });
}

function saveTogether(
  interviews: readonly Interview[],
  rows: readonly SObjectRecord[][],
  operation: DmlOperation,
  access: AccessMode,
  element: string,
): ReadonlyMap<Interview, unknown> {
  const { tx } = interviews[0]!;
  const all = rows.flat();
  const failures = new Map<Interview, unknown>();
  if (all.length === 0) return failures;
  const options = { access, allOrNone: true };
  const before = tx.savepoint();
  try {
    tx.org.dml.save(tx, operation, all, options);
    return failures;
  } catch (error) {
    if (!isCatchable(error)) throw error;
    tx.rollback(before);
    if (interviews.length === 1) {
      failures.set(interviews[0]!, error);
      return failures;
    }
  }
  forgetSave(all, operation);
  interviews.forEach((interview, index) => {
    const own = rows[index]!;
    if (own.length === 0) return;
    const start = tx.savepoint();
    try {
      tx.org.dml.save(tx, operation, own, options);
    } catch (error) {
      if (!isCatchable(error)) throw error;
      tx.rollback(start);
      forgetSave(own, operation);
      failures.set(
        interview,
        error instanceof DmlFailure ? error : FlowFault.at(error, element, ''),
      );
    }
  });
  return failures;
}

/** What a save that was taken back left on the records. */
function forgetSave(rows: readonly SObjectRecord[], operation: DmlOperation): void {
  for (const row of rows) {
    row.errors.length = 0;
    if (operation === 'insert') row.unset('Id');
  }
}

function afterCreate(
  interview: Interview,
  element: CreateElement,
  rows: readonly SObjectRecord[],
): void {
  const id = rows[0]?.id ?? null;
  if (element.idTarget) interview.write(element.idTarget, id, element.place);
  else if (!element.input) interview.setOutput(element.name, id);
}
