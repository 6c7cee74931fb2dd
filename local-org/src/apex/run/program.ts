/** Everything compiled: classes and triggers by name. */
import type { TriggerOperation } from '../../org/contracts.js';
import { type ApexClass, ApexMethod, NO_MODIFIERS, type InitStep } from '../types/model.js';
import { primitive, VOID, type ApexType } from '../types/type.js';
import { typeOfValue } from '../values/coerce.js';
import type { Value } from '../values/reference.js';
import { distance } from '../compiler/convert.js';

/** One trigger and the events it runs on. */
export interface ApexTrigger {
  readonly declaration: ApexClass;
  readonly object: string;
  /** Such as `before insert`. */
  readonly events: ReadonlySet<`${'before' | 'after'} ${TriggerOperation}`>;
  readonly body: ApexMethod;
}

export class Program {
  /** A type by its name in code, as `Type.forName` looks it up. */
  resolveType: (name: string) => ApexType | undefined = () => undefined;
  /** Top-level classes by lower-case name. */
  readonly classes = new Map<string, ApexClass>();
  readonly triggers: ApexTrigger[] = [];
  private readonly initialisers = new Map<readonly InitStep[], ApexMethod>();
  /** Local slots field initialisers need (they may hold lambdas-free expressions only, so few). */
  readonly initialiserSlots = new Map<readonly InitStep[], number>();

  /** How well a run-time value fits a parameter type: 0 exactly, Infinity not at all. */
  readonly fitOf = (value: Value, type: ApexType): number =>
    value === null
      ? type.kind === 'primitive'
        ? 1
        : 0
      : distance(typeOfValue(value, primitive), type);

  /** The class of that name, inner ones as `Outer.Inner`. */
  find(name: string): ApexClass | undefined {
    const [outer = '', ...rest] = name.toLowerCase().split('.');
    let cls = this.classes.get(outer);
    for (const inner of rest) cls = cls?.inner.get(inner);
    return cls;
  }

  *allClasses(): IterableIterator<ApexClass> {
    for (const cls of this.classes.values()) {
      yield cls;
      yield* cls.inner.values();
    }
  }

  /** A pseudo method under which initialisers of a class appear on the stack. */
  initialiser(cls: ApexClass, steps: readonly InitStep[]): ApexMethod {
    const known = this.initialisers.get(steps);
    if (known) return known;
    const method = new ApexMethod('<init>', cls, [], VOID, NO_MODIFIERS, cls.line);
    method.frameSize = this.initialiserSlots.get(steps) ?? 0;
    this.initialisers.set(steps, method);
    return method;
  }
}
