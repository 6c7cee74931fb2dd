/**
 * The platform event bus. Events published "after commit" come with the commit; "immediate" ones at once, also when the
 * transaction is rolled back later. Every subscriber reads at its own pace, in its own units of work.
 */
import { randomUUID } from 'node:crypto';
import type {
  DurableStore,
  EventBus,
  EventMessage,
  SaveResult,
  Transaction,
} from '../org/contracts.js';
import { EventRetryRequest, PlatformError } from '../org/contracts.js';
import { ApexDatetime, type SObjectRecord } from '../values/values.js';
import type { Background, FailureListener, UnitRunner } from './background.js';
import { EventLog, isSameEvent, type Position } from './event-log.js';
import { describeFailure } from './job-handlers.js';
import { asOrgTransaction, type OrgTransaction } from './transaction.js';

export const MAXIMUM_RETRIES = 9;
export const MAXIMUM_BATCH = 2000;

export type PublishBehavior = 'PublishImmediately' | 'PublishAfterCommit';

/** An Apex trigger or a flow that listens to one event. */
export interface EventSubscriber {
  /** Unique; its position is kept under this name. */
  readonly name: string;
  /** Events a batch, 1 to 2,000. */
  readonly batchSize: number;
  /** The Automated Process user, or the one a `PlatformEventSubscriberConfig` names. */
  readonly userId: string;
  deliver(tx: Transaction, events: readonly SObjectRecord[]): void;
}

/** What the org's metadata says about events. */
export interface EventCatalog {
  /** How an event is published; null when there is no such event. */
  publishBehavior(event: string): PublishBehavior | null;
  /** Names of the events that have subscribers. */
  subscribedEvents(): readonly string[];
  subscribers(event: string): readonly EventSubscriber[];
}

interface Listener {
  readonly event: string;
  readonly listener: (message: EventMessage) => void;
}

export class PlatformEvents implements EventBus {
  private readonly log: EventLog;
  private readonly listeners = new Set<Listener>();
  private readonly testLogs = new WeakMap<Transaction, EventLog>();

  constructor(
    private readonly background: Background,
    private readonly catalog: EventCatalog,
    store: DurableStore,
    private readonly onFailure: FailureListener,
  ) {
    this.log = new EventLog(store);
  }

  publish(tx: Transaction, events: readonly SObjectRecord[]): SaveResult[] {
    if (events.length === 0) return [];
    const behaviors = new Set(events.map(({ type }) => this.requireBehavior(type)));
    if (behaviors.has('PublishImmediately')) tx.limits.use('publishImmediateDml');
    if (behaviors.has('PublishAfterCommit')) tx.limits.use('dmlStatements');
    return events.map((event) => this.publishOne(tx, event));
  }

  subscribe(event: string, listener: (message: EventMessage) => void, replayFrom = -1): () => void {
    this.requireBehavior(event);
    if (replayFrom !== -1) {
      const start = replayFrom === -2 ? 0 : replayFrom;
      for (const message of this.log.after(event, start)) listener(message);
    }
    const entry: Listener = { event, listener };
    this.listeners.add(entry);
    return () => void this.listeners.delete(entry);
  }

  deliverCollected(tx: Transaction): void {
    asOrgTransaction(tx).releaseAfterCommit();
    const log = this.logOf(tx);
    const { run } = this.background.placeOf(tx);
    const attempted = new Set<string>();
    while (this.deliverBatch(log, run, attempted));
  }

  /** Delivers one batch to one subscriber that has events waiting; false when there is none. */
  deliverNext(now: number): boolean {
    this.log.expire(now);
    return this.deliverBatch(this.log, this.background.place.run, null);
  }

  /** Where the subscribers stand, for the setup pages. */
  positions(): readonly Position[] {
    return this.catalog
      .subscribedEvents()
      .flatMap((event) => this.catalog.subscribers(event))
      .map(({ name }) => this.log.position(name));
  }

  /** Starts a suspended subscriber again: at the events it missed, or only with new ones. */
  resume(subscriber: string, from: 'missed' | 'new'): void {
    const position = this.log.position(subscriber);
    this.log.setPosition({
      ...position,
      replayId: from === 'new' ? this.log.tip : position.replayId,
      retries: 0,
      isSuspended: false,
    });
  }

  /** Forgets what was published; clients stay subscribed. */
  clear(): void {
    this.log.clear();
  }

  private requireBehavior(event: string): PublishBehavior {
    const behavior = this.catalog.publishBehavior(event);
    if (behavior) return behavior;
    throw new PlatformError(
      'INVALID_TYPE',
      `"${event}" is no platform event of this org; expected the API name of one, such as MediaVerdict__e`,
    );
  }

