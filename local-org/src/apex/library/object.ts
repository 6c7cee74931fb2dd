/** Methods of every value, and `Type`. */
import { builtInException } from '../run/exceptions.js';
import { construct } from '../run/invoke.js';
import { Session } from '../run/session.js';
import type { ApexType } from '../types/type.js';
import { hashCode, valueEqual } from '../values/equality.js';
import {
  ApexList,
  ApexMap,
  ApexSet,
  EnumValue,
  TypeValue,
  type Value,
} from '../values/reference.js';
import { toText } from '../values/text.js';
import { SObjectRecord } from '../../values/values.js';
import { Call, instance } from './call.js';
import { throwApex } from '../run/exceptions.js';
import { defineType, LibraryType, libraryType } from './registry.js';
import { OBJECT, UNKNOWN } from '../types/type.js';

defineType<Value>({
  name: 'Object',
  self: (value) => value,
  methods: {
    'String toString()': (self) => (self instanceof EnumValue ? self.name : toText(self)),
    'Boolean equals(Object other)': (self, c) => valueEqual(self, c.value(0)),
    'Integer hashCode()': (self) => hashCode(self),
  },
});

/** A new instance made through reflection. */
function newInstance(type: ApexType): Value {
  const cls = type.declaration;
  if (cls) {
    if (cls.isAbstract || cls.isInterface || cls.kind === 'enum') {
      throwApex('TypeException', `Type cannot be constructed: ${cls.name}`);
    }
    const constructor = cls.constructors.find((m) => m.parameters.length === 0);
    if (!constructor && cls.constructors.length) {
      throwApex('TypeException', `Class ${cls.name} must have a no-argument constructor`);
    }
    return construct(cls, constructor ?? null, []);
  }
  if (type.kind === 'sobject') return new SObjectRecord(type.name);
  if (type.is('list')) return new ApexList(type.element);
  if (type.is('set')) return new ApexSet(type.element);
  if (type.is('map')) return new ApexMap(type.element, type.args[1] ?? UNKNOWN);
  const method = LibraryType.pick(libraryType(type.base)?.constructors, 0);
  if (method) return method.run(new Call(null, [], type));
  throwApex('TypeException', `Type cannot be constructed: ${type.name}`);
}

function find(name: string): Value {
  const type = Session.current.program.resolveType(name) ?? builtInException(name)?.type;
  return type ? new TypeValue(type) : null;
}

defineType<TypeValue>({
  name: 'Type',
  self: instance(TypeValue, 'Type'),
  methods: {
    'String getName()': (self) => self.subject.name,
    'Object newInstance()': (self) => newInstance(self.subject),
    'Boolean isAssignableFrom(Type source)': (self, c) => {
      const source = c.type(0).subject;
      return self.subject === OBJECT || assignable(source, self.subject);
    },
  },
  statics: {
    'Type forName(String name, String second?)': (c) => {
      const name = c.count === 2 ? c.text(1) : c.textOrNull(0);
      return name === null ? null : find(name);
    },
  },
});

function assignable(from: ApexType, to: ApexType): boolean {
  if (from.declaration && to.declaration) return from.declaration.isSubclassOf(to.declaration);
  if (from.declaration) return from.declaration.allInterfaces().some((i) => i.base === to.base);
  return from.base === to.base || (to.is('sobject') && from.kind === 'sobject');
}
