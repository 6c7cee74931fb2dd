/** `ui-api`: records and object information in the shapes that Lightning Data Service gives to components. */
import type { Router } from 'express';
import type { FieldDescribe, ObjectDescribe } from '../metadata/describe.js';
import type { Schema } from '../metadata/schema.js';
import type { Json, Transaction } from '../org/contracts.js';
import { DmlFailure } from '../org/contracts.js';
import type { RecordError } from '../values/values.js';
import type { SObjectRecord } from '../values/values.js';
import { ApiError, notFound } from './api-error.js';
import { asUser, parameter, queryValue, type RestContext } from './context.js';
import { MASTER_RECORD_TYPE_ID, recordTypeInfos } from './describe-json.js';
import { recordFromJson, requireObject, valueToJson } from './record-json.js';
import { requireRow, saveOne } from './saving.js';

const DATA_TYPES: Readonly<Record<string, string>> = {
  id: 'Reference',
  string: 'String',
  textarea: 'TextArea',
  boolean: 'Boolean',
  int: 'Int',
  long: 'Long',
  double: 'Double',
  currency: 'Currency',
  percent: 'Percent',
  date: 'Date',
  datetime: 'DateTime',
  time: 'Time',
  email: 'Email',
  phone: 'Phone',
  url: 'Url',
  picklist: 'Picklist',
  multipicklist: 'MultiPicklist',
  combobox: 'ComboBox',
  reference: 'Reference',
  base64: 'Base64',
  encryptedstring: 'EncryptedString',
  address: 'Address',
  location: 'Location',
};

export function addUiApiRoutes(router: Router, context: RestContext): void {
  const { org } = context;
  const { schema } = org;

  const readable = (tx: Transaction, name: string): ObjectDescribe => {
    const object = schema.object(name);
    if (!object || !org.rights.objectRight(tx, object.name, 'read')) {
      throw new ApiError(403, 'INSUFFICIENT_ACCESS', `You don't have access to ${name}.`);
    }
    return object;
  };

  router.get('/ui-api/object-info/:object', (request, response) => {
    response.json(
      asUser(context, request, response, (tx) =>
        objectInfo(context, tx, readable(tx, parameter(request, 'object'))),
      ),
    );
  });

  router.get('/ui-api/object-info/:object/picklist-values/:recordType', (request, response) => {
    const picklistFieldValues = asUser(context, request, response, (tx) => {
      const { fields } = readable(tx, parameter(request, 'object'));
      const picklists = fields.filter(({ picklist }) => picklist !== null);
      return Object.fromEntries(picklists.map((field) => [field.name, picklistJson(field)]));
    });
    response.json({ picklistFieldValues });
  });

  router.get(
    '/ui-api/object-info/:object/picklist-values/:recordType/:field',
    (request, response) => {
      const field = asUser(context, request, response, (tx) => {
        const object = readable(tx, parameter(request, 'object'));
        return schema.requireField(object.name, parameter(request, 'field'));
      });
      if (!field.picklist) throw notFound(`${field.name} is not a picklist.`);
      response.json(picklistJson(field));
    },
  );

  router.get('/ui-api/records/:id', (request, response) => {
    const id = parameter(request, 'id');
    const object = objectOf(schema, id);
    const record = asUser(context, request, response, (tx) => {
      const required = fieldPaths(queryValue(request, 'fields'), object);
      const optional = fieldPaths(queryValue(request, 'optionalFields'), object).filter((path) =>
        isReadable(context, tx, object, path),
      );
      const wanted = queryValue(request, 'layoutTypes')
        ? object.fields
            .filter(({ name, type }) => type !== 'base64' && isReadable(context, tx, object, name))
            .map(({ name }) => name)
        : [];
      const fields = [...new Set(['Id', ...required, ...optional, ...wanted])];
      return requireRow(tx, org, object.name, id, fields);
    });
    response.json(recordJson(schema, record));
  });

  router.post('/ui-api/records', (request, response) => {
    const { apiName, fields } = requireObject(request.body, 'the request');
    const object = schema.requireObject(String(apiName));
    const record = recordFromJson(schema, object.name, requireObject(fields, 'fields'));
    const saved = withRecordErrors(object, 'create', () =>
      asUser(context, request, response, (tx) => {
        const { id } = saveOne(tx, 'insert', record);
        return requireRow(tx, org, object.name, id ?? '', basicFields(object));
      }),
    );
    response.status(201).json(recordJson(schema, saved));
  });

  router.patch('/ui-api/records/:id', (request, response) => {
    const id = parameter(request, 'id');
    const object = objectOf(schema, id);
    const { fields } = requireObject(request.body, 'the request');
    const changes = recordFromJson(schema, object.name, requireObject(fields, 'fields'));
    const saved = withRecordErrors(object, 'update', () =>
      asUser(context, request, response, (tx) => {
        changes.set('Id', requireRow(tx, org, object.name, id).id);
        saveOne(tx, 'update', changes);
        return requireRow(tx, org, object.name, id, basicFields(object));
      }),
    );
    response.json(recordJson(schema, saved));
  });

  router.delete('/ui-api/records/:id', (request, response) => {
    const id = parameter(request, 'id');
    const object = objectOf(schema, id);
    withRecordErrors(object, 'delete', () =>
      asUser(context, request, response, (tx) => {
        saveOne(tx, 'delete', requireRow(tx, org, object.name, id));
      }),
    );
    response.status(204).end();
  });
}

