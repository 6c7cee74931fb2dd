/** SObject, and custom metadata and settings read by their type. */
import { SObjectRecord } from '../../values/values.js';
import { throwApex } from '../run/exceptions.js';
import { addRecordError, errorMessage } from '../run/record-errors.js';
import { markQueried, memberOf, readMember, writeMember } from '../run/records.js';
import { Session } from '../run/session.js';
import { ApexType, OBJECT, STRING, sobjectType } from '../types/type.js';
import { ApexList, ApexMap, NativeObject, type Value } from '../values/reference.js';
import { asRecord, asText, instance, type Call } from './call.js';
import { libraryEnumOrNull } from './enums.js';
import { defineType } from './registry.js';
import { FieldToken, objectToken } from './schema-tokens.js';
import type { RecordError } from '../../values/values.js';

/** A field named by text or token. */
function nameOf(value: Value): string {
  return value instanceof FieldToken ? value.field : asText(value);
}

/** One `Database.Error`, of a save or of `addError`. */
export class ErrorValue extends NativeObject {
  constructor(readonly error: RecordError) {
    super('Database.Error');
  }
}

defineType<ErrorValue>({
  name: 'Database.Error',
  self: instance(ErrorValue, 'Database.Error'),
  methods: {
    'String getMessage()': (self) => self.error.message,
    'StatusCode getStatusCode()': (self) =>
      libraryEnumOrNull('StatusCode', self.error.statusCode) ??
      libraryEnumOrNull('StatusCode', 'UNKNOWN_EXCEPTION'),
    'List<String> getFields()': (self) => new ApexList(STRING, [...self.error.fields]),
  },
});

/** `path` follows relationships only through `getSObject`; `get` takes plain fields. */
function get(self: SObjectRecord, name: string): Value {
  if (self.has(name)) return self.get(name);
  return readMember(self, memberOf(self, name));
}

function put(self: SObjectRecord, c: Call): Value {
  const member = memberOf(self, nameOf(c.value(0)));
  const before = self.get(member.name);
  writeMember(self, member, c.value(1));
  return before;
}

/** Records that came out of `clone()`. */
const clones = new WeakSet<SObjectRecord>();

function clone(self: SObjectRecord, c: Call): SObjectRecord {
  const copy = self.clone();
  clones.add(copy);
  if (!c.has(0) || !c.boolean(0)) copy.unset('Id');
  if (!c.has(2) || !c.boolean(2)) {
    for (const name of ['CreatedById', 'CreatedDate', 'LastModifiedById', 'LastModifiedDate'])
      copy.unset(name);
  }
  return copy;
}

function addError(self: SObjectRecord, c: Call): null {
  const first = c.value(0);
  if (c.count >= 2 && (first instanceof FieldToken || typeof c.value(1) !== 'boolean')) {
    addRecordError(self, errorMessage(c.value(1)), [nameOf(first)]);
  } else addRecordError(self, errorMessage(first));
  return null;
}

function populated(self: SObjectRecord): ApexMap {
  const entries: [Value, Value][] = [...self.entries()];
  for (const [name, parent] of self.parentEntries()) if (parent) entries.push([name, parent]);
  for (const [name, rows] of self.childEntries())
    entries.push([name, new ApexList(sobjectType('SObject'), [...rows])]);
  return new ApexMap(STRING, OBJECT, entries);
}

