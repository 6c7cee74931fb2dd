/**
 * Governor limits of one transaction, per the limits quick reference of 13 February 2026. Scheduled Apex and
 * platform-event triggers run in the background but have the synchronous limits.
 */
import type { ExecutionKind, LimitCounters, LimitName } from '../org/contracts.js';
import { PlatformError } from '../org/contracts.js';

type LimitTable = Readonly<Record<LimitName, number>>;

const SYNCHRONOUS: LimitTable = {
  queries: 100,
  queryRows: 50_000,
  dmlStatements: 150,
  dmlRows: 10_000,
  callouts: 100,
  queueableJobs: 50,
  futureCalls: 50,
  emailInvocations: 10,
  publishImmediateDml: 150,
};

const ASYNCHRONOUS: LimitTable = { ...SYNCHRONOUS, queries: 200, queueableJobs: 1 };

const TABLES: Readonly<Record<ExecutionKind, LimitTable>> = {
  synchronous: SYNCHRONOUS,
  scheduled: SYNCHRONOUS,
  platformEvent: SYNCHRONOUS,
  flowAsync: SYNCHRONOUS,
  queueable: ASYNCHRONOUS,
  future: { ...ASYNCHRONOUS, futureCalls: 0 },
  batch: { ...ASYNCHRONOUS, futureCalls: 0 },
};

/** As `System.LimitException` words them, followed by the count that was reached. */
const MESSAGES: Readonly<Record<LimitName, string>> = {
  queries: 'Too many SOQL queries',
  queryRows: 'Too many query rows',
  dmlStatements: 'Too many DML statements',
  dmlRows: 'Too many DML rows',
  callouts: 'Too many callouts',
  queueableJobs: 'Too many queueable jobs added to the queue',
  futureCalls: 'Too many future calls',
  emailInvocations: 'Too many Email Invocations',
  publishImmediateDml: 'Too many Publish Immediate DML Operations',
};

export class Limits implements LimitCounters {
  private counts = new Map<LimitName, number>();
  private beforeTest: Map<LimitName, number> | null = null;
  private readonly table: LimitTable;

  constructor(kind: ExecutionKind) {
    this.table = TABLES[kind];
  }

  use(limit: LimitName, amount = 1): void {
    const used = this.used(limit) + amount;
    this.counts.set(limit, used);
    if (used > this.table[limit]) {
      throw new PlatformError('LIMIT_EXCEEDED', `${MESSAGES[limit]}: ${used}`, 'LimitException');
    }
  }

  used(limit: LimitName): number {
    return this.counts.get(limit) ?? 0;
  }

  maximum(limit: LimitName): number {
    return this.table[limit];
  }

  startTest(): void {
    if (this.beforeTest) {
      throw new PlatformError('INVALID_OPERATION', 'Testing already started', 'FinalException');
    }
    this.beforeTest = this.counts;
    this.counts = new Map();
  }

  stopTest(): void {
    if (!this.beforeTest) {
      throw new PlatformError('INVALID_OPERATION', 'Testing not started', 'FinalException');
    }
    this.counts = this.beforeTest;
    this.beforeTest = null;
  }
}
