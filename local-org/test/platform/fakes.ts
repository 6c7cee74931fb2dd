/** A platform on rows that live in a map, with Apex played by functions. */
import type {
  ApexRuntime,
  DurableStore,
  FrozenInstance,
  Json,
  OrgServices,
  RowStore,
} from '../../src/org/contracts.js';
import type { Schema } from '../../src/metadata/index.js';
import {
  MemoryStore,
  OrgClock,
  Platform,
  type EventCatalog,
  type EventSubscriber,
  type PublishBehavior,
} from '../../src/platform/index.js';
import { SObjectRecord } from '../../src/values/values.js';

export const START = Date.UTC(2026, 1, 13, 9, 0, 0);
export const USER = '005000000000001AAA';
export const AUTOMATED_PROCESS = '005000000000002AAA';

/** Rows with an undo journal. */
export class MapRows implements RowStore {
  readonly rows = new Map<string, SObjectRecord>();
  private journal: (readonly [string, SObjectRecord | undefined])[] = [];
  private lastId = 0;

  savepoint(): number {
    return this.journal.length;
  }

  rollbackTo(savepoint: number): void {
    for (const [key, before] of this.journal.splice(savepoint).reverse()) {
      if (before) this.rows.set(key, before);
      else this.rows.delete(key);
    }
  }

  commit(): void {
    this.journal = [];
  }

  putSystemRow(record: SObjectRecord): string {
    const id = record.id ?? `${record.type}-${++this.lastId}`;
    const stored = record.clone();
    stored.set('Id', id);
    const key = `${record.type} ${id}`;
    this.journal.push([key, this.rows.get(key)]);
    this.rows.set(key, stored);
    return id;
  }

  findRow(type: string, id: string): SObjectRecord | null {
    return this.rows.get(`${type} ${id}`)?.clone() ?? null;
  }

  all(type: string): SObjectRecord[] {
    return [...this.rows.values()].filter((row) => row.type === type);
  }
}

export class FakeEvents implements EventCatalog {
  readonly behaviors = new Map<string, PublishBehavior>();
  readonly bySubscribedEvent = new Map<string, EventSubscriber[]>();

  publishBehavior(event: string): PublishBehavior | null {
    return this.behaviors.get(event) ?? null;
  }

  subscribedEvents(): readonly string[] {
    return [...this.bySubscribedEvent.keys()];
  }

  subscribers(event: string): readonly EventSubscriber[] {
    return this.bySubscribedEvent.get(event) ?? [];
  }
}

/** Apex by class name; a missing part fails the test that needs it. */
export function fakeApex(parts: Partial<ApexRuntime>): ApexRuntime {
  return new Proxy(parts as ApexRuntime, {
    get(target, name): unknown {
      const part: unknown = Reflect.get(target, name);
      if (part === undefined) throw new Error(`This test has no Apex ${String(name)}`);
      return part;
    },
  });
}

export interface Bench {
  readonly platform: Platform;
  readonly rows: MapRows;
  readonly clock: OrgClock;
  readonly events: FakeEvents;
  readonly failures: { source: string; message: string }[];
}

export function makeBench(
  apex: Partial<ApexRuntime> = {},
  store: DurableStore = new MemoryStore(),
): Bench {
  const rows = new MapRows();
  const clock = new OrgClock(() => START);
  const events = new FakeEvents();
  const failures: { source: string; message: string }[] = [];
  const services = fakeApex(apex);
  const platform: Platform = new Platform({
    schema: {} as Schema,
    rows,
    store,
    clock,
    org: () => ({ clock }) as unknown as OrgServices,
    apex: () => services,
    events,
    automatedProcessUserId: AUTOMATED_PROCESS,
    timeZoneOf: () => 'UTC',
    classId: (name) => `class ${name}`,
    emailTemplate: () => null,
    notificationTypeName: (name) => (name === 'Alarm' ? 'Alarm' : null),
    notificationUsers: (id) => (id === 'group' ? [USER, AUTOMATED_PROCESS] : [id]),
    onFailure: (source, error) =>
      failures.push({ source, message: error instanceof Error ? error.message : String(error) }),
  });
  return { platform, rows, clock, events, failures };
}

export const frozen = (className: string, state: Json = null): FrozenInstance => ({
  className,
  state,
});

export function record(type: string, fields: Readonly<Record<string, string>> = {}): SObjectRecord {
  const made = new SObjectRecord(type);
  for (const [name, value] of Object.entries(fields)) made.set(name, value);
  return made;
}
