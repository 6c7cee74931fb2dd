/**
 * `Database.setSavepoint`, `rollback` and `releaseSavepoint`. An open savepoint counts as uncommitted work: a callout
 * must wait until it is released. Releasing or rolling back to one ends those that were set after it.
 */
import type { Savepoint } from '../../org/contracts.js';
import { throwApex } from '../run/exceptions.js';
import type { Session } from '../run/session.js';
import { NativeObject, type Value } from '../values/reference.js';
import { instance, type Call } from './call.js';
import { defineType } from './registry.js';

class SavepointValue extends NativeObject {
  constructor(readonly savepoint: Savepoint) {
    super('Savepoint');
  }
}
defineType({ name: 'Savepoint' });

const OPEN = 'openSavepoints';
const asSavepoint = instance(SavepointValue, 'Savepoint');

/** The savepoints of this transaction that were neither released nor undone, oldest first. */
const openOf = (session: Session): readonly SavepointValue[] =>
  (session.marks.get(OPEN) as readonly SavepointValue[] | undefined) ?? [];

export const hasOpenSavepoint = (session: Session): boolean => openOf(session).length > 0;

function requireOpen(c: Call): { value: SavepointValue; earlier: readonly SavepointValue[] } {
  const value = asSavepoint(c.value(0));
  const open = openOf(c.session);
  const index = open.indexOf(value);
  if (index >= 0) return { value, earlier: open.slice(0, index) };
  return throwApex(
    'DmlException',
    'Expected a savepoint that is still open, but it was released, or undone by a roll-back or release of an earlier one',
  );
}

export const savepointStatics: Readonly<Record<string, (c: Call) => Value>> = {
  'Savepoint setSavepoint()': (c) => {
    const { session } = c;
    session.tx.limits.use('dmlStatements');
    const value = new SavepointValue(session.tx.savepoint());
    session.marks.set(OPEN, [...openOf(session), value]);
    return value;
  },
  'void rollback(Savepoint savepoint)': (c) => {
    const { tx, marks } = c.session;
    tx.limits.use('dmlStatements');
    const { value, earlier } = requireOpen(c);
    tx.rollback(value.savepoint);
    marks.set(OPEN, [...earlier, value]);
    return null;
  },
  'void releaseSavepoint(Savepoint savepoint)': (c) => {
    c.session.marks.set(OPEN, requireOpen(c).earlier);
    return null;
  },
};