const basicFields = ({ nameField }: ObjectDescribe): string[] =>
  nameField && nameField !== 'Id' ? ['Id', nameField] : ['Id'];

function objectOf(schema: Schema, id: string): ObjectDescribe {
  const object = schema.objectOfId(id);
  if (object) return object;
  throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
}

/** `Account.Owner.Name,Account.Phone` to paths below the object. */
function fieldPaths(list: string | undefined, { name }: ObjectDescribe): string[] {
  const paths = (list ?? '').split(',').map((path) => path.trim());
  return paths.filter(Boolean).map((path) => {
    const [object, ...rest] = path.split('.');
    if (object?.toLowerCase() === name.toLowerCase() && rest.length > 0) return rest.join('.');
    throw new ApiError(
      400,
      'INVALID_FIELD',
      `Expected a field of ${name} as ${name}.Field but received ${path}.`,
    );
  });
}

function isReadable(
  { org }: RestContext,
  tx: Transaction,
  object: ObjectDescribe,
  path: string,
): boolean {
  let current: ObjectDescribe | undefined = object;
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  for (const step of steps) {
    const reference: FieldDescribe | undefined = current && org.schema.parent(current.name, step);
    if (
      !current ||
      !reference ||
      !org.rights.fieldRight(tx, current.name, reference.name, 'read')
    ) {
      return false;
    }
    const [target]: readonly string[] = reference.referenceTo;
    current = target === undefined ? undefined : org.schema.object(target);
  }
  const field = current && org.schema.field(current.name, last);
  return Boolean(current && field && org.rights.fieldRight(tx, current.name, field.name, 'read'));
}

/** Messages of a refused save as `lightning-record-edit-form` and `updateRecord` report them. */
function withRecordErrors<T>(object: ObjectDescribe, verb: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof DmlFailure)) throw error;
    throw new RecordSaveError(object, verb, error.failures[0]?.errors ?? []);
  }
}

export class RecordSaveError extends Error {
  readonly body: Json;

  constructor(object: ObjectDescribe, verb: string, errors: readonly RecordError[]) {
    super(`An error occurred while trying to ${verb} the record. Please try again.`);
    const labels = new Map(object.fields.map(({ name, label }) => [name, label]));
    const entry = ({ statusCode, message, fields: [field] }: RecordError): Json => ({
      constituentField: null,
      duplicateRecordError: null,
      errorCode: statusCode,
      field: field ?? null,
      fieldLabel: field ? (labels.get(field) ?? field) : null,
      message,
    });
    const fieldErrors: Record<string, Json[]> = {};
    for (const error of errors) {
      const [field] = error.fields;
      if (field) (fieldErrors[field] ??= []).push(entry(error));
    }
    this.body = {
      message: this.message,
      statusCode: 400,
      enhancedErrorType: 'RecordError',
      output: {
        errors: errors.filter(({ fields }) => fields.length === 0).map(entry),
        fieldErrors,
      },
    };
  }
}

