/** Saves of single records, shared by the resources that offer them. */
import type { DmlOperation, SaveResult, Transaction } from '../org/contracts.js';
import type { LocalOrg } from '../org/local-org.js';
import type { SObjectRecord } from '../values/values.js';
import { ApiError } from './api-error.js';
import { USER_ACCESS } from './context.js';
import { recordFromJson } from './record-json.js';

/** All or nothing; a refusal is thrown as the platform's error. */
export function saveOne(
  tx: Transaction,
  operation: DmlOperation,
  record: SObjectRecord,
  externalIdField?: string,
): SaveResult {
  const [result] = tx.org.dml.save(tx, operation, [record], {
    access: USER_ACCESS,
    allOrNone: true,
    ...(externalIdField ? { externalIdField } : {}),
  });
  if (!result) throw new Error('The save of one record gave no result');
  return result;
}

/** A platform event is published, not stored. */
export function publishEvent(tx: Transaction, org: LocalOrg, event: SObjectRecord): SaveResult {
  if (!org.rights.objectRight(tx, event.type, 'create')) {
    throw new ApiError(403, 'INSUFFICIENT_ACCESS', `You may not publish ${event.type}.`);
  }
  const [result] = tx.org.events.publish(tx, [event]);
  if (!result) throw new Error('Publishing one event gave no result');
  return result;
}

/** The record with an id (15 or 18 characters), or a 404. */
export function requireRow(
  tx: Transaction,
  org: LocalOrg,
  object: string,
  id: string,
  fields: readonly string[] = ['Id'],
): SObjectRecord {
  const { name } = org.schema.requireObject(object);
  if (!/^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/.test(id)) {
    throw new ApiError(
      404,
      'NOT_FOUND',
      `Provided external ID field does not exist or is not accessible: ${id}`,
    );
  }
  const soql = `SELECT ${fields.join(', ')} FROM ${name} WHERE Id = '${id}'`;
  const [row] = tx.org.queries.compileText(soql, 'the record').execute(tx, [], USER_ACCESS).records;
  if (row) return row;
  throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
}

/** The record that an external id names; undefined when there is none yet. */
export function findByExternalId(
  tx: Transaction,
  org: LocalOrg,
  object: string,
  field: string,
  value: string,
  fields: readonly string[] = ['Id'],
): SObjectRecord | undefined {
  const { name } = org.schema.requireObject(object);
  const describe = org.schema.requireField(name, field);
  if (!describe.externalId && describe.type !== 'id') {
    throw new ApiError(
      404,
      'NOT_FOUND',
      `Provided external ID field does not exist or is not accessible: ${field}`,
    );
  }
  const key = recordFromJson(org.schema, name, { [describe.name]: value }).get(describe.name);
  const literal = typeof key === 'string' ? `'${key.replace(/[\\']/g, '\\$&')}'` : String(key);
  const soql = `SELECT ${fields.join(', ')} FROM ${name} WHERE ${describe.name} = ${literal}`;
  const rows = tx.org.queries.compileText(soql, 'the record').execute(tx, [], USER_ACCESS).records;
  if (rows.length > 1) {
    throw new ApiError(
      300,
      'MULTIPLE_CHOICES',
      `${rows.length} records have ${describe.name} = ${value}.`,
    );
  }
  return rows[0];
}

/** Fields the user may read, for a record asked for as a whole; bytes are asked for by themselves. */
export function readableFields(tx: Transaction, org: LocalOrg, object: string): string[] {
  const describe = org.schema.requireObject(object);
  return describe.fields
    .filter(({ name }) => org.rights.fieldRight(tx, describe.name, name, 'read'))
    .map(({ name }) => name);
}
