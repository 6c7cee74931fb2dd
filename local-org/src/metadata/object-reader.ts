/** Reads the files of one object folder: the object, fields, validation rules, record types and list views. */
import type { DeleteConstraint, Picklist, RollUpSummary, SharingModel } from './describe.js';
import type { CustomField, CustomObject, ListView, RecordType, ValidationRule } from './types.js';
import { MetadataError, type MetadataNode } from './xml.js';

const FIELD_TYPES = [
  'AutoNumber',
  'Checkbox',
  'Currency',
  'Date',
  'DateTime',
  'Email',
  'EncryptedText',
  'ExternalLookup',
  'Hierarchy',
  'Html',
  'IndirectLookup',
  'Location',
  'LongTextArea',
  'Lookup',
  'MasterDetail',
  'MetadataRelationship',
  'MultiselectPicklist',
  'Number',
  'Percent',
  'Phone',
  'Picklist',
  'Summary',
  'Text',
  'TextArea',
  'Time',
  'Url',
] as const;

/** Lengths the platform gives the text types that state none. */
const FIXED_LENGTH: Partial<Record<CustomField['type'], number>> = {
  Email: 80,
  Phone: 40,
  TextArea: 255,
  Url: 255,
  Picklist: 255,
  MultiselectPicklist: 4099,
};

/** Values of a `<valueSet>` or a global value set. */
export function readPicklistValues(node: MetadataNode, element: string): Picklist['values'] {
  return node.children(element).map((value) => {
    const name = value.requiredText('fullName');
    return {
      value: name,
      label: value.text('label') ?? name,
      isDefault: value.boolean('default'),
      isActive: value.boolean('isActive', true),
    };
  });
}

function readRollUpSummary(node: MetadataNode): RollUpSummary {
  const [childObject, childField] = node.requiredText('summaryForeignKey').split('.');
  if (!childObject || !childField) {
    throw new MetadataError(node.file, 'summaryForeignKey', 'must read Child__c.Field__c');
  }
  const summarized = node.text('summarizedField');
  return {
    operation: node.oneOf('summaryOperation', ['count', 'sum', 'min', 'max'], 'count'),
    childObject,
    childField,
    summarizedField: summarized?.split('.').at(-1) ?? null,
    filters: node.children('summaryFilterItems').map((filter) => ({
      field: filter.requiredText('field').split('.').at(-1) ?? '',
      operation: filter.requiredText('operation'),
      value: filter.text('value') ?? '',
    })),
  };
}

export function readField(node: MetadataNode): CustomField {
  const fullName = node.requiredText('fullName');
  const typeText = node.requiredText('type');
  const type = FIELD_TYPES.find((candidate) => candidate === typeText);
  if (!type) throw new MetadataError(node.file, 'type', `"${typeText}" is no known field type`);
  if ((type === 'Lookup' || type === 'MasterDetail') && node.text('referenceTo') === null) {
    throw new MetadataError(node.file, 'referenceTo', `is needed by a ${type} field`);
  }
  const formula = node.text('formula');
  if (type === 'Text' && formula === null && node.text('length') === null) {
    throw new MetadataError(node.file, 'length', 'is needed by a Text field');
  }
  const valueSet = node.child('valueSet');
  const definition = valueSet?.child('valueSetDefinition');
  return {
    fullName,
    file: node.file,
    label: node.text('label') ?? fullName,
    type,
    length: node.integer('length', FIXED_LENGTH[type] ?? 0),
    precision: node.integer('precision', 18),
    scale: node.integer('scale', 0),
    required: node.boolean('required') || type === 'MasterDetail',
    unique: node.boolean('unique'),
    caseSensitive: node.boolean('caseSensitive'),
    externalId: node.boolean('externalId'),
    defaultValue: node.text('defaultValue'),
    formula,
    formulaTreatsBlanksAsZero:
      node.oneOf('formulaTreatBlanksAs', ['BlankAsBlank', 'BlankAsZero'], 'BlankAsZero') ===
      'BlankAsZero',
    displayFormat: node.text('displayFormat'),
    startingNumber: node.integer('startingNumber', 1),
    referenceTo: node.text('referenceTo'),
    relationshipName: node.text('relationshipName'),
    relationshipLabel: node.text('relationshipLabel'),
    reparentableMasterDetail: node.boolean('reparentableMasterDetail'),
    deleteConstraint:
      type === 'MasterDetail'
        ? 'Cascade'
        : node.oneOf<DeleteConstraint>(
            'deleteConstraint',
            ['SetNull', 'Restrict', 'Cascade'],
            'SetNull',
          ),
    picklist: valueSet
      ? {
          restricted: valueSet.boolean('restricted') || valueSet.text('valueSetName') !== null,
          values: definition ? readPicklistValues(definition, 'value') : [],
        }
      : null,
    valueSetName: valueSet?.text('valueSetName') ?? null,
    rollUpSummary: type === 'Summary' ? readRollUpSummary(node) : null,
    inlineHelpText: node.text('inlineHelpText'),
    description: node.text('description'),
  };
}

