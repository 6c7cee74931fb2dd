/**
 * Which fields and related lists of an object a page shows: from the project's page layout, else for the usual standard
 * objects the platform's, else everything in order.
 */
import type { FieldDescribe, ObjectDescribe } from '../../metadata/describe.js';
import type { MetadataNode } from '../../metadata/xml.js';
import type { Transaction } from '../../org/contracts.js';
import type { LocalOrg } from '../../org/local-org.js';
import { STANDARD_LAYOUTS as STANDARD } from './standard-layouts.js';

export interface LayoutSection {
  readonly label: string;
  readonly columns: readonly (readonly string[])[];
}

export interface RelatedListLayout {
  /** Name of the child relationship. */
  readonly relationship: string;
  readonly object: string;
  readonly field: string;
  readonly columns: readonly string[];
}

export interface ObjectLayout {
  readonly object: string;
  readonly label: string;
  readonly nameField: string;
  readonly sections: readonly LayoutSection[];
  /** Fields for the head of a record page, in order. */
  readonly compact: readonly string[];
  /** True when `compact` is the object's compact layout; else the page chooses the first with a value. */
  readonly hasCompactLayout: boolean;
  readonly editable: readonly string[];
  readonly related: readonly RelatedListLayout[];
  /** The field whose values make the path, or null. */
  readonly pathField: string | null;
  readonly canCreate: boolean;
  readonly canEdit: boolean;
  readonly canDelete: boolean;
}

const SYSTEM_FIELDS = ['CreatedById', 'CreatedDate', 'LastModifiedById', 'LastModifiedDate'];
const HIDDEN = new Set([
  'Id',
  'IsDeleted',
  'SystemModstamp',
  'LastViewedDate',
  'LastReferencedDate',
  'LastActivityDate',
  ...SYSTEM_FIELDS,
]);
const LIST_COLUMNS = 4;

export function layoutOf(org: LocalOrg, tx: Transaction, object: ObjectDescribe): ObjectLayout {
  const source = org.project
    .raw('layout')
    .find(({ fullName }) => fullName.split('-')[0]?.toLowerCase() === object.name.toLowerCase());
  const isReadable = (name: string): boolean => {
    const field = org.schema.field(object.name, name);
    return field !== undefined && org.rights.fieldRight(tx, object.name, field.name, 'read');
  };
  const sections = (source ? sectionsOf(source.xml) : defaultSections(object))
    .map(({ label, columns }) => ({
      label,
      columns: columns.map((column) => column.filter(isReadable)),
    }))
    .filter(({ columns }) => columns.flat().length > 0);
  const nameField = object.nameField ?? 'Id';
  const compact = compactLayout(org, object);
  const shown = sections.flatMap(({ columns }) => interleave(columns));
  return {
    object: object.name,
    label: object.label,
    nameField,
    sections,
    compact: (compact ?? shown).filter(
      (name) => name !== nameField && isReadable(name) && isShort(org, object, name),
    ),
    hasCompactLayout: compact !== null,
    editable: shown.filter((name) => isEditable(org, tx, object, name)),
    related: relatedLists(org, tx, object, source?.xml ?? null),
    pathField: STANDARD[object.name]?.path ?? null,
    canCreate: object.createable && org.rights.objectRight(tx, object.name, 'create'),
    canEdit: object.updateable && org.rights.objectRight(tx, object.name, 'edit'),
    canDelete: object.deletable && org.rights.objectRight(tx, object.name, 'delete'),
  };
}

/** Fields of the compact layout the object names, or null for the platform's own. */
function compactLayout({ project, schema }: LocalOrg, object: ObjectDescribe): string[] | null {
  const assigned = project.objects.get(object.name.toLowerCase())?.compactLayout;
  const layout = project
    .raw('compactLayout')
    .find(
      ({ fullName, file }) =>
        fullName === assigned &&
        file.split('/').at(-3)?.toLowerCase() === object.name.toLowerCase(),
    );
  return layout
    ? layout.xml.texts('fields').flatMap((name) => schema.field(object.name, name)?.name ?? [])
    : null;
}

/** Columns side by side, read row by row. */
const interleave = ([left = [], right = []]: readonly (readonly string[])[]): string[] =>
  Array.from({ length: Math.max(left.length, right.length) }, (_, row) => [left[row], right[row]])
    .flat()
    .filter((name) => name !== undefined);

function isShort({ schema }: LocalOrg, object: ObjectDescribe, name: string): boolean {
  const field = schema.field(object.name, name);
  return field !== undefined && field.type !== 'textarea' && !SYSTEM_FIELDS.includes(name);
}

