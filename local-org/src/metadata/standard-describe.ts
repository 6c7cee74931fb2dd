/** Describes of standard objects: the type library's fields with the rules of `metadata/standard` laid over them. */
import type {
  ChildRelationship,
  FieldDescribe,
  FieldType,
  ObjectDescribe,
  Picklist,
} from './describe.js';
import { READ_ONLY, describeField } from './field-describe.js';
import type { JarObject } from './sobject-types.js';
import type { StandardFieldData, StandardObjectData } from './standard-data.js';

const TYPE_OF: Readonly<Record<string, FieldType>> = {
  Id: 'reference',
  String: 'string',
  Integer: 'int',
  Long: 'long',
  Boolean: 'boolean',
  Decimal: 'double',
  Date: 'date',
  Datetime: 'datetime',
  Time: 'time',
  Blob: 'base64',
};

const SYSTEM_FIELDS = new Set([
  'Id',
  'IsDeleted',
  'CreatedDate',
  'CreatedById',
  'LastModifiedDate',
  'LastModifiedById',
  'SystemModstamp',
  'LastViewedDate',
  'LastReferencedDate',
  'LastActivityDate',
  'NamespacePrefix',
]);

/** Length of standard texts that have none on record: the platform's commonest. */
const DEFAULT_LENGTH = 255;

function picklistOf(data: StandardFieldData): Picklist | null {
  if (!data.picklist) return null;
  return {
    restricted: data.restricted ?? false,
    values: data.picklist.map((entry) => {
      const [value = entry, label = value] = entry.split('=');
      return { value, label, isDefault: data.default === value, isActive: true };
    }),
  };
}

/** Labels of standard fields that are not the words of their names. */
const LABELS: Readonly<Record<string, string>> = {
  StageName: 'Stage',
  LastActivityDate: 'Last Activity',
  NumberOfEmployees: 'Employees',
};

/** `AccountName` reads "Account Name". */
function labelOf(name: string): string {
  const label = LABELS[name];
  if (label) return label;
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/ Id$/, ' ID');
}

function describeStandardField(
  name: string,
  jarType: string,
  parents: ReadonlyMap<string, string>,
  object: StandardObjectData | null,
): FieldDescribe {
  const data = object?.fields[name] ?? {};
  const relationshipName =
    name === 'Id'
      ? undefined
      : parents.has(name.replace(/Id$/, ''))
        ? name.replace(/Id$/, '')
        : undefined;
  const parent = relationshipName === undefined ? undefined : parents.get(relationshipName);
  const type: FieldType =
    data.type ??
    (name === 'Id'
      ? 'id'
      : data.picklist
        ? 'picklist'
        : (TYPE_OF[jarType] ?? (/Address$/.test(name) ? 'address' : 'anyType')));
  const polymorphic = parent === 'Name';
  const readOnly =
    SYSTEM_FIELDS.has(name) || (object?.readOnly?.includes(name) ?? false) || type === 'address';
  const textual = type === 'string' || type === 'textarea' || type === 'picklist' || type === 'url';
  return describeField(name, type, {
    label: data.label ?? labelOf(name),
    length:
      data.length ??
      (type === 'reference' || type === 'id'
        ? 18
        : type === 'email'
          ? 80
          : type === 'phone'
            ? 40
            : textual
              ? DEFAULT_LENGTH
              : 0),
    precision:
      data.precision ?? (type === 'double' || type === 'currency' || type === 'percent' ? 18 : 0),
    scale:
      data.scale ?? (type === 'double' ? 15 : type === 'currency' ? 2 : type === 'percent' ? 2 : 0),
    nillable: type === 'boolean' || type === 'id' ? false : data.required !== true,
    unique: data.unique ?? false,
    externalId: data.externalId ?? false,
    nameField: object?.nameField === name,
    autoNumber: data.autoNumber ? { displayFormat: data.autoNumber, startingNumber: 1000 } : null,
    defaultValue: data.default ?? (type === 'boolean' ? false : null),
    picklist: picklistOf(data),
    referenceTo: data.referenceTo ?? (parent === undefined || polymorphic ? [] : [parent]),
    polymorphic: polymorphic || (data.referenceTo?.length ?? 0) > 1,
    relationshipName: relationshipName ?? null,
    deleteConstraint: data.deleteConstraint ?? 'SetNull',
    masterDetail: data.deleteConstraint === 'Cascade',
    ...(readOnly || data.autoNumber
      ? READ_ONLY
      : { createable: data.createable ?? true, updateable: data.updateable ?? true }),
  });
}

export function describeStandardObject(
  name: string,
  jarFields: JarObject,
  data: StandardObjectData | null,
  keyPrefix: string | null,
  additions: readonly FieldDescribe[],
): ObjectDescribe {
  const parents = new Map<string, string>();
  for (const [field, type] of jarFields)
    if (type.endsWith('^')) parents.set(field, type.slice(0, -1));
  const fields = jarFields
    .filter(([, type]) => !type.endsWith('^') && !type.endsWith('[]'))
    // The library lists fields of features that are off in this org (multi-currency, divisions, territories).
    .filter(([field]) => field !== 'CurrencyIsoCode' && field !== 'Division')
    .map(([field, type]) => describeStandardField(field, type, parents, data));
  const dml = new Set(data?.dml ?? []);
  return {
    name,
    kind: 'standard',
    custom: false,
    label: data?.label ?? labelOf(name),
    labelPlural: data?.labelPlural ?? `${labelOf(name)}s`,
    keyPrefix,
    sharingModel: data?.sharingModel ?? 'ReadWrite',
    createable: data === null || dml.has('insert'),
    updateable: data === null || dml.has('update'),
    deletable: data === null || dml.has('delete'),
    undeletable: data === null || dml.has('undelete'),
    queryable: true,
    unsupportedDml:
      data === null ? `no rules for ${name} are on record in metadata/standard/${name}.json` : null,
    setup: data?.setup ?? false,
    publishBehavior: null,
    customSettingsType: null,
    nameField: data?.nameField ?? null,
    fields: [...fields, ...additions],
    recordTypes: [],
  };
}

/**
 * Child relationships of a standard object as the type library lists them: name and child, not the child's field. The
 * field is the child's only reference to this object, else the one the data file names, else left open (null).
 */
export function standardChildren(
  jarFields: JarObject,
  data: StandardObjectData | null,
  fieldsOf: (object: string) => readonly FieldDescribe[],
  parent: string,
): (
  ChildRelationship | { readonly name: string; readonly childObject: string; readonly field: null }
)[] {
  return jarFields
    .filter(([, type]) => type.endsWith('[]'))
    .map(([name, type]) => {
      const childObject = type.slice(0, -2);
      const references = fieldsOf(childObject).filter(
        (field) => field.type === 'reference' && !field.custom,
      );
      const direct = references.filter((field) => field.referenceTo.includes(parent));
      const candidates =
        direct.length > 0
          ? direct
          : references.filter((field) => field.polymorphic && field.name !== 'OwnerId');
      const named = data?.children?.[name];
      const field = named ?? (candidates.length === 1 ? candidates[0]?.name : undefined);
      if (field === undefined) return { name, childObject, field: null };
      const described = references.find((candidate) => candidate.name === field);
      return { name, childObject, field, cascadeDelete: described?.deleteConstraint === 'Cascade' };
    });
}
