/** `@future` methods: calling one queues it. */
import type { ApexMethod } from '../types/model.js';
import type { Value } from '../values/reference.js';
import { freezeValue } from './freeze.js';
import type { Session } from './session.js';

export function queueFuture(session: Session, method: ApexMethod, args: readonly Value[]): void {
  session.tx.org.jobs.callFuture(session.tx, {
    className: method.owner.name,
    method: method.name,
    arguments: args.map(freezeValue),
  });
}