function isEditable(org: LocalOrg, tx: Transaction, object: ObjectDescribe, name: string): boolean {
  const field = org.schema.field(object.name, name);
  // The owner is changed by an action of its own in Salesforce, never in a form.
  if (!field || field.name === 'OwnerId' || !(field.createable || field.updateable)) return false;
  return org.rights.fieldRight(tx, object.name, field.name, 'edit');
}

function sectionsOf(layout: MetadataNode): LayoutSection[] {
  return layout
    .children('layoutSections')
    .filter((section) => section.text('style') !== 'CustomLinks')
    .map((section) => ({
      label: section.text('label') ?? '',
      columns: section
        .children('layoutColumns')
        .map((column) =>
          column.children('layoutItems').flatMap((item) => item.text('field') ?? []),
        ),
    }));
}

function defaultSections(object: ObjectDescribe): LayoutSection[] {
  const main =
    STANDARD[object.name]?.fields ?? object.fields.filter(isMain).map(({ name }) => name);
  const custom = object.fields
    .filter((field) => field.custom && isMain(field) && !main.includes(field.name))
    .map(({ name }) => name);
  return [
    { label: 'Information', columns: twoColumns([...main, ...custom]) },
    { label: 'System Information', columns: twoColumns(SYSTEM_FIELDS) },
  ];
}

const isMain = ({ name, type }: FieldDescribe): boolean => type !== 'base64' && !HIDDEN.has(name);

const twoColumns = (names: readonly string[]): string[][] => [
  names.filter((_, index) => index % 2 === 0),
  names.filter((_, index) => index % 2 === 1),
];

function relatedLists(
  org: LocalOrg,
  tx: Transaction,
  object: ObjectDescribe,
  layout: MetadataNode | null,
): RelatedListLayout[] {
  const children = org.schema.childRelationships(object.name);
  const listed = layout?.children('relatedLists').flatMap((node) => {
    const [child = '', field = ''] = (node.text('relatedList') ?? '').split('.');
    const found = children.find(
      (entry) =>
        entry.childObject.toLowerCase() === child.toLowerCase() &&
        entry.field.toLowerCase() === field.toLowerCase(),
    );
    return found ? [{ ...found, columns: node.texts('fields') }] : [];
  });
  const usual = children
    .filter(
      ({ name, childObject }) => name !== null && isUsualChild(org, object, name, childObject),
    )
    .map((child) => ({ ...child, columns: [] as readonly string[] }));
  return (listed ?? usual).flatMap(({ name, childObject, field, columns }) => {
    if (name === null || !org.rights.objectRight(tx, childObject, 'read')) return [];
    return [
      {
        relationship: name,
        object: childObject,
        field,
        columns: listColumns(org, childObject, columns),
      },
    ];
  });
}

/** The package's own children everywhere, and the few of the platform that people look for. */
function isUsualChild(
  { project }: LocalOrg,
  object: ObjectDescribe,
  name: string,
  child: string,
): boolean {
  if (STANDARD[object.name]?.children.includes(name)) return true;
  return project.objects.get(child.toLowerCase())?.kind === 'custom';
}

/** Field names of a list's columns: as given when they are fields, else the name and the first main fields. */
export function listColumns(
  { schema }: LocalOrg,
  objectName: string,
  wanted: readonly string[],
): string[] {
  const object = schema.requireObject(objectName);
  const named = wanted.flatMap((column) => {
    const field = schema.field(object.name, COLUMN_KEYWORDS[column] ?? column);
    return field ? [field.name] : [];
  });
  if (named.length > 0) return [...new Set(named)];
  const nameField = object.nameField ?? 'Id';
  const main =
    STANDARD[object.name]?.fields ?? object.fields.filter(isMain).map(({ name }) => name);
  const short = main.filter((name) => {
    const field = schema.field(object.name, name);
    return field && name !== nameField && field.type !== 'textarea' && !field.masterDetail;
  });
  return [nameField, ...short.slice(0, LIST_COLUMNS)];
}

/** How list views and layouts name some standard columns. */
const COLUMN_KEYWORDS: Readonly<Record<string, string>> = {
  NAME: 'Name',
  OWNER: 'OwnerId',
  'OWNER.ALIAS': 'OwnerId',
  CREATED_DATE: 'CreatedDate',
  'CREATEDBY_USER.ALIAS': 'CreatedById',
  LAST_UPDATE: 'LastModifiedDate',
  'UPDATEDBY_USER.ALIAS': 'LastModifiedById',
};
