/** Rows of list views and related lists, with what the browser needs to show and link them. */
import type { FieldDescribe, ObjectDescribe } from '../../metadata/describe.js';
import type { ListView } from '../../metadata/types.js';
import type { Json, Transaction } from '../../org/contracts.js';
import type { LocalOrg } from '../../org/local-org.js';
import { PlatformError } from '../../org/contracts.js';
import { USER_ACCESS } from '../../rest/context.js';
import { valueToJson } from '../../rest/record-json.js';
import type { SObjectRecord } from '../../values/values.js';
import { listColumns } from './layouts.js';

const PAGE = 100;

export interface ListQuery {
  readonly object: ObjectDescribe;
  readonly columns: readonly string[];
  readonly where: readonly string[];
  readonly limit: number;
}

const CELL_TYPES: Partial<Record<FieldDescribe['type'], string>> = {
  datetime: 'datetime',
  date: 'date',
  boolean: 'boolean',
  currency: 'currency',
  percent: 'number',
  double: 'number',
  int: 'number',
  long: 'number',
  email: 'email',
  phone: 'phone',
};

/** `ContentDocument.Name`-like path to the name of a reference's target; null when it has no single target. */
function referencedName(
  { schema }: LocalOrg,
  field: FieldDescribe,
): { path: string; nameField: string } | null {
  const [target] = field.referenceTo;
  const nameField = target && schema.object(target)?.nameField;
  if (field.type !== 'reference' || !field.relationshipName || !nameField) return null;
  const common = field.referenceTo.length > 1 ? 'Name' : nameField;
  return { path: `${field.relationshipName}.${common}`, nameField: common };
}

export function readList(org: LocalOrg, tx: Transaction, query: ListQuery): Record<string, Json> {
  const { object } = query;
  const fields = query.columns
    .map((name) => org.schema.requireField(object.name, name))
    .filter(({ name }) => org.rights.fieldRight(tx, object.name, name, 'read'));
  const names = new Map(fields.map((field) => [field.name, referencedName(org, field)]));
  const selected = new Set(['Id', ...fields.map(({ name }) => name)]);
  for (const reference of names.values()) if (reference) selected.add(reference.path);
  const where = query.where.length ? ` WHERE ${query.where.join(' AND ')}` : '';
  const soql =
    `SELECT ${[...selected].join(', ')} FROM ${object.name}${where} ` +
    `ORDER BY ${orderField(object)} DESC LIMIT ${query.limit + 1}`;
  const { records } = tx.org.queries.compileText(soql, 'the list').execute(tx, [], USER_ACCESS);
  return {
    hasMore: records.length > query.limit,
    columns: fields.map((field) => ({
      field: field.name,
      label: columnLabel(field),
      type: CELL_TYPES[field.type] ?? 'text',
      isLink: field.nameField || names.get(field.name) !== null,
    })),
    rows: records.slice(0, query.limit).map((row) => rowJson(org, row, fields, names)),
  };
}

const orderField = (object: ObjectDescribe): string =>
  object.fields.some(({ name }) => name === 'CreatedDate') ? 'CreatedDate' : 'Id';

/** `Account ID` is the field; people read `Account`. */
const columnLabel = ({ label, type }: FieldDescribe): string =>
  type === 'reference' ? label.replace(/ ID$/, '') : label;

function rowJson(
  org: LocalOrg,
  row: SObjectRecord,
  fields: readonly FieldDescribe[],
  names: ReadonlyMap<string, { nameField: string } | null>,
): Json {
  const cells: Record<string, Json> = {};
  const links: Record<string, Json> = {};
  for (const field of fields) {
    const value = row.get(field.name);
    const reference = names.get(field.name);
    if (reference && typeof value === 'string') {
      const parent = row.getParent(field.relationshipName ?? '');
      cells[field.name] = valueToJson(parent?.get(reference.nameField) ?? value, '');
      links[field.name] = { id: value, object: org.schema.objectOfId(value)?.name ?? 'record' };
      continue;
    }
    const option = field.picklist?.values.find((entry) => entry.value === value);
    cells[field.name] = option?.label ?? valueToJson(value, '');
    if (field.nameField && row.id) links[field.name] = { id: row.id, object: row.type };
  }
  return { id: row.id, cells, links };
}

/** An object's list views: those of the project, and "All". */
export function listView(
  org: LocalOrg,
  tx: Transaction,
  object: ObjectDescribe,
  viewName: string | undefined,
  limit = PAGE,
): Record<string, Json> {
  const own = org.project.objects.get(object.name.toLowerCase())?.listViews ?? [];
  const all: ListView = {
    fullName: 'AllRecords',
    file: '',
    label: `All ${object.labelPlural}`,
    columns: [],
    filterScope: 'Everything',
    filters: [],
  };
  const views = own.length > 0 ? own : [all];
  const named = (name: string | undefined): ListView | undefined =>
    views.find(({ fullName }) => fullName === name);
  const view = named(viewName) ?? named('All') ?? views[0] ?? all;
  const where = view.filters.map((filter) => condition(org, object, filter));
  if (view.filterScope === 'Mine') where.push(`OwnerId = '${tx.userId}'`);
  return {
    views: views.map(({ fullName, label }) => ({ name: fullName, label })),
    view: view.fullName,
    viewLabel: view.label,
    labelPlural: object.labelPlural,
    canCreate: object.createable && org.rights.objectRight(tx, object.name, 'create'),
    ...readList(org, tx, {
      object,
      columns: listColumns(org, object.name, view.columns),
      where,
      limit,
    }),
  };
}

const OPERATORS: Readonly<Record<string, string>> = {
  equals: '=',
  notEqual: '!=',
  lessThan: '<',
  lessOrEqual: '<=',
  greaterThan: '>',
  greaterOrEqual: '>=',
};

/** One filter of a list view as SOQL; several values of one filter are alternatives. */
function condition(
  { schema }: LocalOrg,
  object: ObjectDescribe,
  filter: ListView['filters'][number],
): string {
  const field = schema.requireField(object.name, filter.field === 'NAME' ? 'Name' : filter.field);
  const values = (filter.value ?? '').split(',').map((value) => value.trim());
  const isQuoted = ![
    'boolean',
    'double',
    'int',
    'long',
    'currency',
    'percent',
    'date',
    'datetime',
  ].includes(field.type);
  const quote = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
  const literals = values.map((value) => {
    if (value === '') return 'null';
    if (field.type === 'boolean') return value === '1' ? 'true' : 'false';
    return isQuoted ? quote(value) : value;
  });
  const operator = OPERATORS[filter.operation];
  if (operator) {
    const parts = literals.map((literal) => `${field.name} ${operator} ${literal}`);
    return `(${parts.join(filter.operation === 'notEqual' ? ' AND ' : ' OR ')})`;
  }
  const pattern = { contains: ['%', '%'], startsWith: ['', '%'], notContain: ['%', '%'] }[
    filter.operation
  ];
  if (!pattern) {
    throw new PlatformError(
      'INVALID_FILTER',
      `The list view uses the filter operation ${filter.operation}, which is unknown.`,
    );
  }
  const parts = values.map(
    (value) => `${field.name} LIKE ${quote(`${pattern[0]}${value}${pattern[1]}`)}`,
  );
  const text = `(${parts.join(' OR ')})`;
  return filter.operation === 'notContain' ? `(NOT ${text})` : text;
}
