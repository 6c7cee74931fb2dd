/**
 * How the standard library is declared. Each platform type is a table from Apex signatures to functions:
 *
 *   defineType({ name: 'String', self: text, methods: { 'String left(Integer length)': (self, c) => … } })
 *
 * The signature gives name, parameter types (a `?` marks an optional one) and result type, so that the compiler checks
 * calls and knows static types; `E`, `K` and `V` stand for the receiver's type arguments.
 */
import { splitTypeName } from '../types/type.js';
import type { Value } from '../values/reference.js';
import type { Call } from './call.js';

export interface LibraryMethod {
  readonly name: string;
  readonly returns: string;
  readonly parameters: readonly string[];
  /** Parameters that must be given. */
  readonly required: number;
  readonly run: (call: Call) => Value;
}

export interface LibraryProperty {
  readonly name: string;
  readonly type: string;
  readonly get: (self: Value) => Value;
  readonly set: ((self: Value, value: Value) => void) | null;
}

/** One platform type, as the compiler and the run time look things up in it. */
export class LibraryType {
  readonly statics = new Map<string, LibraryMethod[]>();
  readonly methods = new Map<string, LibraryMethod[]>();
  readonly constructors: LibraryMethod[] = [];
  readonly properties = new Map<string, LibraryProperty>();
  readonly staticProperties = new Map<string, LibraryProperty>();
  isEnum = false;

  constructor(
    readonly name: string,
    readonly isInterface: boolean,
  ) {}

  static pick(
    methods: readonly LibraryMethod[] | undefined,
    arity: number,
  ): LibraryMethod | undefined {
    return methods?.find((m) => arity >= m.required && arity <= m.parameters.length);
  }
}

export interface TypeDefinition<Self> {
  readonly name: string;
  /** Checks and narrows the receiver; absent for types with static members only. */
  readonly self?: (value: Value) => Self;
  readonly methods?: Readonly<Record<string, (self: Self, call: Call) => Value>>;
  readonly statics?: Readonly<Record<string, (call: Call) => Value>>;
  /** Keys are parameter lists, `(String name)`. */
  readonly constructors?: Readonly<Record<string, (call: Call) => Value>>;
  /** Keys are `Type name`. */
  readonly properties?: Readonly<
    Record<string, { get: (self: Self) => Value; set?: (self: Self, value: Value) => void }>
  >;
  readonly staticProperties?: Readonly<
    Record<string, { get: () => Value; set?: (value: Value) => void }>
  >;
  readonly isInterface?: boolean;
}

const types = new Map<string, LibraryType>();

/** The platform type of that name, with or without `System.` or `Schema.`. */
export function libraryType(name: string): LibraryType | undefined {
  const lower = name.toLowerCase();
  return types.get(lower) ?? types.get(lower.replace(/^(system|schema)\./, ''));
}

/** True when some platform type lies in that namespace (`Database`, `Messaging`). */
export function isLibraryNamespace(name: string): boolean {
  const prefix = `${name.toLowerCase()}.`;
  if (prefix === 'system.' || prefix === 'schema.') return true;
  for (const known of types.keys()) if (known.startsWith(prefix)) return true;
  return false;
}

export function defineType<Self = null>(definition: TypeDefinition<Self>): LibraryType {
  const type = new LibraryType(definition.name, definition.isInterface ?? false);
  types.set(definition.name.toLowerCase(), type);
  const narrow = definition.self;
  for (const [signature, run] of Object.entries(definition.statics ?? {})) {
    add(type.statics, parseSignature(signature, run));
  }
  for (const [parameters, run] of Object.entries(definition.constructors ?? {})) {
    type.constructors.push(parseSignature(`${definition.name} new${parameters}`, run));
  }
  for (const [name, accessors] of Object.entries(definition.staticProperties ?? {})) {
    const { set } = accessors;
    addProperty(type.staticProperties, name, accessors.get, set ? (_, v) => set(v) : null);
  }
  if (!narrow) return type;
  for (const [signature, run] of Object.entries(definition.methods ?? {})) {
    add(
      type.methods,
      parseSignature(signature, (call) => run(narrow(call.self), call)),
    );
  }
  for (const [name, { get, set }] of Object.entries(definition.properties ?? {})) {
    addProperty(
      type.properties,
      name,
      (self) => get(narrow(self)),
      set ? (self, value) => set(narrow(self), value) : null,
    );
  }
  return type;
}

function addProperty(
  into: Map<string, LibraryProperty>,
  declaration: string,
  get: (self: Value) => Value,
  set: ((self: Value, value: Value) => void) | null,
): void {
  const space = declaration.lastIndexOf(' ');
  const name = declaration.slice(space + 1);
  into.set(name.toLowerCase(), { name, type: declaration.slice(0, space), get, set });
}

function add(into: Map<string, LibraryMethod[]>, method: LibraryMethod): void {
  const key = method.name.toLowerCase();
  const known = into.get(key);
  if (known) known.push(method);
  else into.set(key, [method]);
}

/** `String join(List<String> items, String separator?)` taken apart. */
function parseSignature(signature: string, run: (call: Call) => Value): LibraryMethod {
  const open = signature.indexOf('(');
  const head = signature.slice(0, open).trim();
  const space = head.lastIndexOf(' ');
  const inside = signature.slice(open + 1, signature.lastIndexOf(')'));
  const parts = inside.trim() === '' ? [] : splitTypeName(`P<${inside}>`).args;
  const required = parts.filter((part) => !part.endsWith('?')).length;
  return {
    name: head.slice(space + 1),
    returns: head.slice(0, space).trim(),
    parameters: parts.map((part) => part.slice(0, part.lastIndexOf(' ')).trim()),
    required,
    run,
  };
}
