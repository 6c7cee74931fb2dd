/** Describes of the project's own objects: their custom fields and the fields the platform adds to them. */
import { createHash } from 'node:crypto';
import type { FieldDescribe, ObjectDescribe, ObjectKind, SharingModel } from './describe.js';
import {
  READ_ONLY,
  auditFields,
  describeCustomField,
  describeField,
  idField,
  reference,
} from './field-describe.js';
import type { CustomObject, Project } from './types.js';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** First letter of custom key prefixes by kind, as the platform gives them. */
const PREFIX_LETTER: Readonly<Record<string, string>> = {
  custom: 'a',
  customSetting: 'a',
  platformEvent: 'e',
  customMetadata: 'm',
};

/**
 * Key prefixes of the project's objects. They come from a hash of the name, so that the ids of a kept org stay right
 * when an object is added; objects whose hashes meet get the next free prefix in order of names.
 */
export function assignKeyPrefixes(objects: Iterable<CustomObject>): Map<string, string> {
  const taken = new Set<string>();
  const prefixes = new Map<string, string>();
  const sorted = [...objects].sort((a, b) => (a.fullName < b.fullName ? -1 : 1));
  for (const { fullName, kind } of sorted) {
    const letter = PREFIX_LETTER[kind];
    if (!letter) continue;
    let number = createHash('sha256').update(fullName.toLowerCase()).digest().readUInt16BE(0);
    let prefix: string;
    do {
      number %= DIGITS.length ** 2;
      prefix = `${letter}${DIGITS[Math.floor(number / 62)]}${DIGITS[number % 62]}`;
      number++;
    } while (taken.has(prefix));
    taken.add(prefix);
    prefixes.set(fullName.toLowerCase(), prefix);
  }
  return prefixes;
}

export function customFieldsOf(object: CustomObject, project: Project): FieldDescribe[] {
  return object.fields.map((field) =>
    describeCustomField(
      field,
      field.valueSetName
        ? (project.globalValueSets.get(field.valueSetName.toLowerCase())?.picklist ?? null)
        : null,
    ),
  );
}

export function recordTypeField(): FieldDescribe {
  return reference('RecordTypeId', 'RecordType', ['RecordType'], { label: 'Record Type ID' });
}

function nameFieldOf(object: CustomObject): FieldDescribe {
  const { type, label, displayFormat, startingNumber } = object.nameField;
  const auto = type === 'AutoNumber';
  return describeField('Name', 'string', {
    label,
    length: 80,
    nameField: true,
    nillable: false,
    autoNumber: auto ? { displayFormat: displayFormat ?? '{0}', startingNumber } : null,
    ...(auto ? READ_ONLY : {}),
  });
}

/** The platform's own fields of a custom object, by kind. */
function systemFields(object: CustomObject, fields: readonly FieldDescribe[]): FieldDescribe[] {
  const readOnlyText = (name: string): FieldDescribe =>
    describeField(name, 'string', { ...READ_ONLY, length: 255 });
  switch (object.kind) {
    case 'platformEvent':
      return [
        readOnlyText('ReplayId'),
        readOnlyText('EventUuid'),
        describeField('CreatedDate', 'datetime', READ_ONLY),
        reference('CreatedById', 'CreatedBy', ['User'], READ_ONLY),
      ];
    case 'customMetadata':
      return [
        idField(),
        describeField('DeveloperName', 'string', { length: 40, nillable: false }),
        describeField('MasterLabel', 'string', { length: 40, nillable: false, nameField: true }),
        readOnlyText('Label'),
        readOnlyText('Language'),
        readOnlyText('NamespacePrefix'),
        readOnlyText('QualifiedApiName'),
        describeField('SystemModstamp', 'datetime', READ_ONLY),
      ];
    case 'customSetting':
      return [
        idField(),
        describeField('IsDeleted', 'boolean', READ_ONLY),
        nameFieldOf({ ...object, nameField: { ...object.nameField, type: 'Text' } }),
        reference('SetupOwnerId', 'SetupOwner', ['Organization', 'Profile', 'User'], {
          updateable: false,
        }),
        ...auditFields(),
      ];
    default: {
      const isDetail = fields.some((field) => field.masterDetail);
      return [
        idField(),
        ...(isDetail
          ? []
          : [
              reference('OwnerId', 'Owner', ['Group', 'User'], {
                nillable: false,
                label: 'Owner ID',
              }),
            ]),
        describeField('IsDeleted', 'boolean', { ...READ_ONLY, label: 'Deleted' }),
        nameFieldOf(object),
        ...(object.recordTypes.length > 0 ? [recordTypeField()] : []),
        ...auditFields(),
        describeField('LastActivityDate', 'date', { ...READ_ONLY, label: 'Last Activity Date' }),
        describeField('LastViewedDate', 'datetime', { ...READ_ONLY, label: 'Last Viewed Date' }),
        describeField('LastReferencedDate', 'datetime', {
          ...READ_ONLY,
          label: 'Last Referenced Date',
        }),
      ];
    }
  }
}

