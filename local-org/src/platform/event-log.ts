/**
 * The published platform events, in order, and how far each subscriber has read. Kept 72 hours, as on the platform. In
 * a test it lives as long as the test.
 */
import type { DurableStore, EventMessage, Json } from '../org/contracts.js';
import { recordFromJson, recordToJson } from './record-json.js';

export const RETENTION_MS = 72 * 3_600_000;
const EVENTS = 'platform-events';
const POSITIONS = 'platform-event-positions';

/** Where a subscriber of one event stands. */
export interface Position {
  readonly subscriber: string;
  /** Last replay id that is done. */
  readonly replayId: number;
  /** Failed attempts at the batch after it. */
  readonly retries: number;
  readonly lastError: string | null;
  /** After the last retry failed, a subscriber is not called again until it is resumed. */
  readonly isSuspended: boolean;
}

interface StoredEvent {
  readonly event: string;
  readonly replayId: number;
  readonly publishedAt: number;
  readonly record: Json;
}

export class EventLog {
  /** By lower-case event name, in order of their replay ids. */
  private readonly messages = new Map<string, EventMessage[]>();
  private readonly positions = new Map<string, Position>();
  private lastReplayId = 0;

  constructor(private readonly store: DurableStore | null) {
    const stored = (store?.load(EVENTS) ?? []) as unknown as readonly StoredEvent[];
    for (const { record, ...rest } of [...stored].sort((a, b) => a.replayId - b.replayId)) {
      this.of(rest.event).push({ ...rest, record: recordFromJson(record) });
      this.lastReplayId = rest.replayId;
    }
    for (const stored of store?.load(POSITIONS) ?? []) {
      const position = stored as unknown as Position;
      this.positions.set(position.subscriber, position);
      this.lastReplayId = Math.max(this.lastReplayId, position.replayId);
    }
  }

  append(message: Omit<EventMessage, 'replayId'>): EventMessage {
    const stored: EventMessage = { ...message, replayId: ++this.lastReplayId };
    stored.record.set('ReplayId', String(stored.replayId));
    this.of(stored.event).push(stored);
    const row: StoredEvent = {
      event: stored.event,
      replayId: stored.replayId,
      publishedAt: stored.publishedAt,
      record: recordToJson(stored.record),
    };
    this.store?.put(EVENTS, String(stored.replayId), row as unknown as Json);
    return stored;
  }

  get tip(): number {
    return this.lastReplayId;
  }

  /** Events after a replay id, oldest first. */
  after(event: string, replayId: number, maximum = Infinity): EventMessage[] {
    const messages = this.of(event);
    let low = 0;
    let high = messages.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (messages[middle]!.replayId <= replayId) low = middle + 1;
      else high = middle;
    }
    return messages.slice(low, low + maximum);
  }

  position(subscriber: string): Position {
    return (
      this.positions.get(subscriber) ?? {
        subscriber,
        replayId: 0,
        retries: 0,
        lastError: null,
        isSuspended: false,
      }
    );
  }

  setPosition(position: Position): void {
    this.positions.set(position.subscriber, position);
    this.store?.put(POSITIONS, position.subscriber, position as unknown as Json);
  }

  /** Drops what is older than the platform would keep. */
  expire(now: number): void {
    for (const messages of this.messages.values()) {
      while (messages[0] && messages[0].publishedAt < now - RETENTION_MS) {
        this.store?.put(EVENTS, String(messages[0].replayId), null);
        messages.shift();
      }
    }
  }

  /** Forgets all events and positions; replay ids go on from where they are. */
  clear(): void {
    for (const { replayId } of [...this.messages.values()].flat()) {
      this.store?.put(EVENTS, String(replayId), null);
    }
    for (const subscriber of this.positions.keys()) this.store?.put(POSITIONS, subscriber, null);
    this.messages.clear();
    this.positions.clear();
  }

  private of(event: string): EventMessage[] {
    const key = event.toLowerCase();
    let messages = this.messages.get(key);
    if (!messages) {
      messages = [];
      this.messages.set(key, messages);
    }
    return messages;
  }
}

export function isSameEvent(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
