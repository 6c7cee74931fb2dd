/** `Schema`: describe calls, object and field tokens. */
import type { FieldDescribe, ObjectDescribe } from '../../metadata/describe.js';
import { SObjectRecord } from '../../values/values.js';
import { throwApex } from '../run/exceptions.js';
import { Session } from '../run/session.js';
import { ApexType, STRING } from '../types/type.js';
import { ApexList, ApexMap, NativeObject, PropertyBag, type Value } from '../values/reference.js';
import { instance, type Call } from './call.js';
import { libraryEnum } from './enums.js';
import { defineType } from './registry.js';
import {
  FieldDescribeValue,
  FieldToken,
  fieldToken,
  ObjectDescribeValue,
  ObjectToken,
  objectDescribe,
  objectToken,
} from './schema-tokens.js';

const TOKEN = new ApexType('SObjectType', 'library');
const FIELD = new ApexType('SObjectField', 'library');

function describeOf(name: string): ObjectDescribe {
  return (
    Session.current.ports.schema.object(name) ??
    throwApex('InvalidParameterValueException', `sObject type '${name}' is not supported`)
  );
}

function fieldOf(object: string, name: string): FieldDescribe {
  const field = describeOf(object).fields.find((f) => f.name.toLowerCase() === name.toLowerCase());
  return field ?? throwApex('SObjectException', `Invalid field ${name} for ${object}`);
}

/** API name with the namespace of the package, as describe results print it. */
function qualified(name: string): string {
  const { namespace } = Session.current.ports;
  return namespace && /__\w+$/.test(name) ? `${namespace}__${name}` : name;
}

const objectRight = (
  self: ObjectDescribeValue,
  right: 'read' | 'create' | 'edit' | 'delete',
): boolean => {
  const { ports, tx } = Session.current;
  return ports.rights.objectRight(tx, self.object, right);
};

defineType<ObjectToken>({
  name: 'SObjectType',
  self: instance(ObjectToken, 'SObjectType'),
  methods: {
    'DescribeSObjectResult getDescribe(Object options?)': (self) => objectDescribe(self.object),
    'SObject newSObject(Object idOrRecordType?, Boolean loadDefaults?)': (self, c) => {
      const record = new SObjectRecord(self.object);
      if (c.count === 1 && c.has(0)) record.set('Id', c.text(0));
      return record;
    },
    'String toString()': (self) => self.object,
  },
});

class FieldsValue extends NativeObject {
  constructor(readonly object: string) {
    super('SObjectTypeFields');
  }
}

function fieldMap(object: string): ApexMap {
  const { fields } = describeOf(object);
  return new CaseInsensitiveMap(
    FIELD,
    fields.map((f) => [f.name.toLowerCase(), fieldToken(object, f.name)] as const),
  );
}

/** The maps of describe calls take names in any case. */
class CaseInsensitiveMap extends ApexMap {
  constructor(value: ApexType, entries: Iterable<readonly [Value, Value]>) {
    super(STRING, value, entries);
    const { table } = this;
    const find = table.find.bind(table);
    table.find = (key) => find(typeof key === 'string' ? key.toLowerCase() : key);
  }
}

defineType<FieldsValue>({
  name: 'SObjectTypeFields',
  self: instance(FieldsValue, 'SObjectTypeFields'),
  methods: { 'Map<String, SObjectField> getMap()': (self) => fieldMap(self.object) },
});

const bag = (type: string, values: Readonly<Record<string, Value>>): PropertyBag =>
  new PropertyBag(type, values);
const listOfBags = (type: string, items: PropertyBag[]): ApexList =>
  new ApexList(new ApexType(type, 'library'), items);

