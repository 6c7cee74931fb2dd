/** Record-triggered flows in the order of execution, and the paths they leave for after the commit. */
import type { AccessMode, Json, SaveRow, Transaction, TriggerOperation } from '../org/contracts.js';
import type { Background, WorkPlace } from '../platform/background.js';
import { recordFromJson, recordToJson } from '../platform/record-json.js';
import type { WorkItem } from '../platform/work-queue.js';
import { ApexDate, ApexDatetime, type SObjectRecord } from '../values/values.js';
import {
  flowsFor,
  isEntered,
  looksBack,
  meetsConditions,
  refuseWorkBeforeSave,
  type FlowTiming,
} from './entry.js';
import { messageOf } from './errors.js';
import type { Interview } from './interview.js';
import type { FlowDefinition, ScheduledPath } from './model.js';
import { runInterviews } from './run.js';
import type { FlowWorld } from './world.js';

const PATH_WORK = 'flowPath';
const UNIT_MS: Readonly<Record<string, number>> = {
  Minutes: 60_000,
  Hours: 3_600_000,
  Days: 86_400_000,
  Weeks: 7 * 86_400_000,
};

interface PathPayload {
  readonly flow: string;
  readonly path: string;
  readonly isNew: boolean;
  readonly rows: readonly { readonly id: string; readonly prior: Json }[];
}

export interface RecordFlowParts {
  readonly world: FlowWorld;
  readonly background: Background;
  /** The stored record with its formulas and parents, or null. */
  readonly record: (tx: Transaction, id: string) => SObjectRecord | null;
}

/** Flows that a record, an event or a schedule starts see everything unless they say otherwise. */
export function accessOf(flow: FlowDefinition, byDefault: AccessMode): AccessMode {
  switch (flow.runInMode) {
    case 'SystemModeWithSharing':
      return { mode: 'system', sharing: true };
    case 'SystemModeWithoutSharing':
      return { mode: 'system', sharing: false };
    case 'UserMode':
      return { mode: 'user', sharing: true };
    default:
      return byDefault;
  }
}

export const SYSTEM: AccessMode = { mode: 'system', sharing: false };

export class RecordFlows {
  private lastPath = 0;

  constructor(private readonly parts: RecordFlowParts) {
    parts.background.handle(PATH_WORK, (item, place) => this.runPath(item, place));
  }

  run(
    tx: Transaction,
    timing: FlowTiming,
    operation: TriggerOperation,
    object: string,
    rows: readonly SaveRow[],
  ): void {
    for (const flow of flowsFor(this.parts.world, timing, operation, object)) {
      refuseWorkBeforeSave(flow);
      const entered = rows.filter(
        (row) =>
          row.record.errors.length === 0 && isEntered(tx, this.parts.world, flow, row, operation),
      );
      if (entered.length === 0) continue;
      this.runFor(tx, flow, timing, operation, entered);
      if (timing === 'afterSave') this.leavePaths(tx, flow, operation, entered);
    }
  }

  private runFor(
    tx: Transaction,
    flow: FlowDefinition,
    timing: FlowTiming,
    operation: TriggerOperation,
    rows: readonly SaveRow[],
  ): void {
    if (flow.start.next === null) return;
    const starts = rows.map(({ record, old }) => ({
      inputs: new Map(),
      record: timing === 'afterSave' ? record.clone() : record,
      prior: operation === 'update' ? old : null,
      isNew: operation === 'insert',
    }));
    const run = {
      tx,
      world: this.parts.world,
      flow,
      access: accessOf(flow, SYSTEM),
      depth: 0,
    };
    const interviews = runInterviews(run, starts, flow.start.next);
    interviews.forEach((interview, index) => report(flow, interview, rows[index]!.record));
  }

