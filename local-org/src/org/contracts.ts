/**
 * The seams between the parts of the local org. Each part implements the interfaces it is named for and knows the
 * others only through them; `org.ts` puts them together.
 */
import type { ApexRuntime } from './contracts/apex.js';
import type { Flows, SaveAutomation } from './contracts/automation.js';
import type { Dml, QueryCompiler } from './contracts/data.js';
import type { AsyncJobs, EventBus } from './contracts/jobs-and-events.js';
import type { Mailbox, NamedCredentials, Notifications } from './contracts/messages.js';
import type { Clock } from './contracts/storage.js';

export * from './contracts/apex.js';
export * from './contracts/automation.js';
export * from './contracts/data.js';
export * from './contracts/errors.js';
export * from './contracts/jobs-and-events.js';
export * from './contracts/messages.js';
export * from './contracts/storage.js';
export * from './contracts/transaction.js';

/** What every part can reach through a transaction. */
export interface OrgServices {
  readonly dml: Dml;
  readonly queries: QueryCompiler;
  readonly automation: SaveAutomation;
  readonly apex: ApexRuntime;
  readonly clock: Clock;
  readonly jobs: AsyncJobs;
  readonly events: EventBus;
  readonly mailbox: Mailbox;
  readonly notifications: Notifications;
  readonly namedCredentials: NamedCredentials;
  readonly flows: Flows;
}
