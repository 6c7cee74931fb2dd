/** Flows that start at a date and time, once, daily or weekly, for all records that meet their conditions. */
import { UnsupportedError, type Json } from '../org/contracts.js';
import type { Background, WorkPlace } from '../platform/background.js';
import type { WorkItem } from '../platform/work-queue.js';
import type { FlowDefinition } from './model.js';
import { Interview } from './interview.js';
import { RecordFinder } from './lookup.js';
import { accessOf, SYSTEM } from './record-flows.js';
import { runInterviews } from './run.js';
import type { FlowWorld } from './world.js';

const SCHEDULED_WORK = 'scheduledFlow';
const BATCH = 200;
const PERIOD_MS: Readonly<Record<string, number | null>> = {
  Once: null,
  Daily: 86_400_000,
  Weekly: 7 * 86_400_000,
};

export class ScheduledFlows {
  constructor(
    private readonly world: FlowWorld,
    private readonly background: Background,
    private readonly userId: string,
  ) {
    background.handle(SCHEDULED_WORK, (item, place) => this.run(item, place));
  }

  /** Puts every active scheduled flow in the queue at its next time. */
  scheduleAll(now: number): void {
    for (const flow of this.world.allFlows()) {
      if (flow.status !== 'Active' || flow.start.triggerType !== 'Scheduled') continue;
      const dueAt = nextStart(flow, now);
      if (dueAt !== null) this.queue(flow, dueAt);
    }
  }

  private queue(flow: FlowDefinition, dueAt: number): void {
    const id = `scheduled flow ${flow.name}`;
    const payload: Json = { flow: flow.name };
    this.background.place.queue.add({
      id,
      kind: SCHEDULED_WORK,
      userId: this.userId,
      dueAt,
      payload,
    });
  }

  private run(item: WorkItem, place: WorkPlace): void {
    const { flow: name } = item.payload as { flow: string };
    const flow = this.world.flow(name);
    if (flow?.status !== 'Active') return;
    const next = nextStart(flow, item.dueAt + 1);
    if (next !== null) this.queue(flow, next);
    const ids = place.run({ kind: 'flowAsync', userId: item.userId }, (tx) => {
      if (flow.start.object === null) return [null];
      const start = { inputs: new Map(), record: null, prior: null, isNew: null };
      const asking = new Interview(tx, this.world, { ...flow, variables: [] }, start, null);
      const finder = new RecordFinder([asking], flow.start.object, flow.start.when, SYSTEM);
      return finder.find(fieldsOf(this.world, flow.start.object), '', null)[0] ?? [];
    });
    for (let start = 0; start < ids.length; start += BATCH) {
      const records = ids.slice(start, start + BATCH);
      place.run({ kind: 'flowAsync', userId: item.userId }, (tx) => {
        const run = { tx, world: this.world, flow, access: accessOf(flow, SYSTEM), depth: 0 };
        const starts = records.map((record) => ({
          inputs: new Map(),
          record,
          prior: null,
          isNew: null,
        }));
        const failed = runInterviews(run, starts, flow.start.next).find(
          ({ failure }) => failure !== null,
        );
        if (failed) throw failed.failure;
      });
    }
  }
}

function fieldsOf(world: FlowWorld, object: string): string[] {
  return world.schema
    .requireObject(object)
    .fields.filter(({ type }) => !/^(base64|address|location|anyType)$/.test(type))
    .map(({ name }) => name);
}

/** First start at or after a moment, in epoch milliseconds; null when there is none. */
function nextStart(flow: FlowDefinition, from: number): number | null {
  const { schedule, place } = flow.start;
  if (!schedule)
    throw new UnsupportedError(`The scheduled flow ${flow.name} without a schedule`, place);
  const period = PERIOD_MS[schedule.frequency];
  if (period === undefined) {
    throw new UnsupportedError(`The flow frequency ${schedule.frequency}`, place);
  }
  const first = Date.parse(`${schedule.date}T${schedule.time.replace(/Z?$/, 'Z')}`);
  if (first >= from) return first;
  return period === null ? null : first + Math.ceil((from - first) / period) * period;
}
