/** Running the triggers of an object. */
import {
  EventRetryRequest,
  type SaveRow,
  type Transaction,
  type TriggerOperation,
} from '../../org/contracts.js';
import { asApexException } from './exceptions.js';
import { markReadOnly } from './records.js';
import type { Session } from './session.js';
import { TriggerState, withTrigger } from './trigger-context.js';

const DEEPEST_RECURSION = 16;
const DEPTH = 'trigger depth';

export function runTriggers(
  session: Session,
  tx: Transaction,
  timing: 'before' | 'after',
  operation: TriggerOperation,
  object: string,
  rows: readonly SaveRow[],
): void {
  const triggers = session.program.triggers.filter(
    (t) => t.object === object && t.events.has(`${timing} ${operation}`),
  );
  if (triggers.length === 0 || rows.length === 0) return;
  const depth = Number(session.marks.get(DEPTH) ?? 0) + 1;
  if (depth > DEEPEST_RECURSION) {
    throw session.limitError(`Maximum trigger depth exceeded: ${object} ${timing} ${operation}`);
  }
  session.marks.set(DEPTH, depth);
  const userId = tx.userId;
  try {
    for (const trigger of triggers) {
      const state = new TriggerState({ timing, operation, object, ...imagesOf(operation, rows) });
      if (timing === 'after' || operation === 'delete')
        rows.forEach((row) => markReadOnly(row.record));
      rows.forEach((row) => row.old && row.old !== row.record && markReadOnly(row.old));
      session.enter(() => withTrigger(session, state, () => session.call(trigger.body, null, [])));
    }
  } catch (error) {
    const value = tx.eventDelivery ? asApexException(error) : null;
    if (value?.declaration.name !== 'EventBus.RetryableException') throw error;
    throw new EventRetryRequest(value.message ?? '');
  } finally {
    tx.userId = userId;
    session.marks.set(DEPTH, depth - 1);
  }
}

function imagesOf(
  operation: TriggerOperation,
  rows: readonly SaveRow[],
): Pick<TriggerState['run'], 'newRows' | 'oldRows'> {
  const records = rows.map((row) => row.record);
  switch (operation) {
    case 'insert':
    case 'undelete':
      return { newRows: records, oldRows: null };
    case 'delete':
      return { newRows: null, oldRows: records };
    case 'update':
      return { newRows: records, oldRows: rows.map((row) => row.old ?? row.record) };
  }
}
