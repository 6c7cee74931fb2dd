/** List, Set, Map and Iterator. */
import { SObjectRecord } from '../../values/values.js';
import { throwApex } from '../run/exceptions.js';
import { iterate } from '../run/iteration.js';
import { callMethod, findMethod } from '../run/invoke.js';
import { objectToken } from './schema-tokens.js';
import { UNKNOWN } from '../types/type.js';
import { coercionTo } from '../values/coerce.js';
import { compareValues, valueEqual } from '../values/equality.js';
import { ApexList, ApexMap, ApexSet, NativeObject, type Value } from '../values/reference.js';
import { asItems, asMap, asObject, instance, narrow, type Call } from './call.js';
import { defineType } from './registry.js';

class ListIterator extends NativeObject {
  private next = 0;

  constructor(private readonly items: readonly Value[]) {
    super('ListIterator');
  }

  get hasNext(): boolean {
    return this.next < this.items.length;
  }

  take(): Value {
    if (!this.hasNext) throwApex('NoSuchElementException', 'The iterator has no more items');
    return this.items[this.next++] ?? null;
  }

  iterateItems(): readonly Value[] {
    return this.items.slice(this.next);
  }
}

for (const name of ['ListIterator', 'Iterator']) {
  defineType<ListIterator>({
    name,
    self: instance(ListIterator, 'Iterator'),
    isInterface: name === 'Iterator',
    methods: {
      'Boolean hasNext()': (self) => self.hasNext,
      'T next()': (self) => self.take(),
    },
  });
}

defineType<Value>({
  name: 'Iterable',
  self: (value) => value,
  isInterface: true,
  methods: { 'Iterator<T> iterator()': (self) => new ListIterator([...iterate(self)]) },
});

function element(self: ApexList | ApexSet, value: Value): Value {
  const coerce = coercionTo(self.element);
  return coerce ? coerce(value) : value;
}

function checked(self: ApexList, index: number): number {
  if (index < 0 || index >= self.items.length) {
    throwApex('ListException', `List index out of bounds: ${index}`);
  }
  return index;
}

/** Items of an argument that is a list, set or anything iterable. */
function itemsOf(value: Value): Value[] {
  return [...iterate(value)];
}

function sort(self: ApexList, c: Call): null {
  const comparator = c.has(0) ? asObject(c.value(0)) : null;
  const method = comparator && findMethod(comparator, 'compare', 2);
  self.items.sort(
    comparator && method ? (a, b) => Number(callMethod(method, comparator, [a, b])) : compareValues,
  );
  return null;
}

defineType<ApexList>({
  name: 'List',
  self: instance(ApexList, 'List'),
  constructors: {
    '(Object source?)': (c) => {
      const type = c.receiver.element;
      const source = c.value(0);
      if (typeof source === 'number')
        return new ApexList(type, new Array<Value>(source).fill(null));
      const list = new ApexList(type);
      if (c.count) for (const item of itemsOf(source)) list.items.push(element(list, item));
      return list;
    },
  },
  methods: {
    'void add(Object first, E second?)': (self, c) => {
      if (c.count === 1) self.items.push(element(self, c.value(0)));
      else {
        const index = c.integer(0);
        if (index !== self.items.length) checked(self, index);
        self.items.splice(index, 0, element(self, c.value(1)));
      }
      return null;
    },
    'void addAll(Object items)': (self, c) => {
      for (const item of itemsOf(c.value(0))) self.items.push(element(self, item));
      return null;
    },
    'void clear()': (self) => {
      self.items.length = 0;
      return null;
    },
    'List<E> clone()': (self) => new ApexList(self.element, [...self.items]),
    'List<E> deepClone(Boolean keepId?, Boolean keepDates?, Boolean keepNumbers?)': (self, c) =>
      new ApexList(
        self.element,
        self.items.map((item) => cloneRecord(item, c.has(0) && c.boolean(0))),
      ),
    'Boolean contains(E item)': (self, c) =>
      self.items.some((item) => valueEqual(item, c.value(0))),
    'E get(Integer index)': (self, c) => self.items[checked(self, c.integer(0))] ?? null,
    'SObjectType getSObjectType()': (self) => objectToken(self.element.name),
    'Integer indexOf(E item)': (self, c) =>
      self.items.findIndex((item) => valueEqual(item, c.value(0))),
    'Boolean isEmpty()': (self) => self.items.length === 0,
    'Iterator<E> iterator()': (self) => new ListIterator(self.items),
    'E remove(Integer index)': (self, c) =>
      self.items.splice(checked(self, c.integer(0)), 1)[0] ?? null,
    'void set(Integer index, E item)': (self, c) => {
      self.items[checked(self, c.integer(0))] = element(self, c.value(1));
      return null;
    },
    'Integer size()': (self) => self.items.length,
    'void sort(Object comparator?)': sort,
  },
});

