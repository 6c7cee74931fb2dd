/**
 * Where background work waits and in which unit of work it runs. Outside tests that is the org's durable queue and one
 * committed transaction an item; inside a test it is the test's own queue and a sub-transaction of the test.
 */
import type { Transaction, TransactionOptions } from '../org/contracts.js';
import { asOrgTransaction, type OrgTransaction, type Transactions } from './transaction.js';
import { WorkQueue, type WorkItem } from './work-queue.js';

/** Runs a body in its own unit of work. */
export type UnitRunner = <T>(
  options: Omit<TransactionOptions, 'isTest'>,
  body: (tx: OrgTransaction) => T,
) => T;

/** Runs one item: starts its own units of work, and records a failure instead of throwing it. */
export type WorkHandler = (item: WorkItem, place: WorkPlace) => void;

/** A queue with the way to run what is in it. */
export interface WorkPlace {
  readonly queue: WorkQueue;
  readonly run: UnitRunner;
  readonly isTest: boolean;
}

/** What went wrong in background work that has no row of its own to say so. */
export type FailureListener = (source: string, error: unknown) => void;

export class Background {
  private readonly handlers = new Map<string, WorkHandler>();
  private readonly testPlaces = new WeakMap<Transaction, WorkPlace>();
  private readonly orgPlace: WorkPlace;

  constructor(
    private readonly transactions: Transactions,
    queue: WorkQueue,
    private readonly onFailure: FailureListener,
  ) {
    this.orgPlace = {
      queue,
      run: (options, body) => transactions.run(options, body),
      isTest: false,
    };
  }

  /** Names the code that runs items of a kind. */
  handle(kind: string, handler: WorkHandler): void {
    this.handlers.set(kind, handler);
  }

  get place(): WorkPlace {
    return this.orgPlace;
  }

  /** Where work that a transaction leaves behind waits. */
  placeOf(tx: Transaction): WorkPlace {
    const { root, isTest } = asOrgTransaction(tx);
    if (!isTest) return this.orgPlace;
    let place = this.testPlaces.get(root);
    if (!place) {
      place = {
        queue: new WorkQueue(null),
        run: (options, body) => this.transactions.runInTest(root, options, body),
        isTest: true,
      };
      this.testPlaces.set(root, place);
    }
    return place;
  }

  /** Runs the next item that is due; false when there is none. */
  runNext(place: WorkPlace, now: number): boolean {
    const item = place.queue.nextDue(now);
    if (!item) return false;
    const handler = this.handlers.get(item.kind);
    try {
      if (!handler) throw new Error(`Nothing runs work of the kind ${item.kind}`);
      handler(item, place);
    } catch (error) {
      this.onFailure(`${item.kind} ${item.id}`, error);
      if (place.isTest) throw error;
    } finally {
      place.queue.settle(item);
    }
    return true;
  }
}