defineType<SObjectRecord>({
  name: 'SObject',
  self: asRecord,
  methods: {
    'Object get(Object field)': (self, c) => get(self, nameOf(c.value(0))),
    'Object put(Object field, Object value)': put,
    'SObject getSObject(Object field)': (self, c) => readRelated(self, c.value(0)),
    'void putSObject(Object field, SObject parent)': (self, c) => {
      writeMember(self, memberOf(self, nameOf(c.value(0))), c.value(1));
      return null;
    },
    'List<SObject> getSObjects(Object relationship)': (self, c) => {
      const rows = self.getChildren(nameOf(c.value(0)));
      return rows ? new ApexList(sobjectType('SObject'), [...rows]) : null;
    },
    'SObjectType getSObjectType()': (self) => objectToken(self.type),
    'Self clone(Boolean keepId?, Boolean deep?, Boolean keepDates?, Boolean keepNumbers?)': clone,
    'Map<String, Object> getPopulatedFieldsAsMap()': populated,
    'Boolean isSet(Object field)': (self, c) => self.has(nameOf(c.value(0))),
    'void addError(Object first, Object second?, Boolean escape?)': addError,
    'Boolean hasErrors()': (self) => self.errors.length > 0,
    'List<Database.Error> getErrors()': (self) =>
      new ApexList(
        new ApexType('Database.Error', 'library'),
        self.errors.map((e) => new ErrorValue(e)),
      ),
    'Boolean isClone()': (self) => clones.has(self),
    'void clear()': (self) => {
      for (const [name] of [...self.entries()]) self.unset(name);
      return null;
    },
  },
});

function readRelated(self: SObjectRecord, key: Value): Value {
  const name = nameOf(key);
  const describe = Session.current.ports.schema.object(self.type);
  const field = describe?.fields.find((f) => f.name.toLowerCase() === name.toLowerCase());
  const relationship = field?.relationshipName ?? name;
  return self.getParent(relationship) ?? null;
}

/** Rows of a custom metadata type or setting, all fields loaded; costs no governor limit. */
function rowsOf(object: string, where: string): SObjectRecord[] {
  const session = Session.current;
  const describe = session.ports.schema.object(object);
  if (!describe) throwApex('TypeException', `Invalid object: ${object}`);
  const fields = describe.fields.filter((f) => f.type !== 'base64').map((f) => f.name);
  const plan = session.tx.org.queries.compileText(
    `SELECT ${fields.join(', ')} FROM ${describe.name}${where}`,
    object,
  );
  const { records } = plan.execute(session.unlimited(), [], { mode: 'system', sharing: false });
  records.forEach(markQueried);
  return [...records];
}

const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;

defineType({
  name: 'CustomMetadata',
  statics: {
    'Map<String, Self> getAll()': (c) =>
      new ApexMap(
        STRING,
        c.receiver,
        rowsOf(c.receiver.name, '').map((row) => [row.get('DeveloperName'), row] as const),
      ),
    'Self getInstance(String name)': (c) => {
      const text = c.textOrNull(0);
      if (text === null) return null;
      const key = /^m\w{14,17}$/.test(text) ? 'Id' : 'DeveloperName';
      return rowsOf(c.receiver.name, ` WHERE ${key} = ${quoted(text)}`)[0] ?? null;
    },
  },
});

/** The setting of an owner (user, profile, organisation), or an empty one. */
function setting(c: Call, owners: readonly string[]): SObjectRecord {
  const rows = rowsOf(c.receiver.name, '');
  for (const owner of owners) {
    const found = rows.find((row) => row.get('SetupOwnerId') === owner);
    if (found) return found;
  }
  return new SObjectRecord(c.receiver.name);
}

defineType({
  name: 'CustomSetting',
  statics: {
    'Self getOrgDefaults()': (c) => setting(c, [c.session.user.organizationId]),
    'Self getInstance(Object key?)': (c) => {
      const { user } = c.session;
      if (
        typeof c.value(0) === 'string' &&
        c.session.ports.schema.object(c.receiver.name)?.customSettingsType === 'List'
      ) {
        return rowsOf(c.receiver.name, ` WHERE Name = ${quoted(c.text(0))}`)[0] ?? null;
      }
      const own = c.has(0) ? [c.text(0)] : [user.id, user.profileId];
      return setting(c, [...own, user.organizationId]);
    },
    'Self getValues(Object key)': (c) => {
      const rows = rowsOf(c.receiver.name, '');
      return (
        rows.find(
          (row) => row.get('SetupOwnerId') === c.value(0) || row.get('Name') === c.value(0),
        ) ?? null
      );
    },
    'Map<String, Self> getAll()': (c) =>
      new ApexMap(
        STRING,
        c.receiver,
        rowsOf(c.receiver.name, '').map((row) => [row.get('Name'), row] as const),
      ),
  },
});
