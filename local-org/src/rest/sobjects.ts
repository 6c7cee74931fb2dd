/** `sobjects`: describe, create, read, change, delete, upsert by external id, and the bytes of blob fields. */
import type { Router, Request, Response } from 'express';
import { ApexBlob, type SObjectRecord } from '../values/values.js';
import { ApiError, notFound } from './api-error.js';
import { asUser, parameter, queryValue, type RestContext } from './context.js';
import { describeObject, describeSummary } from './describe-json.js';
import { sendVersionData } from './downloads.js';
import { readMultipart } from './multipart.js';
import { recordFromJson, recordToJson, requireObject } from './record-json.js';
import { findByExternalId, publishEvent, readableFields, requireRow, saveOne } from './saving.js';

/** Files are kept in memory: enough for tests and demonstrations, small enough not to stop the machine. */
export const MAXIMUM_FILE_BYTES = 512 * 1024 * 1024;

export function addSobjectRoutes(router: Router, context: RestContext): void {
  const { org } = context;
  const { schema, rights } = org;

  router.get('/sobjects', (request, response) => {
    const sobjects = asUser(context, request, response, (tx) =>
      [...schema.objects()]
        .filter(({ name }) => rights.objectRight(tx, name, 'read'))
        .map((object) => describeSummary(tx, rights, object)),
    );
    response.json({ encoding: 'UTF-8', maxBatchSize: 200, sobjects });
  });

  router.get('/sobjects/:object', (request, response) => {
    const object = schema.requireObject(parameter(request, 'object'));
    const objectDescribe = asUser(context, request, response, (tx) =>
      describeSummary(tx, rights, object),
    );
    response.json({ objectDescribe, recentItems: [] });
  });

  router.get('/sobjects/:object/describe', (request, response) => {
    const object = requireKnownObject(context, parameter(request, 'object'));
    response.json(
      asUser(context, request, response, (tx) => describeObject(tx, rights, schema, object)),
    );
  });

  router.post('/sobjects/:object', (request, response) => {
    const object = requireKnownObject(context, parameter(request, 'object'));
    const create = (record: SObjectRecord): void => {
      const { id } = asUser(context, request, response, (tx) =>
        object.kind === 'platformEvent'
          ? publishEvent(tx, org, record)
          : saveOne(tx, 'insert', record),
      );
      response.status(201).json({ id, success: true, errors: [] });
    };
    if (request.is('multipart/form-data')) {
      return recordOfMultipart(context, request, object.name).then(create);
    }
    return create(recordFromJson(schema, object.name, requireObject(request.body, 'the record')));
  });

  router.get('/sobjects/:object/:id', (request, response) => {
    const object = requireKnownObject(context, parameter(request, 'object')).name;
    const wanted = queryValue(request, 'fields')
      ?.split(',')
      .map((name) => name.trim());
    const record = asUser(context, request, response, (tx) => {
      const fields = wanted ?? readableFields(tx, org, object);
      return requireRow(tx, org, object, parameter(request, 'id'), [...new Set(['Id', ...fields])]);
    });
    response.json(recordToJson(record));
  });

  router.patch('/sobjects/:object/:id', (request, response) => {
    const object = requireKnownObject(context, parameter(request, 'object')).name;
    const record = recordFromJson(schema, object, requireObject(request.body, 'the record'));
    asUser(context, request, response, (tx) => {
      record.set('Id', requireRow(tx, org, object, parameter(request, 'id')).id);
      saveOne(tx, 'update', record);
    });
    response.status(204).end();
  });

  router.delete('/sobjects/:object/:id', (request, response) => {
    const object = requireKnownObject(context, parameter(request, 'object')).name;
    asUser(context, request, response, (tx) => {
      saveOne(tx, 'delete', requireRow(tx, org, object, parameter(request, 'id')));
    });
    response.status(204).end();
  });

  router.get('/sobjects/:object/:id/:blob', (request, response) => {
    const object = parameter(request, 'object');
    const field = schema.field(object, parameter(request, 'blob'));
    if (field?.type === 'base64') sendBlob(context, request, response, object, field.name);
    else readByExternalId(context, request, response);
  });

  router.patch('/sobjects/:object/:field/:value', (request, response) => {
    upsert(context, request, response);
  });

  router.delete('/sobjects/:object/:field/:value', (request, response) => {
    asUser(context, request, response, (tx) => {
      const [object, field, value] = externalIdPath(request);
      const row = findByExternalId(tx, org, object, field, value);
      if (!row) throw notFound();
      saveOne(tx, 'delete', row);
    });
    response.status(204).end();
  });
}

function requireKnownObject({ org }: RestContext, name: string) {
  const object = org.schema.object(name);
  if (object) return object;
  throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
}

/** A record with the bytes of one of its fields. */
async function recordOfMultipart(
  { org }: RestContext,
  request: Request,
  object: string,
): Promise<SObjectRecord> {
  const { fields, blob } = await readMultipart(request, MAXIMUM_FILE_BYTES);
  const record = recordFromJson(org.schema, object, fields);
  if (blob) {
    const field = org.schema.field(object, blob.field);
    if (field?.type !== 'base64') {
      throw new ApiError(400, 'INVALID_FIELD', `${object} has no binary field ${blob.field}.`, [
        blob.field,
      ]);
    }
    record.set(field.name, new ApexBlob(blob.bytes));
  }
  return record;
}

const externalIdPath = (request: Request): [object: string, field: string, value: string] => [
  parameter(request, 'object'),
  parameter(request, 'field'),
  parameter(request, 'value'),
];

function upsert(context: RestContext, request: Request, response: Response): void {
  const { org } = context;
  const [object, field, value] = externalIdPath(request);
  const { name } = requireKnownObject(context, object);
  const key = org.schema.requireField(name, field).name;
  const body = requireObject(request.body, 'the record');
  if (key in body) {
    throw new ApiError(
      400,
      'INVALID_FIELD',
      `The ${key} field should not be specified in the sobject data.`,
      [key],
    );
  }
  const record = recordFromJson(org.schema, name, { ...body, [key]: value });
  const result = asUser(context, request, response, (tx) => {
    const existing = findByExternalId(tx, org, name, key, value);
    if (existing) record.set('Id', existing.id);
    return saveOne(tx, existing ? 'update' : 'insert', record);
  });
  response
    .status(result.created ? 201 : 200)
    .json({ id: result.id, success: true, errors: [], created: result.created });
}

function readByExternalId(context: RestContext, request: Request, response: Response): void {
  const { org } = context;
  const object = parameter(request, 'object');
  const [field, value] = [parameter(request, 'id'), parameter(request, 'blob')];
  const record = asUser(context, request, response, (tx) =>
    findByExternalId(tx, org, object, field, value, readableFields(tx, org, object)),
  );
  if (!record) throw notFound();
  response.json(recordToJson(record));
}

function sendBlob(
  context: RestContext,
  request: Request,
  response: Response,
  object: string,
  field: string,
): void {
  const id = parameter(request, 'id');
  if (object.toLowerCase() === 'contentversion' && field === 'VersionData') {
    sendVersionData(context, request, response, id, 'RETRIEVE');
    return;
  }
  const row = asUser(context, request, response, (tx) =>
    requireRow(tx, context.org, object, id, ['Id', field]),
  );
  const value = row.get(field);
  if (!(value instanceof ApexBlob)) throw notFound();
  response.type('application/octet-stream').send(value.bytes);
}
