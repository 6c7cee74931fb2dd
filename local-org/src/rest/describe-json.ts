/** `describe` of objects and fields in the JSON of the REST API. */
import type { FieldDescribe, FieldType, ObjectDescribe } from '../metadata/describe.js';
import type { Schema } from '../metadata/schema.js';
import type { Json, Transaction } from '../org/contracts.js';
import type { Rights } from '../org/local-org.js';
import { API_ROOT } from './record-json.js';

const SOAP_TYPES: Partial<Record<FieldType, string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  long: 'xsd:long',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  time: 'xsd:time',
  base64: 'xsd:base64Binary',
};

export function describeSummary(tx: Transaction, rights: Rights, object: ObjectDescribe): Json {
  const base = `${API_ROOT}/sobjects/${object.name}`;
  return {
    name: object.name,
    label: object.label,
    labelPlural: object.labelPlural,
    keyPrefix: object.keyPrefix,
    custom: object.custom,
    customSetting: object.kind === 'customSetting',
    createable: object.createable && rights.objectRight(tx, object.name, 'create'),
    updateable: object.updateable && rights.objectRight(tx, object.name, 'edit'),
    deletable: object.deletable && rights.objectRight(tx, object.name, 'delete'),
    undeletable: object.undeletable && rights.objectRight(tx, object.name, 'delete'),
    queryable: object.queryable,
    retrieveable: object.queryable,
    searchable: false,
    urls: {
      sobject: base,
      describe: `${base}/describe`,
      rowTemplate: `${base}/{ID}`,
    },
  };
}

export function describeObject(
  tx: Transaction,
  rights: Rights,
  schema: Schema,
  object: ObjectDescribe,
): Json {
  const summary = describeSummary(tx, rights, object) as Record<string, Json>;
  const fields = object.fields.filter(({ name }) =>
    rights.fieldRight(tx, object.name, name, 'read'),
  );
  return {
    ...summary,
    fields: fields.map((field) => describeField(tx, rights, object, field)),
    childRelationships: schema.childRelationships(object.name).map((child) => ({
      childSObject: child.childObject,
      field: child.field,
      relationshipName: child.name,
      cascadeDelete: child.cascadeDelete,
      deprecatedAndHidden: false,
    })),
    recordTypeInfos: recordTypeInfos(object),
  };
}

export const MASTER_RECORD_TYPE_ID = '012000000000000AAA';

export function recordTypeInfos(object: ObjectDescribe): Json[] {
  const master = {
    active: true,
    available: true,
    defaultRecordTypeMapping: true,
    developerName: 'Master',
    master: true,
    name: 'Master',
    recordTypeId: MASTER_RECORD_TYPE_ID,
  };
  const own = object.recordTypes.map(({ developerName, label, active }) => ({
    active,
    available: active,
    defaultRecordTypeMapping: false,
    developerName,
    master: false,
    name: label,
  }));
  return [master, ...own];
}

function describeField(
  tx: Transaction,
  rights: Rights,
  object: ObjectDescribe,
  field: FieldDescribe,
): Json {
  const canEdit = rights.fieldRight(tx, object.name, field.name, 'edit');
  return {
    name: field.name,
    label: field.label,
    type: field.type,
    soapType: SOAP_TYPES[field.type] ?? 'xsd:string',
    length: field.length,
    byteLength: field.length * 3,
    precision: field.precision,
    scale: field.scale,
    digits: field.type === 'int' ? field.precision : 0,
    custom: field.custom,
    nillable: field.nillable,
    createable: field.createable && canEdit,
    updateable: field.updateable && canEdit,
    filterable: field.filterable,
    sortable: field.sortable,
    unique: field.unique,
    externalId: field.externalId,
    idLookup: field.externalId || field.type === 'id',
    caseSensitive: field.caseSensitive,
    nameField: field.nameField,
    autoNumber: field.autoNumber !== null,
    calculated: field.formula !== null || field.rollUpSummary !== null,
    calculatedFormula: field.formula,
    defaultValue: field.defaultValue,
    defaultValueFormula: field.defaultValueFormula,
    defaultedOnCreate: field.defaultValue !== null || field.defaultValueFormula !== null,
    inlineHelpText: field.inlineHelpText,
    restrictedPicklist: field.picklist?.restricted ?? false,
    picklistValues: (field.picklist?.values ?? []).map(({ value, label, isDefault, isActive }) => ({
      value,
      label,
      active: isActive,
      defaultValue: isDefault,
    })),
    referenceTo: [...field.referenceTo],
    relationshipName: field.relationshipName,
    relationshipOrder: field.masterDetail ? 0 : null,
    polymorphicForeignKey: field.polymorphic,
    cascadeDelete: field.deleteConstraint === 'Cascade',
    restrictedDelete: field.deleteConstraint === 'Restrict',
    writeRequiresMasterRead: false,
    permissionable: field.custom,
    htmlFormatted: false,
  };
}
