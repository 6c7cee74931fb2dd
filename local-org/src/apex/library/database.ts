/** `Database`: saves with results, dynamic queries, savepoints, batches. */
import type { AccessMode, DmlOperation, QueryPlan, SaveResult } from '../../org/contracts.js';
import type { SObjectRecord } from '../../values/values.js';
import { bindValue } from '../run/bind-values.js';
import { rowsOf, saveRows } from '../run/dml.js';
import { readDynamic } from '../run/dynamic.js';
import { throwApex } from '../run/exceptions.js';
import { queryAccess, runQuery } from '../run/queries.js';
import type { Session } from '../run/session.js';
import { ApexType, sobjectType } from '../types/type.js';
import { ApexList, ApexMap, EnumValue, NativeObject, type Value } from '../values/reference.js';
import { asMap, instance, narrow, type Call } from './call.js';
import { toText } from '../values/text.js';
import { enqueueBatch } from './jobs.js';
import { defineType } from './registry.js';
import { savepointStatics } from './savepoints.js';
import { FieldToken } from './schema-tokens.js';
import { ErrorValue } from './sobject.js';

/** One row of a save, as Apex sees it. */
class ResultValue extends NativeObject {
  constructor(
    type: string,
    readonly result: SaveResult,
  ) {
    super(type);
  }
}

const ERRORS = new ApexType('Database.Error', 'library');

for (const name of [
  'SaveResult',
  'UpsertResult',
  'DeleteResult',
  'UndeleteResult',
  'EmptyRecycleBinResult',
]) {
  defineType<ResultValue>({
    name: `Database.${name}`,
    self: instance(ResultValue, `Database.${name}`),
    methods: {
      'Id getId()': (self) => self.result.id,
      'Boolean isSuccess()': (self) => self.result.success,
      'Boolean isCreated()': (self) => self.result.created,
      'List<Database.Error> getErrors()': (self) =>
        new ApexList(
          ERRORS,
          self.result.errors.map((e) => new ErrorValue(e)),
        ),
    },
  });
}

class DmlOptions extends NativeObject {
  allOrNone: Value = null;

  constructor() {
    super('Database.DMLOptions');
  }
}

defineType<DmlOptions>({
  name: 'Database.DMLOptions',
  self: instance(DmlOptions, 'Database.DMLOptions'),
  constructors: { '()': () => new DmlOptions() },
  properties: {
    'Boolean OptAllOrNone': {
      get: (self) => self.allOrNone,
      set: (self, value) => {
        self.allOrNone = value;
      },
    },
  },
});

function accessMode(value: Value): 'user' | 'system' | null {
  if (!(value instanceof EnumValue)) return null;
  return value.name === 'USER_MODE' ? 'user' : 'system';
}

/** Operations that take ids as well as records. */
const TAKE_IDS: ReadonlySet<DmlOperation> = new Set(['delete', 'undelete', 'emptyRecycleBin']);

/** The optional arguments of a save come in any combination: a key field, all-or-none, an access level. */
function save(operation: DmlOperation, resultType: string): (c: Call) => Value {
  return (c) => {
    const rest = c.args.slice(1);
    const flag = rest.find((arg) => typeof arg === 'boolean');
    const options = rest.find((arg) => arg instanceof DmlOptions);
    const key = rest.find((arg) => arg instanceof FieldToken);
    const level = rest.map(accessMode).find((mode) => mode !== null) ?? null;
    const allOrNone =
      operation !== 'emptyRecycleBin' &&
      (flag ?? (options instanceof DmlOptions ? options.allOrNone !== false : true));
    const subject = c.value(0);
    const rows = TAKE_IDS.has(operation) ? idsOrRows(c.session, subject) : rowsOf(subject);
    const results = rows.length
      ? saveRows(
          c.session,
          operation,
          rows,
          level,
          allOrNone === true,
          key instanceof FieldToken ? key.field : undefined,
        )
      : [];
    const values = results.map((result) => new ResultValue(resultType, result));
    return subject instanceof ApexList
      ? new ApexList(new ApexType(resultType, 'library'), values)
      : (values[0] ?? null);
  };
}

