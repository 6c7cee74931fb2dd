import type { ApexMethod } from '../types/model.js';
import type { ApexObject, Value } from '../values/reference.js';
import type { Session } from './session.js';

/** One call on the Apex stack: its local variables and where it stands. */
export class Frame {
  readonly locals: Value[];
  /** What a `return` left. */
  result: Value = null;
  line: number;

  constructor(
    readonly session: Session,
    readonly method: ApexMethod,
    readonly self: ApexObject | null,
  ) {
    this.locals = new Array<Value>(method.frameSize).fill(null);
    this.line = method.line;
  }
}