function cloneRecord(value: Value, keepId: boolean): Value {
  if (!(value instanceof SObjectRecord)) return value;
  const copy = value.clone();
  if (!keepId) copy.unset('Id');
  return copy;
}

defineType<ApexSet>({
  name: 'Set',
  self: instance(ApexSet, 'Set'),
  constructors: {
    '(Object source?)': (c) => {
      const set = new ApexSet(c.receiver.element);
      if (c.count) for (const item of itemsOf(c.value(0))) set.table.put(element(set, item), true);
      return set;
    },
  },
  methods: {
    'Boolean add(E item)': (self, c) =>
      self.table.put(element(self, c.value(0)), true) === undefined,
    'Boolean addAll(Object items)': (self, c) => {
      const before = self.table.size;
      for (const item of itemsOf(c.value(0))) self.table.put(element(self, item), true);
      return self.table.size > before;
    },
    'void clear()': (self) => {
      self.table.clear();
      return null;
    },
    'Set<E> clone()': (self) => new ApexSet(self.element, self.items),
    'Boolean contains(E item)': (self, c) =>
      self.table.find(element(self, c.value(0))) !== undefined,
    'Boolean containsAll(Object items)': (self, c) =>
      itemsOf(c.value(0)).every((item) => self.table.find(item) !== undefined),
    'Boolean isEmpty()': (self) => self.table.size === 0,
    'Iterator<E> iterator()': (self) => new ListIterator(self.items),
    'Boolean remove(E item)': (self, c) =>
      self.table.remove(element(self, c.value(0))) !== undefined,
    'Boolean removeAll(Object items)': (self, c) => {
      const before = self.table.size;
      for (const item of itemsOf(c.value(0))) self.table.remove(item);
      return self.table.size < before;
    },
    'Boolean retainAll(Object items)': (self, c) => {
      const keep = new ApexSet(self.element, asItems(c.value(0)));
      const before = self.table.size;
      for (const item of self.items) if (!keep.table.find(item)) self.table.remove(item);
      return self.table.size < before;
    },
    'Integer size()': (self) => self.table.size,
  },
});

function keyIn(self: ApexMap, value: Value): Value {
  const coerce = coercionTo(self.key);
  return coerce ? coerce(value) : value;
}

/** For look-ups: a text that is no id is simply not a key. */
function lookUpKey(self: ApexMap, value: Value): Value {
  try {
    return keyIn(self, value);
  } catch {
    return value;
  }
}

function put(self: ApexMap, key: Value, value: Value): Value {
  const coerce = coercionTo(self.value);
  return self.table.put(keyIn(self, key), coerce ? coerce(value) : value) ?? null;
}

function putAll(self: ApexMap, source: Value): null {
  if (source instanceof ApexMap)
    for (const { key, value } of source.table.entries()) put(self, key, value);
  else {
    for (const item of asItems(source)) {
      const record = narrow(item, SObjectRecord, 'SObject');
      if (record.id === null) throwApex('ListException', 'Row with null Id at index: 0');
      put(self, self.key.is('string') ? String(record.id) : record.id, record);
    }
  }
  return null;
}

defineType<ApexMap>({
  name: 'Map',
  self: asMap,
  constructors: {
    '(Object source?)': (c) => {
      const map = new ApexMap(c.receiver.element, c.receiver.args[1] ?? UNKNOWN);
      if (c.count) putAll(map, c.value(0));
      return map;
    },
  },
  methods: {
    'void clear()': (self) => {
      self.table.clear();
      return null;
    },
    'Map<K, V> clone()': (self) =>
      new ApexMap(
        self.key,
        self.value,
        self.table.entries().map((e) => [e.key, e.value] as const),
      ),
    'Map<K, V> deepClone()': (self) =>
      new ApexMap(
        self.key,
        self.value,
        self.table.entries().map((e) => [e.key, cloneRecord(e.value, true)] as const),
      ),
    'Boolean containsKey(K key)': (self, c) =>
      self.table.find(lookUpKey(self, c.value(0))) !== undefined,
    'V get(K key)': (self, c) => self.table.find(lookUpKey(self, c.value(0)))?.value ?? null,
    'SObjectType getSObjectType()': (self) => objectToken(self.value.name),
    'Boolean isEmpty()': (self) => self.table.size === 0,
    'Set<K> keySet()': (self) =>
      new ApexSet(
        self.key,
        self.table.entries().map((e) => e.key),
      ),
    'V put(K key, V value)': (self, c) => put(self, c.value(0), c.value(1)),
    'void putAll(Object source)': (self, c) => putAll(self, c.value(0)),
    'V remove(K key)': (self, c) => self.table.remove(lookUpKey(self, c.value(0)))?.value ?? null,
    'Integer size()': (self) => self.table.size,
    'List<V> values()': (self) =>
      new ApexList(
        self.value,
        self.table.entries().map((e) => e.value),
      ),
  },
});
