/** The flows of the org: loaded from the project, started by records, events, schedules and callers. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Project } from '../metadata/index.js';
import {
  PlatformError,
  type AccessMode,
  type Flows,
  type InvocableValues,
  type SaveRow,
  type Transaction,
  type TriggerOperation,
} from '../org/contracts.js';
import type { Background } from '../platform/background.js';
import type { EventSubscriber } from '../platform/events.js';
import type { SObjectRecord } from '../values/values.js';
import type { FlowTiming } from './entry.js';
import { parseFlow } from './parse.js';
import { accessOf, RecordFlows, SYSTEM } from './record-flows.js';
import { outputsOf, runInterviews } from './run.js';
import { ScheduledFlows } from './scheduled-flows.js';
import { FlowWorld, type FlowWorldParts } from './world.js';

export { parseFlow } from './parse.js';
export { checkFlow, type FlowProblem } from './check.js';
export { runFlowTest, type FlowTestResult } from './flow-test.js';
export type { FlowDefinition } from './model.js';

export interface FlowEngineParts extends FlowWorldParts {
  readonly background: Background;
  /** The stored record with its formulas and parents, or null. */
  readonly record: (tx: Transaction, id: string) => SObjectRecord | null;
  readonly automatedProcessUserId: string;
}

/** A flow that Apex or REST starts sees all fields, and the records its user may see. */
const CALLED: AccessMode = { mode: 'system', sharing: true };

export class FlowEngine implements Flows {
  readonly world: FlowWorld;
  readonly scheduled: ScheduledFlows;
  private readonly records: RecordFlows;

  constructor(private readonly parts: FlowEngineParts) {
    this.world = new FlowWorld(parts);
    this.records = new RecordFlows({ ...parts, world: this.world });
    this.scheduled = new ScheduledFlows(this.world, parts.background, parts.automatedProcessUserId);
  }

  /** Reads every flow of the project that is active. */
  load(project: Project): void {
    for (const { file, xml } of project.raw('flow')) {
      if (xml.text('status') !== 'Active') continue;
      this.world.add(parseFlow(readFileSync(path.join(project.root, file), 'utf8'), file));
    }
  }

  runRecordFlows(
    tx: Transaction,
    timing: FlowTiming,
    operation: TriggerOperation,
    object: string,
    rows: readonly SaveRow[],
  ): void {
    this.records.run(tx, timing, operation, object, rows);
  }

  launch(
    tx: Transaction,
    flowName: string,
    inputs: readonly InvocableValues[],
  ): readonly InvocableValues[] {
    const flow = this.world.flow(flowName);
    if (flow?.status !== 'Active' || flow.start.triggerType !== 'None') {
      throw new PlatformError(
        'INVALID_FLOW',
        `There is no active autolaunched flow ${flowName}`,
        'FlowException',
      );
    }
    const starts = inputs.map((each) => ({
      inputs: new Map([...each].map(([name, value]) => [name.toLowerCase(), value])),
      record: null,
      prior: null,
      isNew: null,
    }));
    const run = { tx, world: this.world, flow, access: accessOf(flow, CALLED), depth: 0 };
    const interviews = runInterviews(run, starts, flow.start.next);
    const failed = interviews.find(({ failure }) => failure !== null);
    if (failed) throw failed.failure;
    return interviews.map(outputsOf);
  }

  /** The flows that listen to a platform event. */
  eventSubscribers(event: string): EventSubscriber[] {
    return [...this.world.allFlows()]
      .filter(
        ({ start, status }) =>
          status === 'Active' &&
          start.triggerType === 'PlatformEvent' &&
          start.object?.toLowerCase() === event.toLowerCase(),
      )
      .map((flow) => ({
        name: `flow ${flow.name}`,
        batchSize: 2000,
        userId: this.parts.automatedProcessUserId,
        deliver: (tx, events) => {
          const run = { tx, world: this.world, flow, access: accessOf(flow, SYSTEM), depth: 0 };
          const starts = events.map((record) => ({
            inputs: new Map(),
            record,
            prior: null,
            isNew: true,
          }));
          const failed = runInterviews(run, starts, flow.start.next).find(
            ({ failure }) => failure !== null,
          );
          if (failed) throw failed.failure;
        },
      }));
  }
}