  private leavePaths(
    tx: Transaction,
    flow: FlowDefinition,
    operation: TriggerOperation,
    rows: readonly SaveRow[],
  ): void {
    const sound = rows.filter(({ record }) => record.errors.length === 0);
    for (const path of flow.start.paths) {
      if (path.next === null) continue;
      const byTime = new Map<number, SaveRow[]>();
      for (const row of sound) {
        const dueAt = dueTime(tx, path, row.record);
        if (dueAt === null) continue;
        byTime.set(dueAt, [...(byTime.get(dueAt) ?? []), row]);
      }
      for (const [dueAt, due] of byTime) {
        for (let start = 0; start < due.length; start += path.batchSize) {
          const chunk = due.slice(start, start + path.batchSize);
          this.leavePath(tx, flow, path, operation, dueAt, chunk);
        }
      }
    }
  }

  private leavePath(
    tx: Transaction,
    flow: FlowDefinition,
    path: ScheduledPath,
    operation: TriggerOperation,
    dueAt: number,
    rows: readonly SaveRow[],
  ): void {
    const payload: PathPayload = {
      flow: flow.name,
      path: path.name,
      isNew: operation === 'insert',
      rows: rows.map(({ record, old }) => ({
        id: record.id ?? '',
        prior: old && operation === 'update' ? recordToJson(old) : null,
      })),
    };
    const { queue } = this.parts.background.placeOf(tx);
    const { userId } = tx;
    const id = `${flow.name} ${path.name} ${tx.now()} ${++this.lastPath}`;
    tx.afterCommit(() =>
      queue.add({ id, kind: PATH_WORK, userId, dueAt, payload: payload as unknown as Json }),
    );
  }

  private runPath(item: WorkItem, place: WorkPlace): void {
    const payload = item.payload as unknown as PathPayload;
    const { world } = this.parts;
    const flow = world.flow(payload.flow);
    const path = flow?.start.paths.find(({ name }) => name === payload.path);
    if (!flow || !path || flow.status !== 'Active') return;
    place.run({ kind: 'flowAsync', userId: item.userId }, (tx) => {
      const starts = payload.rows.flatMap(({ id, prior }) => {
        const record = this.parts.record(tx, id);
        if (!record) return [];
        const start = {
          inputs: new Map(),
          record: record.clone(),
          prior: prior === null ? null : recordFromJson(prior),
          isNew: payload.isNew,
        };
        const isStillMeant =
          path.type !== null || looksBack(world, flow) || meetsConditions(tx, world, flow, start);
        return isStillMeant ? [start] : [];
      });
      const run = { tx, world, flow, access: accessOf(flow, SYSTEM), depth: 0 };
      const failed = runInterviews(run, starts, path.next).find(({ failure }) => failure !== null);
      if (failed) throw failed.failure;
    });
  }
}

/** Epoch milliseconds at which a path runs for a record; null when its field is empty. */
function dueTime(tx: Transaction, path: ScheduledPath, record: SObjectRecord): number | null {
  if (path.type !== null) return tx.now();
  let from = tx.now();
  if (path.timeField !== null) {
    const value = record.get(path.timeField);
    if (value instanceof ApexDatetime) from = value.epochMs;
    else if (value instanceof ApexDate) from = value.epochDay * UNIT_MS['Days']!;
    else return null;
  }
  if (path.unit === 'Months') {
    const date = new Date(from);
    date.setUTCMonth(date.getUTCMonth() + path.offset);
    return Math.max(date.getTime(), tx.now());
  }
  const unit = UNIT_MS[path.unit];
  if (unit === undefined) throw new Error(`${path.place}: unknown time unit ${path.unit}`);
  return Math.max(from + path.offset * unit, tx.now());
}

/** Puts custom errors, or the failure of a flow without fault path, on the row that started it. */
function report(flow: FlowDefinition, interview: Interview, record: SObjectRecord): void {
  for (const { message, field } of interview.errors) {
    record.errors.push({
      statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
      message,
      fields: field === null ? [] : [field],
    });
  }
  if (interview.failure === null) return;
  record.errors.push({
    statusCode: 'CANNOT_EXECUTE_FLOW_TRIGGER',
    message:
      `We can't save this record because the “${flow.label}” process failed. ` +
      `Give your Salesforce admin these details. ${messageOf(interview.failure)}`,
    fields: [],
  });
}
