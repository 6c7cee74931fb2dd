/** Setup objects and others cannot be saved in one transaction (`MIXED_DML_OPERATION`). */
import type { ObjectDescribe } from '../metadata/index.js';
import { PlatformError, type Transaction } from '../org/contracts.js';

/** Key in `Transaction.state`: the first object of each kind that was saved. */
const SAVED = Symbol('setup and other objects saved');

interface Saved {
  setup: string | null;
  other: string | null;
}

/** @throws PlatformError when the save would mix the two kinds */
export function refuseSetupMix(tx: Transaction, object: ObjectDescribe): void {
  // A user without a role may be saved beside anything.
  if (object.name === 'User') return;
  const saved = (tx.state.get(SAVED) as Saved | undefined) ?? { setup: null, other: null };
  tx.state.set(SAVED, saved);
  const other = object.setup ? saved.other : saved.setup;
  if (other !== null) {
    throw new PlatformError(
      'MIXED_DML_OPERATION',
      `DML operation on setup object is not permitted after you have updated a non-setup object (or vice versa): ` +
        `${object.name}, original object: ${other}`,
      'DmlException',
    );
  }
  if (object.setup) saved.setup ??= object.name;
  else saved.other ??= object.name;
}

/** Runs a `System.runAs` block, in which saves of setup objects and others are counted apart. */
export function withFreshSetupMix<T>(tx: Transaction, body: () => T): T {
  const before = tx.state.get(SAVED);
  tx.state.delete(SAVED);
  try {
    return body();
  } finally {
    tx.state.set(SAVED, before ?? { setup: null, other: null });
  }
}
