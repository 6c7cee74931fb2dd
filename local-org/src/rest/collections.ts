/** `composite/sobjects`: up to 200 records in one call, all or none or each for itself. */
import type { Router, Request, Response } from 'express';
import type { DmlOperation, SaveResult, Transaction } from '../org/contracts.js';
import { DmlFailure } from '../org/contracts.js';
import { SObjectRecord } from '../values/values.js';
import { ApiError, toEntries } from './api-error.js';
import { asUser, parameter, queryValue, USER_ACCESS, type RestContext } from './context.js';
import { recordFromJson, recordToJson, requireObject } from './record-json.js';
import { publishEvent } from './saving.js';

const MAXIMUM_RECORDS = 200;

interface Slot {
  readonly id: string | null;
  readonly success: boolean;
  readonly created?: boolean;
  readonly errors: readonly object[];
}

function recordsOf({ org }: RestContext, body: unknown, forUpdate: boolean): SObjectRecord[] {
  const { records } = requireObject(body, 'the request');
  if (!Array.isArray(records) || records.length === 0 || records.length > MAXIMUM_RECORDS) {
    throw new ApiError(400, 'INVALID_INPUT', `Expected a list of 1 to ${MAXIMUM_RECORDS} records.`);
  }
  return records.map((entry) => {
    const json = requireObject(entry, 'a record');
    const { type } = requireObject(json['attributes'], 'attributes of a record');
    if (typeof type !== 'string') {
      throw new ApiError(
        400,
        'INVALID_INPUT',
        'Include a valid sObject type with the "attributes".',
      );
    }
    const { id, ...fields } = json;
    const record = recordFromJson(org.schema, type, fields);
    if (typeof id === 'string') record.set('Id', id);
    if (forUpdate && !record.id) {
      throw new ApiError(400, 'MISSING_ARGUMENT', 'Id not specified in an update call', ['Id']);
    }
    return record;
  });
}

/** Saves rows, or publishes them where they are events; a call takes either. */
function save(
  { org }: RestContext,
  tx: Transaction,
  operation: DmlOperation,
  records: SObjectRecord[],
  allOrNone: boolean,
  externalIdField?: string,
): Slot[] {
  const events = records.filter(({ type }) => org.schema.object(type)?.kind === 'platformEvent');
  if (events.length > 0 && (operation !== 'insert' || events.length < records.length)) {
    throw new ApiError(
      400,
      'INVALID_INPUT',
      'Expected platform events only, to be created, or none.',
    );
  }
  const results = events.length
    ? events.map((event) => publishEvent(tx, org, event))
    : tx.org.dml.save(tx, operation, records, {
        access: USER_ACCESS,
        allOrNone,
        ...(externalIdField ? { externalIdField } : {}),
      });
  return results.map((result) => slotOf(result, operation));
}

const slotOf = ({ id, success, created, errors }: SaveResult, operation: DmlOperation): Slot => ({
  ...(success || operation !== 'insert' ? { id } : { id: null }),
  success,
  errors: toEntries(errors).map(({ errorCode, ...rest }) => ({ statusCode: errorCode, ...rest })),
  ...(operation === 'upsert' && success ? { created } : {}),
});

/** What an all-or-none call answers when a row was refused: that row's errors, and why the others were not saved. */
function rolledBack(failure: DmlFailure, count: number): Slot[] {
  const byIndex = new Map(failure.failures.map(({ index, errors }) => [index, errors]));
  return Array.from({ length: count }, (_, index) => {
    const errors = byIndex.get(index) ?? [
      {
        statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
        message:
          'Record rolled back because not all records were valid and the request was using AllOrNone header',
        fields: [],
      },
    ];
    return { id: null, success: false, errors };
  });
}

export function addCollectionRoutes(router: Router, context: RestContext): void {
  const { org } = context;

  function run(
    request: Request,
    response: Response,
    operation: DmlOperation,
    records: SObjectRecord[],
    allOrNone: boolean,
    externalIdField?: string,
  ): void {
    try {
      response.json(
        asUser(context, request, response, (tx) =>
          save(context, tx, operation, records, allOrNone, externalIdField),
        ),
      );
    } catch (error) {
      if (!(error instanceof DmlFailure)) throw error;
      response.json(rolledBack(error, records.length));
    }
  }

  const allOrNoneOf = (request: Request): boolean =>
    (request.body as { allOrNone?: unknown } | undefined)?.allOrNone === true;

  router.post('/composite/sobjects', (request, response) => {
    if (request.is('multipart/form-data')) {
      throw new ApiError(
        501,
        'NOT_IMPLEMENTED',
        'The local org takes the bytes of a collection as base64 in its JSON, or one multipart file at sobjects.',
      );
    }
    run(request, response, 'insert', recordsOf(context, request.body, false), allOrNoneOf(request));
  });

  router.patch('/composite/sobjects', (request, response) => {
    run(request, response, 'update', recordsOf(context, request.body, true), allOrNoneOf(request));
  });

  router.patch('/composite/sobjects/:object/:field', (request, response) => {
    const { name } = org.schema.requireObject(parameter(request, 'object'));
    const field = org.schema.requireField(name, parameter(request, 'field')).name;
    run(
      request,
      response,
      'upsert',
      recordsOf(context, request.body, false),
      allOrNoneOf(request),
      field,
    );
  });

  router.delete('/composite/sobjects', (request, response) => {
    const ids = queryValue(request, 'ids')?.split(',') ?? [];
    const records = ids.map((id) => {
      const object = org.schema.objectOfId(id);
      if (!object) throw new ApiError(400, 'MALFORMED_ID', `${id} is no id of this org.`);
      const record = new SObjectRecord(object.name);
      record.set('Id', id);
      return record;
    });
    run(request, response, 'delete', records, queryValue(request, 'allOrNone') === 'true');
  });

  router.get('/composite/sobjects/:object', (request, response) => {
    const { name } = org.schema.requireObject(parameter(request, 'object'));
    const ids = queryValue(request, 'ids')?.split(',') ?? [];
    const fields = queryValue(request, 'fields')?.split(',') ?? ['Id'];
    if (ids.some((id) => !/^[A-Za-z0-9]{15,18}$/.test(id))) {
      throw new ApiError(400, 'MALFORMED_ID', 'Expected ids of 15 or 18 characters.');
    }
    const rows = asUser(context, request, response, (tx) => {
      const list = ids.map((id) => `'${id}'`).join(', ');
      const soql = `SELECT ${[...new Set(['Id', ...fields])].join(', ')} FROM ${name} WHERE Id IN (${list})`;
      return tx.org.queries.compileText(soql, 'the records').execute(tx, [], USER_ACCESS).records;
    });
    const byId = new Map(rows.map((row) => [row.id?.slice(0, 15), row]));
    response.json(
      ids.map((id) => {
        const row = byId.get(id.slice(0, 15));
        return row ? recordToJson(row) : null;
      }),
    );
  });
}
