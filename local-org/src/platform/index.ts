/** The platform around the data: units of work, clock, asynchronous work, events, mail, notifications. */
import { OrgClock } from './clock.js';
import { Background, type FailureListener } from './background.js';
import { PlatformEvents, type EventCatalog } from './events.js';
import { EmailMerge, type TemplateText } from './email-merge.js';
import { JobHandlers } from './job-handlers.js';
import { JobRows } from './job-rows.js';
import { ApexJobs } from './jobs.js';
import { OrgMailbox } from './mailbox.js';
import { NamedCredentialStore } from './named-credentials.js';
import { OrgNotifications } from './notifications.js';
import { Pump } from './pump.js';
import { RecordPaths } from './record-paths.js';
import { Transactions, type UnitListener } from './transaction.js';
import { WorkQueue } from './work-queue.js';
import type { Schema } from '../metadata/index.js';
import type { ApexRuntime, DurableStore, OrgServices, RowStore } from '../org/contracts.js';

export { OrgClock } from './clock.js';
export { FileStore, MemoryStore } from './durable-store.js';
export type { EventCatalog, EventSubscriber, PublishBehavior } from './events.js';
export { RecordPaths } from './record-paths.js';
export type { WorkHandler, WorkPlace } from './background.js';
export type { TemplateText } from './email-merge.js';

/** What the platform needs to know of the org it serves. */
export interface PlatformOptions {
  readonly schema: Schema;
  readonly rows: RowStore;
  readonly store: DurableStore;
  readonly clock?: OrgClock;
  /** Asked late: the parts of an org know each other only through it. */
  readonly org: () => OrgServices;
  readonly apex: () => ApexRuntime;
  readonly events: EventCatalog;
  readonly automatedProcessUserId: string;
  readonly timeZoneOf: (userId: string) => string;
  readonly classId: (className: string) => string | null;
  readonly emailTemplate: (templateId: string) => TemplateText | null;
  readonly notificationTypeName: (nameOrId: string) => string | null;
  readonly notificationUsers: (recipientId: string) => readonly string[];
  /** Hears of every unit of work at its end, and of what asked for it. */
  readonly onUnitEnd?: UnitListener;
  /** Hears of background work that failed. */
  readonly onFailure: FailureListener;
}

export class Platform {
  readonly clock: OrgClock;
  readonly transactions: Transactions;
  readonly background: Background;
  readonly jobs: ApexJobs;
  readonly events: PlatformEvents;
  readonly mailbox: OrgMailbox;
  readonly notifications: OrgNotifications;
  readonly namedCredentials: NamedCredentialStore;
  readonly paths: RecordPaths;
  readonly pump: Pump;

  constructor(options: PlatformOptions) {
    const { schema, rows, store, onFailure } = options;
    this.clock = options.clock ?? new OrgClock();
    this.namedCredentials = new NamedCredentialStore(store);
    this.paths = new RecordPaths(schema, rows);
    this.transactions = new Transactions(rows, options.org, options.onUnitEnd);
    this.background = new Background(this.transactions, new WorkQueue(store), onFailure);
    const jobRows = new JobRows(rows, options.classId);
    this.jobs = new ApexJobs(this.background, jobRows, options.timeZoneOf);
    new JobHandlers(jobRows, options.apex, onFailure).register(this.background);
    this.events = new PlatformEvents(this.background, options.events, store, onFailure);
    this.mailbox = new OrgMailbox({
      store,
      paths: this.paths,
      merge: new EmailMerge(this.paths),
      template: options.emailTemplate,
      automatedProcessUserId: options.automatedProcessUserId,
    });
    this.notifications = new OrgNotifications({
      store,
      typeName: options.notificationTypeName,
      usersOf: options.notificationUsers,
    });
    this.pump = new Pump(this.transactions, this.background, this.events, this.clock);
  }

  /** Forgets everything that waits, was sent or was set up, and returns to real time. */
  reset(): void {
    this.background.place.queue.clear();
    this.events.clear();
    this.mailbox.clear();
    this.notifications.clear();
    this.namedCredentials.clear();
    this.clock.reset();
  }
}
