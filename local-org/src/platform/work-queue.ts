/**
 * Work that waits for its time: queued jobs, scheduled paths. Plain data, so that it survives a restart. Items that are
 * due run in order of their due time, then in the order they came.
 */
import type { DurableStore, Json } from '../org/contracts.js';

export interface WorkItem {
  readonly id: string;
  /** Names the handler that runs it. */
  readonly kind: string;
  readonly userId: string;
  /** Epoch milliseconds. */
  readonly dueAt: number;
  readonly sequence: number;
  readonly payload: Json;
}

export type NewWorkItem = Omit<WorkItem, 'sequence'>;

const COLLECTION = 'work-queue';

export class WorkQueue {
  private readonly items = new Map<string, WorkItem>();
  private sequence = 0;

  /** @param store null for a queue that ends with its test */
  constructor(private readonly store: DurableStore | null) {
    for (const stored of store?.load(COLLECTION) ?? []) {
      const item = stored as unknown as WorkItem;
      this.items.set(item.id, item);
      this.sequence = Math.max(this.sequence, item.sequence);
    }
  }

  add(item: NewWorkItem): void {
    const stored: WorkItem = { ...item, sequence: ++this.sequence };
    this.items.set(item.id, stored);
    this.store?.put(COLLECTION, item.id, stored as unknown as Json);
  }

  remove(id: string): boolean {
    const existed = this.items.delete(id);
    if (existed) this.store?.put(COLLECTION, id, null);
    return existed;
  }

  clear(): void {
    for (const id of [...this.items.keys()]) this.remove(id);
  }

  /** Takes an item away once it has run, unless its run put its own next step in its place. */
  settle(item: WorkItem): void {
    if (this.items.get(item.id)?.sequence === item.sequence) this.remove(item.id);
  }

  /** The next item whose time has come, still in the queue; null when none is due. */
  nextDue(now: number): WorkItem | null {
    let next: WorkItem | null = null;
    for (const item of this.items.values()) {
      if (item.dueAt <= now && (next === null || isBefore(item, next))) next = item;
    }
    return next;
  }

  /** When the earliest item becomes due, or null when nothing waits. */
  earliestDueAt(): number | null {
    let earliest: number | null = null;
    for (const { dueAt } of this.items.values()) {
      if (earliest === null || dueAt < earliest) earliest = dueAt;
    }
    return earliest;
  }

  /** Everything that waits, in the order it would run. */
  list(): readonly WorkItem[] {
    return [...this.items.values()].sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }
}

function isBefore(a: WorkItem, b: WorkItem): boolean {
  return a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.sequence < b.sequence);
}
