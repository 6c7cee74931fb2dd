/** `ORDER BY`: several operands, each up or down, empty values first unless told. */
import { compareValues } from './compare.js';
import type { Operand, Scope } from './run.js';

export interface Ordering<S extends Scope> {
  readonly operand: Operand<S>;
  readonly descending: boolean;
  readonly nullsLast: boolean;
}

/** Sorts in place; equal rows keep their order. Each operand is read once a row. */
export function sortBy<T, S extends Scope>(
  items: T[],
  orderings: readonly Ordering<S>[],
  scopeOf: (item: T) => S,
): T[] {
  if (orderings.length === 0) return items;
  const keyed = items.map((item) => {
    const scope = scopeOf(item);
    return { item, keys: orderings.map(({ operand }) => operand.get(scope)) };
  });
  keyed.sort((a, b) => {
    for (const [index, { operand, descending, nullsLast }] of orderings.entries()) {
      const left = a.keys[index] ?? null;
      const right = b.keys[index] ?? null;
      if (left === null || right === null) {
        if (left === right) continue;
        return (left === null) === nullsLast ? 1 : -1;
      }
      const order = compareValues(left, right, operand.type, false);
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  });
  return keyed.map(({ item }) => item);
}
