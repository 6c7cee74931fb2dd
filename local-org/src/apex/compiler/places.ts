/** Places: what can be read and assigned. */
import type { Frame } from '../run/frame.js';
import type { Expr } from '../types/model.js';
import type { ApexType } from '../types/type.js';
import type { Value } from '../values/reference.js';
import type { TypedExpr } from './context.js';

/**
 * Something assignable. The receiver and index are evaluated once, then handed to `read` and `write`, so that
 * `a.next().count += 1` calls `next` once.
 */
export interface Place {
  readonly type: ApexType;
  readonly receiver: Expr | null;
  readonly index: Expr | null;
  readonly read: (frame: Frame, receiver: Value, index: Value) => Value;
  /** Null when it may only be read; the text says why. */
  readonly write: ((frame: Frame, receiver: Value, index: Value, value: Value) => void) | string;
}

export function readPlace(place: Place): TypedExpr {
  const { type, receiver, index, read } = place;
  if (receiver && index) return { type, run: (f) => read(f, receiver(f), index(f)) };
  if (receiver) return { type, run: (f) => read(f, receiver(f), null) };
  return { type, run: (f) => read(f, null, null) };
}