function idsOrRows(session: Session, value: Value): SObjectRecord[] {
  const record = (item: Value): SObjectRecord | null =>
    typeof item === 'string' ? session.recordOfId(item) : null;
  if (typeof value === 'string') return [session.recordOfId(value)];
  if (value instanceof ApexList && value.items.some((item) => typeof item === 'string')) {
    return value.items.map(
      (item) => record(item) ?? throwApex('StringException', 'Invalid id: null'),
    );
  }
  return rowsOf(value);
}

function compile(c: Call): QueryPlan {
  return c.session.tx.org.queries.compileText(c.text(0), 'dynamic SOQL');
}

function accessOf(c: Call, plan: QueryPlan): AccessMode {
  const level = c.args.map(accessMode).find((mode) => mode !== null);
  return level && !plan.declaredMode ? c.session.access(level) : queryAccess(plan);
}

/** Binds of `queryWithBinds` by name; plain dynamic SOQL sees no local variables here. */
function binds(c: Call, plan: QueryPlan): ReturnType<typeof bindValue>[] {
  const given = c.value(1) instanceof ApexMap ? asMap(c.value(1)) : null;
  return plan.binds.map((bind) => {
    const [name = '', ...path] = bind.getText().split('.');
    const entry = given?.table
      .entries()
      .find((e) => toText(e.key).toLowerCase() === name.toLowerCase());
    if (!entry) throwApex('QueryException', `Variable does not exist: ${name}`);
    return bindValue(path.reduce(readDynamic, entry.value));
  });
}

function query(c: Call): Value {
  const plan = compile(c);
  const element = sobjectType(plan.isAggregate ? 'AggregateResult' : plan.fromObject);
  return runQuery(plan, binds(c, plan), element, accessOf(c, plan));
}

/** What a batch's `start` hands out; also usable as an iterator. */
export class QueryLocatorValue extends NativeObject {
  constructor(
    readonly soql: string,
    readonly rows: ApexList,
  ) {
    super('Database.QueryLocator');
  }

  iterateItems(): readonly Value[] {
    return this.rows.items;
  }
}

function locator(c: Call): Value {
  const first = c.value(0);
  if (first instanceof ApexList) return new QueryLocatorValue('', first);
  return new QueryLocatorValue(c.text(0), narrow(query(c), ApexList, 'List'));
}

defineType<QueryLocatorValue>({
  name: 'Database.QueryLocator',
  self: instance(QueryLocatorValue, 'Database.QueryLocator'),
  methods: {
    'String getQuery()': (self) => self.soql,
    'Iterator<SObject> iterator()': (self) => self,
  },
});

const SAVE = '(Object rows, Object second?, Object third?, Object fourth?)';

function saves(operation: DmlOperation, type: string): Record<string, (c: Call) => Value> {
  return { [`Any ${operation}${SAVE}`]: save(operation, `Database.${type}`) };
}

defineType({
  name: 'Database',
  statics: {
    ...saves('insert', 'SaveResult'),
    ...saves('update', 'SaveResult'),
    ...saves('upsert', 'UpsertResult'),
    ...saves('delete', 'DeleteResult'),
    ...saves('undelete', 'UndeleteResult'),
    'Any emptyRecycleBin(Object rows)': save('emptyRecycleBin', 'Database.EmptyRecycleBinResult'),
    'Any query(String soql, AccessLevel level?)': query,
    'Any queryWithBinds(String soql, Map<String, Object> binds, AccessLevel level)': query,
    'Integer countQuery(String soql, AccessLevel level?)': (c) => {
      const plan = compile(c);
      return plan.execute(c.session.tx, binds(c, plan), accessOf(c, plan)).totalSize;
    },
    'Integer countQueryWithBinds(String soql, Map<String, Object> binds, AccessLevel level)': (
      c,
    ) => {
      const plan = compile(c);
      return plan.execute(c.session.tx, binds(c, plan), accessOf(c, plan)).totalSize;
    },
    'Database.QueryLocator getQueryLocator(Object soql, AccessLevel level?)': locator,
    'Database.QueryLocator getQueryLocatorWithBinds(String soql, Map<String, Object> binds, AccessLevel level)':
      locator,
    'Id executeBatch(Object job, Integer scope?)': (c) =>
      enqueueBatch(c.session, c.value(0), c.count > 1 ? c.integer(1) : 200),
    ...savepointStatics,
  },
});

/** The result of one saved or published row. */
export function resultValue(type: string, result: SaveResult): NativeObject {
  return new ResultValue(type, result);
}
