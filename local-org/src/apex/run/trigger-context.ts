/** The `Trigger` variables of the running trigger. */
import type { TriggerOperation } from '../../org/contracts.js';
import type { SObjectRecord } from '../../values/values.js';
import { ID, sobjectType } from '../types/type.js';
import { ApexList, ApexMap, type EnumValue, type Value } from '../values/reference.js';
import { libraryEnum } from '../library/enums.js';
import { Session } from './session.js';

export interface TriggerRun {
  readonly timing: 'before' | 'after';
  readonly operation: TriggerOperation;
  readonly object: string;
  /** Null where the operation has none (`new` of a delete). */
  readonly newRows: readonly SObjectRecord[] | null;
  readonly oldRows: readonly SObjectRecord[] | null;
}

/** Variables with their types; `X` is the trigger's object. */
export const TRIGGER_VARIABLES: ReadonlyMap<string, string> = new Map([
  ['new', 'List<X>'],
  ['old', 'List<X>'],
  ['newmap', 'Map<Id, X>'],
  ['oldmap', 'Map<Id, X>'],
  ['isexecuting', 'Boolean'],
  ['isbefore', 'Boolean'],
  ['isafter', 'Boolean'],
  ['isinsert', 'Boolean'],
  ['isupdate', 'Boolean'],
  ['isdelete', 'Boolean'],
  ['isundelete', 'Boolean'],
  ['operationtype', 'TriggerOperation'],
  ['size', 'Integer'],
]);

/** The variables' values, made once for a trigger so that `Trigger.new` is the same list each time. */
export class TriggerState {
  private readonly lists = new Map<string, Value>();

  constructor(readonly run: TriggerRun) {}

  read(name: string): Value {
    const { timing, operation, newRows, oldRows } = this.run;
    switch (name) {
      case 'new':
        return this.once(name, () => this.list(newRows));
      case 'old':
        return this.once(name, () => this.list(oldRows));
      case 'newmap':
        return this.once(name, () =>
          timing === 'before' && operation === 'insert' ? null : this.map(newRows),
        );
      case 'oldmap':
        return this.once(name, () => this.map(oldRows));
      case 'isexecuting':
        return true;
      case 'isbefore':
      case 'isafter':
        return name === `is${timing}`;
      case 'operationtype':
        return operationType(timing, operation);
      case 'size':
        return (newRows ?? oldRows ?? []).length;
      default:
        return name === `is${operation}`;
    }
  }

  private once(name: string, make: () => Value): Value {
    const known = this.lists.get(name);
    if (known !== undefined) return known;
    const made = make();
    this.lists.set(name, made);
    return made;
  }

  private list(rows: readonly SObjectRecord[] | null): Value {
    return rows && new ApexList(sobjectType(this.run.object), [...rows]);
  }

  private map(rows: readonly SObjectRecord[] | null): Value {
    const type = sobjectType(this.run.object);
    return (
      rows &&
      new ApexMap(
        ID,
        type,
        rows.map((row) => [row.id, row] as const),
      )
    );
  }
}

function operationType(timing: string, operation: TriggerOperation): EnumValue | null {
  return libraryEnum('TriggerOperation', `${timing}_${operation}`.toUpperCase());
}

const KEY = 'trigger';

export function currentTrigger(): TriggerState | null {
  const state = Session.current.marks.get(KEY);
  return state instanceof TriggerState ? state : null;
}

/** Runs work with these trigger variables, and the earlier ones afterwards. */
export function withTrigger<T>(session: Session, state: TriggerState | null, work: () => T): T {
  const earlier = session.marks.get(KEY);
  session.marks.set(KEY, state);
  try {
    return work();
  } finally {
    session.marks.set(KEY, earlier);
  }
}

export function readTrigger(name: string): Value {
  const state = currentTrigger();
  if (state) return state.read(name);
  return name.startsWith('is') ? false : null;
}
