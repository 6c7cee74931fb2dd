import type { ApexParserRuleContext } from '@apexdevtools/apex-parser';
import type { Frame } from '../run/frame.js';
import type { EnumValue, Value } from '../values/reference.js';
import { ApexType } from './type.js';

/** Evaluates an expression in a frame. */
export type Expr = (frame: Frame) => Value;

/** How a statement ended; `RETURN` leaves the value in `frame.result`. */
export const enum Completion {
  Normal,
  Break,
  Continue,
  Return,
}

export type Stmt = (frame: Frame) => Completion;

export interface Annotation {
  /** Lower case, without `@`. */
  readonly name: string;
  /** Lower-case parameter names; the single unnamed value is `value`. */
  readonly parameters: ReadonlyMap<string, string>;
}

export interface Modifiers {
  /** Lower case, such as `public`, `static`, `virtual`, `with sharing`. */
  readonly words: ReadonlySet<string>;
  readonly annotations: readonly Annotation[];
}

export interface Parameter {
  readonly name: string;
  readonly type: ApexType;
}

/** A method, constructor, accessor or initialiser; `run` is set when its body has been compiled. */
export class ApexMethod {
  frameSize = 0;
  run: Stmt | null = null;
  /** A native body, for members the platform supplies (exceptions, enums). */
  native: ((self: Value, args: readonly Value[]) => Value) | null = null;

  constructor(
    readonly name: string,
    readonly owner: ApexClass,
    readonly parameters: readonly Parameter[],
    readonly returns: ApexType,
    readonly modifiers: Modifiers,
    readonly line: number,
    readonly source: ApexParserRuleContext | null = null,
  ) {}

  get isStatic(): boolean {
    return this.modifiers.words.has('static') || this.modifiers.words.has('testmethod');
  }

  get isAbstract(): boolean {
    return this.modifiers.words.has('abstract') || this.owner.isInterface;
  }

  /** Identifies an override: the same name and parameter types. */
  get signature(): string {
    return `${this.name.toLowerCase()}(${this.parameters.map((p) => p.type.name.toLowerCase()).join(',')})`;
  }

  annotation(name: string): Annotation | undefined {
    return this.modifiers.annotations.find((a) => a.name === name);
  }
}

/** A field or property. Instance fields have a slot in the object, static ones a slot in the class's statics. */
export class ApexField {
  getter: ApexMethod | null = null;
  setter: ApexMethod | null = null;
  /** Compiled initialiser, run in declaration order. */
  initialiser: Expr | null = null;

  constructor(
    readonly name: string,
    readonly owner: ApexClass,
    readonly type: ApexType,
    readonly modifiers: Modifiers,
    readonly slot: number,
    readonly line: number,
  ) {}

  get isStatic(): boolean {
    return this.modifiers.words.has('static');
  }

  get isTransient(): boolean {
    return this.modifiers.words.has('transient');
  }
}

/** A part of a class's initialisation in source order. */
export type InitStep =
  { readonly field: ApexField; readonly value: Expr } | { readonly block: ApexMethod };

export type ClassKind = 'class' | 'interface' | 'enum' | 'trigger' | 'anonymous';

/** A class, interface, enum or trigger of the project, or an exception type of the platform. */
export class ApexClass {
  readonly type: ApexType;
  superclass: ApexClass | null = null;
  interfaces: ApexType[] = [];
  readonly fields = new Map<string, ApexField>();
  readonly methods = new Map<string, ApexMethod[]>();
  readonly constructors: ApexMethod[] = [];
  readonly inner = new Map<string, ApexClass>();
  readonly staticInit: InitStep[] = [];
  readonly instanceInit: InitStep[] = [];
  readonly enumValues: EnumValue[] = [];
  staticSlots = 0;
  /** Slots of the superclass chain included. */
  instanceSlots = 0;
  /** Lines with statements, of a top-level class. */
  readonly statementLines = new Set<number>();
  /** Statements executed by line, when coverage is collected. */
  coverage: Uint8Array | null = null;
  private readonly dispatch = new Map<string, ApexMethod | null>();

  constructor(
    readonly simpleName: string,
    readonly kind: ClassKind,
    readonly outer: ApexClass | null,
    readonly modifiers: Modifiers,
    readonly file: string,
    readonly line: number,
  ) {
    this.type = new ApexType(this.name, 'class', [], this);
  }

  get name(): string {
    return this.outer ? `${this.outer.name}.${this.simpleName}` : this.simpleName;
  }

  get isInterface(): boolean {
    return this.kind === 'interface';
  }

  get isAbstract(): boolean {
    return this.modifiers.words.has('abstract');
  }

  get isTest(): boolean {
    return this.outermost.modifiers.annotations.some((a) => a.name === 'istest');
  }

  get outermost(): ApexClass {
    return this.outer ? this.outer.outermost : this;
  }

  /** Declared sharing; null when the class leaves it out. */
  get sharing(): 'with' | 'without' | 'inherited' | null {
    const words = this.modifiers.words;
    if (words.has('with sharing')) return 'with';
    if (words.has('without sharing')) return 'without';
    return words.has('inherited sharing') ? 'inherited' : null;
  }

  get isException(): boolean {
    return this.simpleName === 'Exception' && !this.outer
      ? this.superclass === null
      : (this.superclass?.isException ?? false);
  }

  /** This class, its superclass and so on up. */
  *lineage(): Generator<ApexClass> {
    yield this;
    if (this.superclass) yield* this.superclass.lineage();
  }

  isSubclassOf(other: ApexClass): boolean {
    for (const cls of this.lineage()) {
      if (cls === other) return true;
      if (cls.interfaces.some((i) => i.declaration?.isSubclassOf(other))) return true;
    }
    return false;
  }

  /** All interface types implemented, inherited ones included. */
  allInterfaces(): ApexType[] {
    const found = [...this.interfaces];
    for (const i of this.interfaces)
      if (i.declaration) found.push(...i.declaration.allInterfaces());
    if (this.superclass) found.push(...this.superclass.allInterfaces());
    return found;
  }

  findField(name: string): ApexField | undefined {
    return this.fields.get(name.toLowerCase()) ?? this.superclass?.findField(name);
  }

  /** Methods of that name, own ones first; overridden ones are left out. */
  findMethods(name: string): ApexMethod[] {
    const seen = new Set<string>();
    const found: ApexMethod[] = [];
    const add = (methods: readonly ApexMethod[]): void => {
      for (const method of methods) {
        if (seen.has(method.signature)) continue;
        seen.add(method.signature);
        found.push(method);
      }
    };
    for (const cls of this.lineage()) {
      add(cls.methods.get(name.toLowerCase()) ?? []);
    }
    for (const i of this.allInterfaces()) add(i.declaration?.methods.get(name.toLowerCase()) ?? []);
    return found;
  }

  /** The implementation an instance of this class runs for a signature. */
  implementation(signature: string): ApexMethod | null {
    const known = this.dispatch.get(signature);
    if (known !== undefined) return known;
    const name = signature.slice(0, signature.indexOf('('));
    let found: ApexMethod | null = null;
    for (const cls of this.lineage()) {
      if (found) break;
      found =
        cls.methods.get(name)?.find((m) => m.signature === signature && !m.isAbstract) ?? null;
    }
    this.dispatch.set(signature, found);
    return found;
  }

  findInner(name: string): ApexClass | undefined {
    return this.inner.get(name.toLowerCase()) ?? this.superclass?.findInner(name);
  }
}

export const NO_MODIFIERS: Modifiers = { words: new Set(), annotations: [] };