export function describeCustomObject(
  object: CustomObject,
  project: Project,
  keyPrefix: string | null,
): ObjectDescribe {
  const custom = customFieldsOf(object, project);
  const fields = [...systemFields(object, custom), ...custom];
  const writable = object.kind === 'custom' || object.kind === 'customSetting';
  const sharingModel: SharingModel = custom.some((field) => field.masterDetail)
    ? 'ControlledByParent'
    : object.kind === 'custom'
      ? object.sharingModel
      : 'ReadWrite';
  return {
    name: object.fullName,
    kind: object.kind as ObjectKind,
    custom: true,
    label: object.label,
    labelPlural: object.pluralLabel,
    keyPrefix,
    sharingModel,
    createable: writable || object.kind === 'platformEvent',
    updateable: writable,
    deletable: writable,
    undeletable: object.kind === 'custom',
    queryable: object.kind !== 'platformEvent',
    unsupportedDml: null,
    setup: false,
    publishBehavior: object.publishBehavior,
    customSettingsType: object.customSettingsType,
    nameField: fields.find((field) => field.nameField)?.name ?? null,
    fields,
    recordTypes: object.recordTypes.map((type) => ({
      developerName: type.fullName,
      label: type.label,
      active: type.active,
      description: type.description,
    })),
  };
}

/** `X__Share` of an object whose records are shared one by one. */
export function describeShareObject(object: ObjectDescribe): ObjectDescribe {
  const fields = [
    idField(),
    reference('ParentId', 'Parent', [object.name], { nillable: false, updateable: false }),
    describeField('AccessLevel', 'picklist', {
      nillable: false,
      length: 40,
      picklist: {
        restricted: true,
        values: ['Read', 'Edit', 'All'].map((value) => ({
          value,
          label: value,
          isDefault: false,
          isActive: true,
        })),
      },
    }),
    reference('UserOrGroupId', 'UserOrGroup', ['Group', 'User'], {
      nillable: false,
      updateable: false,
    }),
    describeField('RowCause', 'picklist', { length: 40, updateable: false }),
    describeField('LastModifiedDate', 'datetime', READ_ONLY),
    reference('LastModifiedById', 'LastModifiedBy', ['User'], READ_ONLY),
    describeField('IsDeleted', 'boolean', READ_ONLY),
  ];
  return {
    ...object,
    name: object.name.replace(/__c$/i, '__Share'),
    kind: 'share',
    label: `Share: ${object.label}`,
    labelPlural: `Share: ${object.label}`,
    keyPrefix: '02c',
    sharingModel: 'ReadWrite',
    createable: true,
    updateable: true,
    deletable: true,
    undeletable: false,
    nameField: null,
    fields,
    recordTypes: [],
  };
}
