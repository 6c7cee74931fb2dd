import type { ApexClass } from './model.js';

export type TypeKind =
  | 'void'
  | 'null'
  | 'unknown'
  | 'object'
  | 'primitive'
  | 'collection'
  | 'sobject'
  | 'class'
  | 'library';

/**
 * A static Apex type. `unknown` is the type of an expression the compiler cannot know before run time (the result of
 * an untyped library call); such expressions are checked when they run.
 */
export class ApexType {
  constructor(
    /** As Apex prints it: `Integer`, `List<Id>`, `Outer.Inner`, `Database.SaveResult`. */
    readonly name: string,
    readonly kind: TypeKind,
    readonly args: readonly ApexType[] = [],
    /** The declaration, for a class, interface or enum of the project. */
    readonly declaration: ApexClass | null = null,
  ) {}

  /** Name in lower case without type arguments. */
  get base(): string {
    const end = this.name.indexOf('<');
    return (end < 0 ? this.name : this.name.slice(0, end)).toLowerCase();
  }

  /** First type argument: the element of a list or set. */
  get element(): ApexType {
    return this.args[0] ?? UNKNOWN;
  }

  is(base: string): boolean {
    return this.base === base;
  }

  toString(): string {
    return this.name;
  }
}

export const UNKNOWN = new ApexType('Object', 'unknown');
export const OBJECT = new ApexType('Object', 'object');
export const VOID = new ApexType('void', 'void');
export const NULL = new ApexType('null', 'null');
export const SOBJECT = new ApexType('SObject', 'sobject');

const PRIMITIVES = new Map(
  [
    'Boolean',
    'Integer',
    'Long',
    'Decimal',
    'Double',
    'String',
    'Id',
    'Date',
    'Datetime',
    'Time',
    'Blob',
  ].map((name) => [name.toLowerCase(), new ApexType(name, 'primitive')]),
);

/** The primitive type of that name; throws for any other name (a mistake in the engine). */
export function primitive(name: string): ApexType {
  const type = PRIMITIVES.get(name.toLowerCase());
  if (!type) throw new Error(`${name} is not a primitive type`);
  return type;
}

export function findPrimitive(name: string): ApexType | undefined {
  return PRIMITIVES.get(name.toLowerCase());
}

export const BOOLEAN = primitive('Boolean');
export const INTEGER = primitive('Integer');
export const LONG = primitive('Long');
export const DECIMAL = primitive('Decimal');
export const DOUBLE = primitive('Double');
export const STRING = primitive('String');
export const ID = primitive('Id');

const NUMERIC_RANK = new Map([
  ['integer', 1],
  ['long', 2],
  ['double', 3],
  ['decimal', 4],
]);

/** 1 Integer, 2 Long, 3 Double, 4 Decimal; 0 for a type that is not a number. */
export function numericRank(type: ApexType): number {
  return type.kind === 'primitive' ? (NUMERIC_RANK.get(type.base) ?? 0) : 0;
}

export function listOf(element: ApexType): ApexType {
  return new ApexType(`List<${element.name}>`, 'collection', [element]);
}

export function setOf(element: ApexType): ApexType {
  return new ApexType(`Set<${element.name}>`, 'collection', [element]);
}

export function mapOf(key: ApexType, value: ApexType): ApexType {
  return new ApexType(`Map<${key.name}, ${value.name}>`, 'collection', [key, value]);
}

export function sobjectType(name: string): ApexType {
  return name.toLowerCase() === 'sobject' ? SOBJECT : new ApexType(name, 'sobject');
}

export function sameType(a: ApexType, b: ApexType): boolean {
  if (a.declaration || b.declaration) return a.declaration === b.declaration;
  return (
    a.base === b.base &&
    a.args.length === b.args.length &&
    a.args.every((arg, i) => sameType(arg, b.args[i] ?? UNKNOWN))
  );
}

/** Splits `Map<String, List<Id>>` into its base and the texts of its arguments. */
export function splitTypeName(text: string): { base: string; args: string[] } {
  const trimmed = text.trim();
  if (trimmed.endsWith('[]')) return { base: 'List', args: [trimmed.slice(0, -2)] };
  const open = trimmed.indexOf('<');
  if (open < 0) return { base: trimmed, args: [] };
  const args: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (let i = open + 1; i < trimmed.length; i++) {
    const c = trimmed[i];
    if (c === '<') depth++;
    else if ((c === ',' && depth === 0) || (c === '>' && depth === 0)) {
      args.push(trimmed.slice(start, i).trim());
      start = i + 1;
    } else if (c === '>') depth--;
  }
  return { base: trimmed.slice(0, open).trim(), args };
}
