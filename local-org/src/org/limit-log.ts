import type { LimitName, Transaction } from './contracts.js';
import type { LimitReport } from './local-org.js';

const KEPT = 200;
const LIMITS: readonly LimitName[] = [
  'queries',
  'queryRows',
  'dmlStatements',
  'dmlRows',
  'callouts',
  'queueableJobs',
  'futureCalls',
  'emailInvocations',
  'publishImmediateDml',
];

/** What the last units of work used of their limits; read by the limits page and by performance tests. */
export class LimitLog {
  private readonly entries: LimitReport[] = [];

  /** Call it when the unit of work ends: only figures are kept, so that its rows can be let go. */
  add(tx: Transaction, source: string): void {
    this.entries.push({
      at: new Date(tx.now()).toISOString(),
      kind: tx.kind,
      source,
      userId: tx.userId,
      used: Object.fromEntries(LIMITS.map((limit) => [limit, tx.limits.used(limit)])),
    });
    if (this.entries.length > KEPT) this.entries.shift();
  }

  clear(): void {
    this.entries.length = 0;
  }

  reports(): readonly LimitReport[] {
    return this.entries;
  }
}