  private publishOne(tx: Transaction, event: SObjectRecord): SaveResult {
    const record = event.clone();
    const uuid = randomUUID();
    const publishedAt = tx.now();
    record.set('EventUuid', uuid);
    record.set('CreatedById', tx.userId);
    record.set('CreatedDate', new ApexDatetime(publishedAt));
    const log = this.logOf(tx);
    const append = (): void => {
      const message = log.append({ event: record.type, publishedAt, record });
      if (!tx.isTest) this.tellListeners(message);
    };
    if (this.requireBehavior(event.type) === 'PublishImmediately') append();
    else tx.afterCommit(append);
    return { id: uuid, success: true, created: true, errors: [] };
  }

  private tellListeners(message: EventMessage): void {
    for (const { event, listener } of [...this.listeners]) {
      if (!isSameEvent(event, message.event)) continue;
      try {
        listener(message);
      } catch (error) {
        this.onFailure(`subscriber of ${event}`, error);
      }
    }
  }

  private logOf(tx: Transaction): EventLog {
    if (!tx.isTest) return this.log;
    const { root } = asOrgTransaction(tx);
    let log = this.testLogs.get(root);
    if (!log) {
      log = new EventLog(null);
      this.testLogs.set(root, log);
    }
    return log;
  }

  /** @param attempted subscribers whose retry waits for the next call; null retries at once */
  private deliverBatch(log: EventLog, run: UnitRunner, attempted: Set<string> | null): boolean {
    for (const event of this.catalog.subscribedEvents()) {
      for (const subscriber of this.catalog.subscribers(event)) {
        if (attempted?.has(subscriber.name)) continue;
        const position = log.position(subscriber.name);
        if (position.isSuspended) continue;
        const size = Math.min(subscriber.batchSize, MAXIMUM_BATCH);
        const batch = log.after(event, position.replayId, size);
        if (batch.length === 0) continue;
        this.deliverTo(subscriber, event, batch, position, log, run);
        if (log.position(subscriber.name).retries > 0) attempted?.add(subscriber.name);
        return true;
      }
    }
    return false;
  }

  private deliverTo(
    subscriber: EventSubscriber,
    event: string,
    batch: readonly EventMessage[],
    position: Position,
    log: EventLog,
    run: UnitRunner,
  ): void {
    const last = batch[batch.length - 1]!.replayId;
    let checkpoint: number | null = null;
    try {
      run({ kind: 'platformEvent', userId: subscriber.userId, source: subscriber.name }, (tx) => {
        checkpoint = deliverOnce(tx, subscriber, event, batch, position);
      });
      const done = checkpoint ?? last;
      log.setPosition({ ...position, replayId: done, retries: 0, lastError: null });
    } catch (error) {
      const { message } = describeFailure(error);
      this.onFailure(`subscriber ${subscriber.name} of ${event}`, error);
      if (error instanceof EventRetryRequest) {
        const isSuspended = position.retries >= MAXIMUM_RETRIES;
        const retries = position.retries + (isSuspended ? 0 : 1);
        log.setPosition({ ...position, retries, lastError: message, isSuspended });
      } else {
        log.setPosition({ ...position, replayId: last, retries: 0, lastError: message });
      }
    }
  }
}

/**
 * One call of a subscriber. What it did up to its last checkpoint stays when it fails afterwards; without a checkpoint
 * everything is undone.
 * @returns the checkpoint to go on after, or null when the whole batch is done
 */
function deliverOnce(
  tx: OrgTransaction,
  subscriber: EventSubscriber,
  event: string,
  batch: readonly EventMessage[],
  position: Position,
): number | null {
  let checkpoint: { replayId: number; savepoint: ReturnType<OrgTransaction['savepoint']> } | null =
    null;
  tx.eventDelivery = {
    event,
    retries: position.retries,
    lastError: position.lastError,
    setResumeCheckpoint: (replayId) => {
      if (!batch.some((message) => String(message.replayId) === replayId)) {
        throw new PlatformError(
          'INVALID_REPLAY_ID',
          `The checkpoint ${replayId} is not the ReplayId of an event in this batch`,
          'EventBus.InvalidReplayIdException',
        );
      }
      checkpoint = { replayId: Number(replayId), savepoint: tx.savepoint() };
    },
    getResumeCheckpoint: () => (checkpoint ? String(checkpoint.replayId) : null),
  };
  const current = (): typeof checkpoint => checkpoint;
  try {
    subscriber.deliver(
      tx,
      batch.map(({ record }) => record.clone()),
    );
  } catch (error) {
    const reached = current();
    if (!reached || error instanceof EventRetryRequest) throw error;
    tx.rollback(reached.savepoint);
  }
  return current()?.replayId ?? null;
}
