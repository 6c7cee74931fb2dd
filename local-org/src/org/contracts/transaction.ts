/** Units of work: who runs them, what they may use, and how they are taken back. */
import type { OrgServices } from '../contracts.js';
import type { EventDelivery } from './jobs-and-events.js';

export type ExecutionKind =
  'synchronous' | 'queueable' | 'batch' | 'future' | 'scheduled' | 'platformEvent' | 'flowAsync';

/** What a governor limit counts in one transaction. */
export type LimitName =
  | 'queries'
  | 'queryRows'
  | 'dmlStatements'
  | 'dmlRows'
  | 'callouts'
  | 'queueableJobs'
  | 'futureCalls'
  | 'emailInvocations'
  | 'publishImmediateDml';

export interface LimitCounters {
  /** Counts and throws a `System.LimitException` (not catchable in Apex) past the maximum. */
  use(limit: LimitName, amount?: number): void;
  used(limit: LimitName): number;
  maximum(limit: LimitName): number;
  /** `Test.startTest()` gives a fresh set; `Test.stopTest()` returns to the earlier one. */
  startTest(): void;
  stopTest(): void;
}

/** One unit of work: everything in it is committed together or not at all. */
export interface Transaction {
  readonly org: OrgServices;
  /** The running user's id; `System.runAs` and the platform-event user change it. */
  userId: string;
  readonly kind: ExecutionKind;
  readonly isTest: boolean;
  readonly limits: LimitCounters;
  /** Milliseconds since 1970 on the org's clock. */
  now(): number;
  /** Apex static variables, flow-recursion marks and the like: one store a transaction, keyed by their owner. */
  readonly state: Map<unknown, unknown>;
  /** Work for after the commit, in order; dropped on roll-back. */
  afterCommit(work: () => void): void;
  savepoint(): Savepoint;
  rollback(savepoint: Savepoint): void;
  /** True once a record was saved, a job enqueued or an e-mail sent: callouts are then refused. */
  hasUncommittedWork: boolean;
  /** Set while platform-event triggers run on a delivered batch. */
  readonly eventDelivery: EventDelivery | null;
}

export interface Savepoint {
  readonly id: number;
}

/** Whose rights apply to one query or save. */
export interface AccessMode {
  /** `user` enforces object and field permissions and sharing; `system` enforces none of them. */
  readonly mode: 'user' | 'system';
  /** Record sharing of the running user, as `with sharing` asks for. Always on in user mode. */
  readonly sharing: boolean;
}