export function readValidationRule(node: MetadataNode): ValidationRule {
  return {
    fullName: node.requiredText('fullName'),
    file: node.file,
    active: node.boolean('active'),
    errorConditionFormula: node.requiredText('errorConditionFormula'),
    errorDisplayField: node.text('errorDisplayField'),
    errorMessage: node.requiredText('errorMessage'),
  };
}

export function readRecordType(node: MetadataNode): RecordType {
  const fullName = node.requiredText('fullName');
  return {
    fullName,
    file: node.file,
    label: node.text('label') ?? fullName,
    active: node.boolean('active', true),
    description: node.text('description'),
  };
}

export function readListView(node: MetadataNode): ListView {
  const fullName = node.requiredText('fullName');
  return {
    fullName,
    file: node.file,
    label: node.text('label') ?? fullName,
    columns: node.texts('columns'),
    filterScope: node.text('filterScope') ?? 'Everything',
    filters: node.children('filters').map((filter) => ({
      field: filter.requiredText('field'),
      operation: filter.requiredText('operation'),
      value: filter.text('value'),
    })),
  };
}

/** The parts of an object folder, gathered before they are put together. */
export interface ObjectParts {
  readonly name: string;
  readonly folder: string;
  object: MetadataNode | null;
  readonly fields: CustomField[];
  readonly validationRules: ValidationRule[];
  readonly recordTypes: RecordType[];
  readonly listViews: ListView[];
}

function kindOf(name: string, object: MetadataNode | null): CustomObject['kind'] {
  if (/__mdt$/i.test(name)) return 'customMetadata';
  if (/__e$/i.test(name)) return 'platformEvent';
  if (/__c$/i.test(name)) return object?.text('customSettingsType') ? 'customSetting' : 'custom';
  return 'standardAddition';
}

export function assembleObject(parts: ObjectParts): CustomObject {
  const { object } = parts;
  const kind = kindOf(parts.name, object);
  // A package may hold only some fields of an object of another package or of the platform, never of its own.
  if (!object && kind !== 'standardAddition') {
    throw new MetadataError(
      parts.folder,
      'CustomObject',
      `is missing: expected ${parts.name}.object-meta.xml in this folder`,
    );
  }
  const nameField = object?.child('nameField');
  return {
    fullName: parts.name,
    file: parts.folder,
    kind,
    label: object?.text('label') ?? parts.name,
    pluralLabel: object?.text('pluralLabel') ?? object?.text('label') ?? parts.name,
    sharingModel:
      object?.oneOf<SharingModel>(
        'sharingModel',
        ['Private', 'Read', 'ReadWrite', 'ReadWriteTransfer', 'ControlledByParent'],
        parts.fields.some((field) => field.type === 'MasterDetail')
          ? 'ControlledByParent'
          : 'ReadWrite',
      ) ?? 'ReadWrite',
    nameField: {
      type: nameField?.oneOf('type', ['Text', 'AutoNumber'], 'Text') ?? 'Text',
      label: nameField?.text('label') ?? 'Name',
      displayFormat: nameField?.text('displayFormat') ?? null,
      startingNumber: nameField?.integer('startingNumber', 1) ?? 1,
    },
    customSettingsType:
      kind === 'customSetting'
        ? (object?.oneOf('customSettingsType', ['Hierarchy', 'List'], 'Hierarchy') ?? 'Hierarchy')
        : null,
    publishBehavior:
      kind === 'platformEvent'
        ? (object?.oneOf(
            'publishBehavior',
            ['PublishImmediately', 'PublishAfterCommit'],
            'PublishImmediately',
          ) ?? null)
        : null,
    visibility:
      object?.oneOf('visibility', ['Public', 'Protected', 'PackageProtected'], 'Public') ??
      'Public',
    description: object?.text('description') ?? null,
    fields: parts.fields,
    validationRules: parts.validationRules,
    recordTypes: parts.recordTypes,
    listViews: parts.listViews,
    compactLayout: object?.text('compactLayoutAssignment') ?? null,
  };
}
