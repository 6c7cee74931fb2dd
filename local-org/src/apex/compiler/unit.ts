/** What all compilations of a project share, and how a type's name becomes a type. */
import type { TypeRefContext } from '@apexdevtools/apex-parser';
import type { QueryCompiler } from '../../org/contracts.js';
import { libraryType } from '../library/registry.js';
import { fillException } from '../library/exception.js';
import type { ApexObject, Value } from '../values/reference.js';
import type { SchemaPort } from '../ports.js';
import { builtInException } from '../run/exceptions.js';
import type { Program } from '../run/program.js';
import type { ApexClass } from '../types/model.js';
import {
  ApexType,
  findPrimitive,
  listOf,
  mapOf,
  OBJECT,
  setOf,
  SOBJECT,
  sobjectType,
  splitTypeName,
  UNKNOWN,
  VOID,
} from '../types/type.js';
import { CompileProblem, lineOf, type CompileError } from './errors.js';

export class CompileUnit {
  readonly errors: CompileError[] = [];

  constructor(
    readonly program: Program,
    readonly schema: SchemaPort,
    readonly queries: QueryCompiler,
    readonly label: (name: string) => string | undefined,
    readonly namespace: string,
  ) {}

  /** Runs one step and keeps its fault, so that the next step still runs. */
  attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (!(error instanceof CompileProblem)) throw error;
      this.errors.push(error.error);
    }
  }

  /** The type a type reference names inside a class; throws `CompileProblem` for an unknown one. */
  typeOf(node: TypeRefContext, scope: ApexClass): ApexType {
    const text = node
      .typeName_list()
      .map((n) => n.getText())
      .join('.');
    let type = this.resolve(text, scope);
    if (!type) {
      throw new CompileProblem({
        file: scope.file,
        line: lineOf(node),
        message: `Invalid type: ${text}`,
      });
    }
    const dimensions = node.arraySubscripts()?.LBRACK_list().length ?? 0;
    for (let i = 0; i < dimensions; i++) type = listOf(type);
    return type;
  }

  /** The type of a name such as `Map<String, List<Id>>`, or undefined. */
  resolve(text: string, scope: ApexClass | null): ApexType | undefined {
    const { base, args } = splitTypeName(text);
    const types = args.map((arg) => this.resolve(arg, scope));
    if (types.some((type) => !type)) return undefined;
    const known = types.filter((type) => type !== undefined);
    return this.named(base, known, scope);
  }

  private named(
    base: string,
    args: readonly ApexType[],
    scope: ApexClass | null,
  ): ApexType | undefined {
    const lower = this.withoutNamespace(base.toLowerCase());
    if (lower === 'list') return listOf(args[0] ?? OBJECT);
    if (lower === 'set') return setOf(args[0] ?? OBJECT);
    if (lower === 'map') return mapOf(args[0] ?? OBJECT, args[1] ?? OBJECT);
    if (lower === 'void') return VOID;
    const declared = this.findClass(lower, scope);
    if (declared) return declared.type;
    const system = lower.replace(/^system\./, '');
    if (system === 'object') return OBJECT;
    if (system === 'sobject') return SOBJECT;
    const simple = findPrimitive(system);
    if (simple) return simple;
    const exception = builtInException(lower);
    if (exception) return exception.type;
    const library = libraryType(lower);
    if (library) return new ApexType(library.name + typeArguments(args), 'library', args);
    if (lower === 'aggregateresult') return sobjectType('AggregateResult');
    const object = this.schema.object(lower.replace(/^(schema|sobject)\./, ''));
    return object ? sobjectType(object.name) : undefined;
  }

  private withoutNamespace(lower: string): string {
    const prefix = `${this.namespace.toLowerCase()}.`;
    return this.namespace && lower.startsWith(prefix) ? lower.slice(prefix.length) : lower;
  }

  /** A class visible from a scope: inner classes of the scope and its outer classes, then top-level ones. */
  findClass(lower: string, scope: ApexClass | null): ApexClass | undefined {
    const [first = '', ...rest] = lower.split('.');
    let found: ApexClass | undefined;
    for (let cls = scope; cls && !found; cls = cls.outer) {
      found = cls.findInner(first) ?? (cls.simpleName.toLowerCase() === first ? cls : undefined);
    }
    found ??= this.program.classes.get(first);
    for (const part of rest) found = found?.findInner(part);
    return found;
  }

  hasLibraryMethod(type: string, name: string): boolean {
    return libraryType(type)?.methods.has(name.toLowerCase()) ?? false;
  }

  /** Result type of a library method, or undefined when the type has no such method. */
  libraryResult(type: string, name: string, receiver: ApexType): ApexType | undefined {
    const method = libraryType(type)?.methods.get(name.toLowerCase())?.[0];
    return method ? this.signatureType(method.returns, receiver) : undefined;
  }

  /** What an exception's built-in constructor does with its arguments. */
  fillException(self: ApexObject, args: readonly Value[]): void {
    fillException(self, args);
  }

  /** A type written in a library signature, with the receiver's type arguments put in. */
  signatureType(text: string, receiver: ApexType): ApexType {
    switch (text) {
      case 'E':
      case 'T':
        return receiver.args[0] ?? UNKNOWN;
      case 'K':
        return receiver.args[0] ?? UNKNOWN;
      case 'V':
        return receiver.args[1] ?? UNKNOWN;
      case 'Self':
        return receiver;
      case 'Any':
        return UNKNOWN;
      default:
    }
    const { base, args } = splitTypeName(text);
    if (args.length) {
      const types = args.map((arg) => this.signatureType(arg, receiver));
      return this.named(base, types, null) ?? UNKNOWN;
    }
    return this.resolve(text, null) ?? UNKNOWN;
  }
}

function typeArguments(args: readonly ApexType[]): string {
  return args.length ? `<${args.map((a) => a.name).join(', ')}>` : '';
}
