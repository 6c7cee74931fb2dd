import type { FieldValue } from '../../values/values.js';
import { type SObjectRecord } from '../../values/values.js';
import type { ApexClass } from '../types/model.js';
import { ApexType, listOf, mapOf, setOf } from '../types/type.js';

/** Every Apex value that is not a field value or an sObject. */
export abstract class ApexReference {
  /** Its run-time type. */
  abstract get type(): ApexType;
}

export type Value = FieldValue | SObjectRecord | ApexReference;

export class ApexList extends ApexReference {
  constructor(
    readonly element: ApexType,
    readonly items: Value[] = [],
  ) {
    super();
  }

  get type(): ApexType {
    return listOf(this.element);
  }
}

/** An instance of a class of the project. */
export class ApexObject extends ApexReference {
  readonly slots: Value[];

  constructor(readonly declaration: ApexClass) {
    super();
    this.slots = new Array<Value>(declaration.instanceSlots).fill(null);
  }

  get type(): ApexType {
    return this.declaration.type;
  }
}

export class EnumValue extends ApexReference {
  constructor(
    readonly type: ApexType,
    readonly name: string,
    readonly ordinal: number,
  ) {
    super();
  }
}

/** `X.class`, the value of `System.Type`. */
export class TypeValue extends ApexReference {
  static readonly TYPE = new ApexType('Type', 'library');

  constructor(readonly subject: ApexType) {
    super();
  }

  get type(): ApexType {
    return TypeValue.TYPE;
  }
}

/** An instance of a platform class that this engine implements in TypeScript. */
export abstract class NativeObject extends ApexReference {
  readonly type: ApexType;

  constructor(typeName: string) {
    super();
    this.type = new ApexType(typeName, 'library');
  }
}

/** A platform class that is only a bag of properties (`RestRequest`, `Messaging.InboundEmail`). */
export class PropertyBag extends NativeObject {
  private readonly values = new Map<string, Value>();

  constructor(typeName: string, initial: Readonly<Record<string, Value>> = {}) {
    super(typeName);
    for (const [name, value] of Object.entries(initial)) this.set(name, value);
  }

  get(name: string): Value {
    return this.values.get(name.toLowerCase()) ?? null;
  }

  set(name: string, value: Value): void {
    this.values.set(name.toLowerCase(), value);
  }
}

type Key = string | object;

/** Tells which values are the same key; collections are told how by {@link useKeys} to avoid an import cycle. */
export interface KeyRules {
  keyOf(value: Value): Key;
  equal(a: Value, b: Value): boolean;
}

let rules: KeyRules | null = null;

export function useKeys(keyRules: KeyRules): void {
  rules = keyRules;
}

interface Entry {
  key: Value;
  value: Value;
}

/** A hash table with Apex equality that keeps insertion order. */
export class ApexTable {
  private readonly buckets = new Map<Key, Entry[]>();
  private readonly order = new Set<Entry>();

  get size(): number {
    return this.order.size;
  }

  find(key: Value): Entry | undefined {
    const bucket = this.buckets.get(keyRules().keyOf(key));
    if (!bucket) return undefined;
    return bucket.length === 1 && typeof key === 'string'
      ? bucket[0]
      : bucket.find((e) => keyRules().equal(e.key, key));
  }

  /** The earlier value, or undefined for a new key. */
  put(key: Value, value: Value): Value | undefined {
    const found = this.find(key);
    if (found) {
      const earlier = found.value;
      found.value = value;
      return earlier;
    }
    const entry = { key, value };
    const hash = keyRules().keyOf(key);
    const bucket = this.buckets.get(hash);
    if (bucket) bucket.push(entry);
    else this.buckets.set(hash, [entry]);
    this.order.add(entry);
    return undefined;
  }

  remove(key: Value): Entry | undefined {
    const entry = this.find(key);
    if (!entry) return undefined;
    this.order.delete(entry);
    const hash = keyRules().keyOf(key);
    const rest = (this.buckets.get(hash) ?? []).filter((e) => e !== entry);
    if (rest.length) this.buckets.set(hash, rest);
    else this.buckets.delete(hash);
    return entry;
  }

  clear(): void {
    this.buckets.clear();
    this.order.clear();
  }

  entries(): Entry[] {
    return [...this.order];
  }
}

function keyRules(): KeyRules {
  if (!rules) throw new Error('The key rules of Apex collections are not set');
  return rules;
}

export class ApexSet extends ApexReference {
  readonly table = new ApexTable();

  constructor(
    readonly element: ApexType,
    items: Iterable<Value> = [],
  ) {
    super();
    for (const item of items) this.table.put(item, true);
  }

  get type(): ApexType {
    return setOf(this.element);
  }

  get items(): Value[] {
    return this.table.entries().map((e) => e.key);
  }
}

export class ApexMap extends ApexReference {
  readonly table = new ApexTable();

  constructor(
    readonly key: ApexType,
    readonly value: ApexType,
    entries: Iterable<readonly [Value, Value]> = [],
  ) {
    super();
    for (const [k, v] of entries) this.table.put(k, v);
  }

  get type(): ApexType {
    return mapOf(this.key, this.value);
  }
}