function defineBag(name: string, getters: readonly string[]): void {
  defineType<PropertyBag>({
    name,
    self: instance(PropertyBag, name),
    methods: Object.fromEntries(
      getters.map((signature) => [
        signature,
        (self: PropertyBag): Value =>
          self.get(/(\w+)\(/.exec(signature)?.[1]?.replace(/^(get|is)/, '') ?? ''),
      ]),
    ),
  });
}

defineBag('PicklistEntry', [
  'String getLabel()',
  'String getValue()',
  'Boolean isActive()',
  'Boolean isDefaultValue()',
]);
defineBag('RecordTypeInfo', [
  'String getName()',
  'String getDeveloperName()',
  'Id getRecordTypeId()',
  'Boolean isActive()',
  'Boolean isAvailable()',
  'Boolean isMaster()',
]);
defineBag('ChildRelationship', [
  'SObjectType getChildSObject()',
  'SObjectField getField()',
  'String getRelationshipName()',
  'Boolean isCascadeDelete()',
]);

defineType<ObjectDescribeValue>({
  name: 'DescribeSObjectResult',
  self: instance(ObjectDescribeValue, 'DescribeSObjectResult'),
  properties: { 'SObjectTypeFields fields': { get: (self) => new FieldsValue(self.object) } },
  methods: {
    'String getName()': (self) => qualified(self.object),
    'String getLocalName()': (self) => self.object,
    'String getLabel()': (self) => describeOf(self.object).label,
    'String getLabelPlural()': (self) => describeOf(self.object).labelPlural,
    'String getKeyPrefix()': (self) => describeOf(self.object).keyPrefix,
    'SObjectType getSObjectType()': (self) => objectToken(self.object),
    'Boolean isAccessible()': (self) => objectRight(self, 'read'),
    'Boolean isQueryable()': (self) => describeOf(self.object).queryable,
    'Boolean isCreateable()': (self) =>
      describeOf(self.object).createable && objectRight(self, 'create'),
    'Boolean isUpdateable()': (self) =>
      describeOf(self.object).updateable && objectRight(self, 'edit'),
    'Boolean isDeletable()': (self) =>
      describeOf(self.object).deletable && objectRight(self, 'delete'),
    'Boolean isUndeletable()': (self) =>
      describeOf(self.object).undeletable && objectRight(self, 'delete'),
    'Boolean isCustom()': (self) => describeOf(self.object).custom,
    'Boolean isCustomSetting()': (self) => describeOf(self.object).kind === 'customSetting',
    'List<ChildRelationship> getChildRelationships()': (self) =>
      listOfBags(
        'ChildRelationship',
        Session.current.ports.schema.childRelationships(self.object).map((child) =>
          bag('ChildRelationship', {
            ChildSObject: objectToken(child.childObject),
            Field: fieldToken(child.childObject, child.field),
            RelationshipName: child.name,
            CascadeDelete: child.cascadeDelete,
          }),
        ),
      ),
    'List<RecordTypeInfo> getRecordTypeInfos()': (self) =>
      listOfBags('RecordTypeInfo', recordTypes(self.object)),
    'Map<String, RecordTypeInfo> getRecordTypeInfosByDeveloperName()': (self) =>
      new ApexMap(
        STRING,
        new ApexType('RecordTypeInfo', 'library'),
        recordTypes(self.object).map((r) => [r.get('DeveloperName'), r] as const),
      ),
  },
});

function recordTypes(object: string): PropertyBag[] {
  return describeOf(object).recordTypes.map((type) =>
    bag('RecordTypeInfo', {
      Name: type.label,
      DeveloperName: type.developerName,
      Active: type.active,
      Available: type.active,
      Master: false,
    }),
  );
}

defineType<FieldToken>({
  name: 'SObjectField',
  self: instance(FieldToken, 'SObjectField'),
  methods: {
    'DescribeFieldResult getDescribe(Object options?)': (self) =>
      new FieldDescribeValue(self.object, self.field),
    'String toString()': (self) => self.field,
  },
});

const DISPLAY: Readonly<Record<string, string>> = { int: 'INTEGER', anyType: 'ANYTYPE' };

const field = (self: FieldDescribeValue): FieldDescribe => fieldOf(self.object, self.field);
const fieldRight = (self: FieldDescribeValue, right: 'read' | 'edit'): boolean => {
  const { ports, tx } = Session.current;
  return ports.rights.fieldRight(tx, self.object, self.field, right);
};

defineType<FieldDescribeValue>({
  name: 'DescribeFieldResult',
  self: instance(FieldDescribeValue, 'DescribeFieldResult'),
  methods: {
    'String getName()': (self) => qualified(self.field),
    'String getLocalName()': (self) => self.field,
    'String getLabel()': (self) => field(self).label,
    'Integer getLength()': (self) => field(self).length,
    'Integer getPrecision()': (self) => field(self).precision,
    'Integer getScale()': (self) => field(self).scale,
    'DisplayType getType()': (self) =>
      libraryEnum('DisplayType', DISPLAY[field(self).type] ?? field(self).type.toUpperCase()),
    'SObjectField getSObjectField()': (self) => fieldToken(self.object, self.field),
    'SObjectType getSObjectType()': (self) => objectToken(self.object),
    'String getRelationshipName()': (self) => field(self).relationshipName,
    'List<SObjectType> getReferenceTo()': (self) =>
      new ApexList(TOKEN, field(self).referenceTo.map(objectToken)),
    'String getInlineHelpText()': (self) => field(self).inlineHelpText,
    'Object getDefaultValue()': (self) => field(self).defaultValue,
    'String getCalculatedFormula()': (self) => field(self).formula,
    'List<PicklistEntry> getPicklistValues()': (self) =>
      listOfBags(
        'PicklistEntry',
        (field(self).picklist?.values ?? []).map((v) =>
          bag('PicklistEntry', {
            Label: v.label,
            Value: v.value,
            Active: v.isActive,
            DefaultValue: v.isDefault,
          }),
        ),
      ),
    'Boolean isAccessible()': (self) => fieldRight(self, 'read'),
    'Boolean isCreateable()': (self) => field(self).createable && fieldRight(self, 'edit'),
    'Boolean isUpdateable()': (self) => field(self).updateable && fieldRight(self, 'edit'),
    'Boolean isNillable()': (self) => field(self).nillable,
    'Boolean isCustom()': (self) => field(self).custom,
    'Boolean isCalculated()': (self) => field(self).formula !== null,
    'Boolean isExternalId()': (self) => field(self).externalId,
    'Boolean isUnique()': (self) => field(self).unique,
    'Boolean isNameField()': (self) => field(self).nameField,
    'Boolean isFilterable()': (self) => field(self).filterable,
    'Boolean isSortable()': (self) => field(self).sortable,
    'Boolean isAutoNumber()': (self) => field(self).autoNumber !== null,
  },
});

function globalDescribe(): ApexMap {
  const { schema } = Session.current.ports;
  return new CaseInsensitiveMap(
    TOKEN,
    [...schema.objects()].map((o) => [o.name.toLowerCase(), objectToken(o.name)] as const),
  );
}

defineType({
  name: 'Schema',
  statics: {
    'Map<String, SObjectType> getGlobalDescribe()': () => globalDescribe(),
    'List<DescribeSObjectResult> describeSObjects(List<String> names, Object options?)': (
      c: Call,
    ) =>
      new ApexList(
        new ApexType('DescribeSObjectResult', 'library'),
        c.texts(0).map((name) => objectDescribe(describeOf(name).name)),
      ),
  },
});
