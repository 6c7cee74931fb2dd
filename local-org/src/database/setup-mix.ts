/** Setup objects and others cannot be saved in one transaction (`MIXED_DML_OPERATION`). */
import type { ObjectDescribe } from '../metadata/index.js';
import { PlatformError, type Transaction } from '../org/contracts.js';

/** Key in `Transaction.state`: the first object of each kind that each user saved. */
const SAVED = Symbol('setup and other objects saved');

interface Saved {
  setup: string | null;
  other: string | null;
}

export class SetupMix {
  /** @throws PlatformError when the save would mix; a `System.runAs` block begins anew, as in tests. */
  check(tx: Transaction, object: ObjectDescribe): void {
    let byUser = tx.state.get(SAVED) as Map<string, Saved> | undefined;
    if (!byUser) {
      byUser = new Map();
      tx.state.set(SAVED, byUser);
    }
    const saved = byUser.get(tx.userId) ?? { setup: null, other: null };
    byUser.set(tx.userId, saved);
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
}
