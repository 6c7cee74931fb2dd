/** Builders of field describes: neutral defaults, system fields and custom fields. */
import type { FieldDescribe, FieldType, Picklist } from './describe.js';
import type { CustomField, SourceFieldType } from './types.js';

/** A plain nillable, writable field; `change` says what is special about it. */
export function describeField(
  name: string,
  type: FieldType,
  change: Partial<FieldDescribe> = {},
): FieldDescribe {
  return {
    name,
    label: name,
    type,
    custom: false,
    length: type === 'id' || type === 'reference' ? 18 : 0,
    precision: 0,
    scale: 0,
    nillable: type !== 'boolean',
    createable: true,
    updateable: true,
    filterable: type !== 'base64',
    sortable: type !== 'base64',
    unique: false,
    externalId: false,
    caseSensitive: false,
    nameField: false,
    autoNumber: null,
    formula: null,
    formulaTreatsBlanksAsZero: false,
    defaultValueFormula: null,
    defaultValue: type === 'boolean' ? false : null,
    picklist: null,
    referenceTo: [],
    polymorphic: false,
    relationshipName: null,
    childRelationshipName: null,
    masterDetail: false,
    reparentable: false,
    deleteConstraint: 'SetNull',
    rollUpSummary: null,
    inlineHelpText: null,
    description: null,
    ...change,
  };
}

export const READ_ONLY = { createable: false, updateable: false } as const;

/** A reference of the platform itself, such as `OwnerId`. */
export function reference(
  name: string,
  relationshipName: string | null,
  referenceTo: readonly string[],
  change: Partial<FieldDescribe> = {},
): FieldDescribe {
  return describeField(name, 'reference', {
    relationshipName,
    referenceTo,
    polymorphic: referenceTo.length !== 1,
    ...change,
  });
}

export function idField(): FieldDescribe {
  return describeField('Id', 'id', { ...READ_ONLY, label: 'Record ID', nillable: false });
}

/** Who and when; nobody writes them but the database. */
export function auditFields(): FieldDescribe[] {
  const always = { ...READ_ONLY, nillable: false };
  return [
    describeField('CreatedDate', 'datetime', { ...always, label: 'Created Date' }),
    reference('CreatedById', 'CreatedBy', ['User'], { ...always, label: 'Created By ID' }),
    describeField('LastModifiedDate', 'datetime', { ...always, label: 'Last Modified Date' }),
    reference('LastModifiedById', 'LastModifiedBy', ['User'], {
      ...always,
      label: 'Last Modified By ID',
    }),
    describeField('SystemModstamp', 'datetime', { ...always, label: 'System Modstamp' }),
  ];
}

const TYPE_OF: Readonly<Record<SourceFieldType, FieldType>> = {
  AutoNumber: 'string',
  Checkbox: 'boolean',
  Currency: 'currency',
  Date: 'date',
  DateTime: 'datetime',
  Email: 'email',
  EncryptedText: 'encryptedstring',
  ExternalLookup: 'reference',
  Hierarchy: 'reference',
  Html: 'textarea',
  IndirectLookup: 'reference',
  Location: 'location',
  LongTextArea: 'textarea',
  Lookup: 'reference',
  MasterDetail: 'reference',
  MetadataRelationship: 'reference',
  MultiselectPicklist: 'multipicklist',
  Number: 'double',
  Percent: 'percent',
  Phone: 'phone',
  Picklist: 'picklist',
  Summary: 'double',
  Text: 'string',
  TextArea: 'textarea',
  Time: 'time',
  Url: 'url',
};

const NUMERIC: readonly FieldType[] = ['double', 'currency', 'percent'];

/** @param globalValues the values of the global value set the field names, if any */
export function describeCustomField(
  field: CustomField,
  globalValues: Picklist | null,
): FieldDescribe {
  const type = TYPE_OF[field.type];
  const calculated = field.formula !== null || field.rollUpSummary !== null;
  const readOnly = calculated || field.type === 'AutoNumber';
  const isReference = type === 'reference';
  const text = type === 'string' || type === 'textarea' || type === 'encryptedstring';
  const longText = field.type === 'LongTextArea' || field.type === 'Html';
  const selfReference = field.type === 'Hierarchy' ? 'User' : null;
  const target = field.referenceTo ?? selfReference;
  return describeField(field.fullName, type, {
    label: field.label,
    custom: true,
    length: isReference ? 18 : text && field.formula !== null ? 1300 : field.length,
    precision: NUMERIC.includes(type) ? field.precision : 0,
    scale: NUMERIC.includes(type) ? field.scale : 0,
    nillable: type !== 'boolean' && !field.required,
    createable: !readOnly,
    updateable: !readOnly && !(field.type === 'MasterDetail' && !field.reparentableMasterDetail),
    filterable: !longText,
    sortable: !longText && type !== 'multipicklist',
    unique: field.unique,
    externalId: field.externalId,
    caseSensitive: field.caseSensitive,
    autoNumber:
      field.type === 'AutoNumber'
        ? { displayFormat: field.displayFormat ?? '{0}', startingNumber: field.startingNumber }
        : null,
    formula: field.formula,
    formulaTreatsBlanksAsZero: field.formulaTreatsBlanksAsZero,
    defaultValueFormula: type === 'boolean' ? null : field.defaultValue,
    defaultValue: type === 'boolean' ? field.defaultValue === 'true' : null,
    picklist: field.picklist
      ? {
          restricted: field.picklist.restricted,
          values: globalValues?.values ?? field.picklist.values,
        }
      : null,
    referenceTo: target ? [target] : [],
    relationshipName: isReference ? field.fullName.replace(/__c$/i, '__r') : null,
    childRelationshipName:
      isReference && field.relationshipName ? `${field.relationshipName}__r` : null,
    masterDetail: field.type === 'MasterDetail',
    reparentable: field.reparentableMasterDetail,
    deleteConstraint: field.deleteConstraint,
    rollUpSummary: field.rollUpSummary,
    inlineHelpText: field.inlineHelpText,
    description: field.description,
  });
}
