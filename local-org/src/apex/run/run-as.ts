/** `System.runAs(user) { … }`, for tests. */
import { withFreshSetupMix } from '../../database/setup-mix.js';
import { SObjectRecord } from '../../values/values.js';
import type { Completion } from '../types/model.js';
import type { Value } from '../values/reference.js';
import { throwApex, throwNullPointer } from './exceptions.js';
import type { Session } from './session.js';

export function runAs(session: Session, user: Value, body: () => Completion): Completion {
  const { tx } = session;
  if (!tx.isTest) throwApex('TypeException', 'System.runAs can only be used in tests');
  if (!(user instanceof SObjectRecord)) throwNullPointer();
  if (user.id === null)
    tx.org.dml.save(tx, 'insert', [user], {
      access: { mode: 'system', sharing: false },
      allOrNone: true,
    });
  const earlier = tx.userId;
  tx.userId = user.id ?? earlier;
  try {
    return withFreshSetupMix(tx, body);
  } finally {
    tx.userId = earlier;
  }
}