export function recordJson(schema: Schema, record: SObjectRecord): Json {
  const fields: Record<string, Json> = {};
  for (const [name, value] of record.entries()) {
    const field = schema.field(record.type, name);
    const option = field?.picklist?.values.find((entry) => entry.value === value);
    const raw = valueToJson(
      value,
      `/services/data/v65.0/sobjects/${record.type}/${record.id}/${name}`,
    );
    fields[name] = { value: raw, displayValue: option?.label ?? null };
  }
  for (const [name, parent] of record.parentEntries()) {
    const nameField = parent ? schema.object(parent.type)?.nameField : null;
    const display = nameField ? parent?.get(nameField) : null;
    fields[name] = {
      value: parent ? recordJson(schema, parent) : null,
      displayValue: typeof display === 'string' ? display : null,
    };
  }
  return {
    apiName: record.type,
    id: record.id,
    childRelationships: {},
    fields,
    recordTypeId: MASTER_RECORD_TYPE_ID,
    recordTypeInfo: null,
  };
}

const picklistJson = (field: FieldDescribe): Json => {
  const values = (field.picklist?.values ?? []).filter(({ isActive }) => isActive);
  const entries = values.map(({ value, label, isDefault }) => ({
    attributes: null,
    label,
    validFor: [],
    value,
    isDefault,
  }));
  return {
    controllerValues: {},
    defaultValue: entries.find(({ isDefault }) => isDefault) ?? null,
    url: null,
    values: entries,
  };
};

function objectInfo({ org }: RestContext, tx: Transaction, object: ObjectDescribe): Json {
  const { rights, schema } = org;
  const fields = object.fields.filter(({ name }) =>
    rights.fieldRight(tx, object.name, name, 'read'),
  );
  return {
    apiName: object.name,
    label: object.label,
    labelPlural: object.labelPlural,
    keyPrefix: object.keyPrefix,
    custom: object.custom,
    nameFields: object.nameField ? [object.nameField] : [],
    createable: object.createable && rights.objectRight(tx, object.name, 'create'),
    updateable: object.updateable && rights.objectRight(tx, object.name, 'edit'),
    deletable: object.deletable && rights.objectRight(tx, object.name, 'delete'),
    queryable: object.queryable,
    defaultRecordTypeId: MASTER_RECORD_TYPE_ID,
    recordTypeInfos: Object.fromEntries(
      recordTypeInfos(object).map((info) => {
        const { recordTypeId } = info as { recordTypeId?: string };
        return [recordTypeId ?? '', info];
      }),
    ),
    childRelationships: schema.childRelationships(object.name).map((child) => ({
      childObjectApiName: child.childObject,
      fieldName: child.field,
      relationshipName: child.name,
      junctionIdListNames: [],
      junctionReferenceTo: [],
    })),
    fields: Object.fromEntries(
      fields.map((field) => [field.name, fieldInfo({ org }, tx, object, field)]),
    ),
  };
}

function fieldInfo(
  { org }: Pick<RestContext, 'org'>,
  tx: Transaction,
  object: ObjectDescribe,
  field: FieldDescribe,
): Json {
  const canEdit = org.rights.fieldRight(tx, object.name, field.name, 'edit');
  const hasDefault =
    field.name === 'OwnerId' || field.defaultValue !== null || field.defaultValueFormula !== null;
  return {
    apiName: field.name,
    label: field.label,
    dataType: DATA_TYPES[field.type] ?? 'String',
    calculated: field.formula !== null || field.rollUpSummary !== null,
    createable: field.createable && canEdit,
    updateable: field.updateable && canEdit,
    required: !field.nillable && field.createable && field.type !== 'boolean' && !hasDefault,
    custom: field.custom,
    length: field.length,
    precision: field.precision,
    scale: field.scale,
    inlineHelpText: field.inlineHelpText,
    externalId: field.externalId,
    unique: field.unique,
    filterable: field.filterable,
    sortable: field.sortable,
    reference: field.type === 'reference',
    referenceToInfos: field.referenceTo.map((apiName) => ({
      apiName,
      nameFields: [org.schema.object(apiName)?.nameField ?? 'Id'],
    })),
    relationshipName: field.relationshipName,
  };
}
