/**
 * Runs the interviews of one chunk together. Each goes its own way until it reaches an element that queries, saves or
 * calls an action; there it waits for the others, and the element runs once for all that wait at it. So the number of
 * queries and saves does not grow with the number of records.
 */
import type { AccessMode, FlowValue, Transaction } from '../org/contracts.js';
import { UnsupportedError } from '../org/contracts.js';
import { runAction } from './actions.js';
import { FlowFault, isCatchable, messageOf } from './errors.js';
import { Interview, type InterviewStart } from './interview.js';
import { runLookup } from './lookup.js';
import type {
  ActionElement,
  FlowDefinition,
  FlowElement,
  LookupElement,
  SubflowElement,
} from './model.js';
import { runAssignment, runCollection, runCustomError, runDecision, runLoop } from './steps.js';
import type { FlowWorld } from './world.js';
import { runWrite, type WriteElement } from './writes.js';

/** Elements one interview may execute; the platform stops a runaway flow by its CPU limit. */
const MAXIMUM_STEPS = 200_000;
const MAXIMUM_SUBFLOW_DEPTH = 50;

type SharedElement = LookupElement | WriteElement | ActionElement | SubflowElement;

export interface FlowRun {
  readonly tx: Transaction;
  readonly world: FlowWorld;
  readonly flow: FlowDefinition;
  readonly access: AccessMode;
  readonly depth: number;
}

/** Runs a flow from an element for each start; failures without a fault path are left on the interviews. */
export function runInterviews(
  run: FlowRun,
  starts: readonly InterviewStart[],
  startAt: string | null,
): Interview[] {
  const interviews = starts.map(
    (start) => new Interview(run.tx, run.world, run.flow, start, startAt),
  );
  const steps = { left: MAXIMUM_STEPS * Math.max(1, interviews.length) };
  for (;;) {
    for (const interview of interviews) advance(run, interview, steps);
    const waiting = interviews.filter(({ at }) => at !== null);
    const [first] = waiting;
    if (!first) return interviews;
    const group = waiting.filter(({ at }) => at === first.at);
    runShared(run, group, elementAt(run.flow, first.at!) as SharedElement);
  }
}

function elementAt(flow: FlowDefinition, name: string): FlowElement {
  const element = flow.elements.get(name);
  if (element) return element;
  throw new UnsupportedError(`The missing flow element ${name} of ${flow.name}`, flow.file);
}

/** Moves an interview on until it ends or waits at an element that runs for all. */
function advance(run: FlowRun, interview: Interview, steps: { left: number }): void {
  while (interview.at !== null) {
    const element = elementAt(run.flow, interview.at);
    interview.visited.add(element.name.toLowerCase());
    if (isShared(element)) return;
    if (--steps.left < 0) {
      throw new UnsupportedError(
        `More than ${MAXIMUM_STEPS} steps of ${run.flow.name}`,
        element.place,
      );
    }
    try {
      interview.at = runAlone(interview, element);
    } catch (error) {
      fail(run, interview, element, error);
    }
  }
}

function isShared(element: FlowElement): element is SharedElement {
  return /^(lookup|create|update|delete|action|subflow)$/.test(element.kind);
}

function runAlone(interview: Interview, element: FlowElement): string | null {
  switch (element.kind) {
    case 'assignment':
      return runAssignment(interview, element);
    case 'decision':
      return runDecision(interview, element);
    case 'loop':
      return runLoop(interview, element);
    case 'collection':
      return runCollection(interview, element);
    case 'customError':
      return runCustomError(interview, element);
    default:
      throw new Error(`${element.kind} runs for all interviews at once`);
  }
}

function runShared(run: FlowRun, group: readonly Interview[], element: SharedElement): void {
  let failures: ReadonlyMap<Interview, unknown> = new Map();
  const before = run.tx.savepoint();
  try {
    if (element.kind === 'lookup') runLookup(group, element, run.access);
    else if (element.kind === 'action') failures = runAction(group, element);
    else if (element.kind === 'subflow') failures = runSubflow(run, group, element);
    else failures = runWrite(group, element, run.access);
  } catch (error) {
    if (!isCatchable(error)) throw error;
    run.tx.rollback(before);
    failures = new Map(group.map((interview) => [interview, error]));
  }
  for (const interview of group) {
    if (failures.has(interview)) fail(run, interview, element, failures.get(interview));
    else interview.at = element.next;
  }
}

/** Takes the fault path, or ends the interview with the failure. */
function fail(run: FlowRun, interview: Interview, element: FlowElement, error: unknown): void {
  if (!isCatchable(error)) throw error;
  interview.faultMessage = messageOf(error);
  interview.at = element.fault;
  if (element.fault !== null) return;
  interview.failure = FlowFault.at(error, `${run.flow.name}, ${element.name}`, element.place);
}

function runSubflow(
  run: FlowRun,
  group: readonly Interview[],
  element: SubflowElement,
): ReadonlyMap<Interview, unknown> {
  const flow = run.world.flow(element.flow);
  if (flow?.status !== 'Active') {
    throw new UnsupportedError(
      `The subflow ${element.flow}, which is missing or not active`,
      element.place,
    );
  }
  if (run.depth >= MAXIMUM_SUBFLOW_DEPTH) {
    throw new UnsupportedError(`More than ${MAXIMUM_SUBFLOW_DEPTH} nested subflows`, element.place);
  }
  const starts = group.map((interview) => ({
    inputs: new Map(
      element.inputs.map(({ name, value }) => [name.toLowerCase(), interview.operand(value)]),
    ),
    record: null,
    prior: null,
    isNew: null,
  }));
  const inner = runInterviews({ ...run, flow, depth: run.depth + 1 }, starts, flow.start.next);
  const failures = new Map<Interview, unknown>();
  group.forEach((interview, index) => {
    const child = inner[index]!;
    interview.errors.push(...child.errors);
    if (child.failure !== null) failures.set(interview, child.failure);
    else deliverOutputs(interview, child, element);
  });
  return failures;
}

function deliverOutputs(interview: Interview, child: Interview, element: SubflowElement): void {
  for (const { name, target, place } of element.outputs) {
    interview.write(target, child.variable(name), place);
  }
  const values = outputsOf(child);
  interview.setOutput(element.name, {
    apexType: element.flow,
    get: (member): FlowValue => {
      const value = values.get(member);
      if (value === undefined) throw new Error(`${element.flow} has no output ${member}`);
      return value;
    },
    set: () => {
      throw new Error(`the outputs of ${element.flow} cannot be set`);
    },
  });
}

/** The output variables of a flow that has ended, by name. */
export function outputsOf(interview: Interview): ReadonlyMap<string, FlowValue> {
  return new Map(
    interview.flow.variables
      .filter(({ isOutput }) => isOutput)
      .map(({ name }) => [name, interview.variable(name)]),
  );
}
