/**
 * Units of work on the org's rows. One runs at a time. It is committed when its body returns and rolled back when the
 * body throws; work for after the commit (queued jobs, events, mail) runs then and is lost with the roll-back.
 */
import type {
  EventDelivery,
  ExecutionKind,
  OrgServices,
  RowStore,
  Savepoint,
  Transaction,
  TransactionOptions,
  TransactionRunner,
} from '../org/contracts.js';
import { PlatformError } from '../org/contracts.js';
import { Limits } from './limits.js';

interface Mark extends Savepoint {
  readonly row: number;
  readonly pending: number;
  readonly hadUncommittedWork: boolean;
}

export class OrgTransaction implements Transaction {
  readonly kind: ExecutionKind;
  readonly isTest: boolean;
  readonly limits: Limits;
  readonly state = new Map<unknown, unknown>();
  /** The outermost transaction; a test's jobs run in sub-transactions of the test's own. */
  readonly root: OrgTransaction;
  userId: string;
  hasUncommittedWork = false;
  eventDelivery: EventDelivery | null = null;
  private pending: (() => void)[] = [];
  private readonly marks = new Map<number, Mark>();
  private nextMark = 1;

  constructor(
    readonly org: OrgServices,
    private readonly rows: RowStore,
    options: TransactionOptions,
    parent: OrgTransaction | null,
  ) {
    this.kind = options.kind;
    this.userId = options.userId;
    this.isTest = options.isTest ?? parent?.isTest ?? false;
    this.limits = new Limits(options.kind);
    this.root = parent?.root ?? this;
  }

  now(): number {
    return this.org.clock.now();
  }

  afterCommit(work: () => void): void {
    this.pending.push(work);
  }

  /** Runs the work that waits for the commit. A test calls it at `stopTest`, since it never commits. */
  releaseAfterCommit(): void {
    const due = this.pending;
    this.pending = [];
    for (const work of due) work();
  }

  savepoint(): Savepoint {
    const mark: Mark = {
      id: this.nextMark++,
      row: this.rows.savepoint(),
      pending: this.pending.length,
      hadUncommittedWork: this.hasUncommittedWork,
    };
    this.marks.set(mark.id, mark);
    return mark;
  }

  rollback(savepoint: Savepoint): void {
    const mark = this.marks.get(savepoint.id);
    if (mark === undefined) {
      throw new PlatformError(
        'INVALID_OPERATION',
        'Savepoint does not exist: it was released by a roll-back to an earlier one',
        'DmlException',
      );
    }
    this.rows.rollbackTo(mark.row);
    this.pending.length = Math.min(this.pending.length, mark.pending);
    this.hasUncommittedWork = mark.hadUncommittedWork;
    for (const id of this.marks.keys()) if (id > mark.id) this.marks.delete(id);
  }
}

/** @param source what asked for the unit of work: a request line, or a job with its class */
export type UnitListener = (tx: Transaction, source: string) => void;

export class Transactions implements TransactionRunner {
  private current: OrgTransaction | null = null;

  constructor(
    private readonly rows: RowStore,
    private readonly org: () => OrgServices,
    private readonly onEnd: UnitListener = () => undefined,
  ) {}

  /** True while a unit of work runs; the pump then waits. */
  get isBusy(): boolean {
    return this.current !== null;
  }

  run<T>(options: TransactionOptions, body: (tx: OrgTransaction) => T): T {
    if (this.current) {
      throw new Error('A transaction is already running: units of work never run inside another');
    }
    const tx = new OrgTransaction(this.org(), this.rows, options, null);
    const start = this.rows.savepoint();
    this.current = tx;
    let isCommitted = false;
    try {
      const result = body(tx);
      if (!tx.isTest) {
        this.rows.commit();
        isCommitted = true;
      }
      return result;
    } finally {
      if (!isCommitted) this.rows.rollbackTo(start);
      this.current = null;
      if (!tx.isTest) this.onEnd(tx, options.source ?? options.kind);
      if (isCommitted) tx.releaseAfterCommit();
    }
  }

  /**
   * A unit of work of its own (limits, static variables, user) inside a test's transaction. Its rows stay when the
   * body returns and are undone when it throws.
   */
  runInTest<T>(
    test: Transaction,
    options: Omit<TransactionOptions, 'isTest'>,
    body: (tx: OrgTransaction) => T,
  ): T {
    const parent = asOrgTransaction(test);
    if (!parent.isTest) throw new Error('Only a test runs asynchronous work inside a transaction');
    const tx = new OrgTransaction(parent.org, this.rows, options, parent);
    const start = this.rows.savepoint();
    let isDone = false;
    try {
      const result = body(tx);
      isDone = true;
      return result;
    } finally {
      if (isDone) tx.releaseAfterCommit();
      else this.rows.rollbackTo(start);
    }
  }
}

export function asOrgTransaction(tx: Transaction): OrgTransaction {
  if (tx instanceof OrgTransaction) return tx;
  throw new TypeError('Expected a transaction that the platform started');
}
