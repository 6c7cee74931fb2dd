/** Runs flow tests (`*.flowtest-meta.xml`) inside a test transaction: the start's record, then the finish's assertions. */
import { UnsupportedError, type RowStore, type Transaction } from '../org/contracts.js';
import { SObjectRecord } from '../values/values.js';
import { decideConditions } from './conditions.js';
import { isEntered, meetsConditions } from './entry.js';
import { messageOf } from './errors.js';
import type { Interview, InterviewStart } from './interview.js';
import type { FlowDefinition } from './model.js';
import { operand, readConditions } from './parse-values.js';
import { accessOf, SYSTEM } from './record-flows.js';
import { runInterviews } from './run.js';
import { literalValue, parseDate, setField } from './values.js';
import type { FlowWorld } from './world.js';
import { readFlowXml, type FlowXml } from './xml.js';

export interface FlowTestResult {
  readonly label: string;
  readonly flow: string;
  /** What was not as asserted, with its place; empty when the test passed. */
  readonly failures: readonly string[];
}

export interface FlowTestParts {
  readonly world: FlowWorld;
  readonly rows: RowStore;
  /** The stored record with its formulas and parents, or null. */
  readonly record: (tx: Transaction, id: string) => SObjectRecord | null;
}

/** @param tx a test's transaction, whose roll-back takes everything away again */
export function runFlowTest(
  tx: Transaction,
  parts: FlowTestParts,
  text: string,
  file: string,
): FlowTestResult {
  const root = readFlowXml(text, file, 'FlowTest');
  const label = root.required('label');
  const flowName = root.required('flowApiName');
  const flow = parts.world.flow(flowName);
  if (!flow)
    return { label, flow: flowName, failures: [`${root.place}: there is no flow ${flowName}`] };
  const point = (name: string): FlowXml | undefined =>
    root.all('testPoints').find((each) => each.text('elementApiName') === name);
  const start = point('Start');
  const finish = point('Finish');
  if (!start || !finish) {
    return {
      label,
      flow: flow.name,
      failures: [`${root.place}: needs the test points Start and Finish`],
    };
  }
  const interview = runStart(tx, parts, flow, start, root.flag('doesSkipStartConditions'));
  if (typeof interview === 'string') return { label, flow: flow.name, failures: [interview] };
  return { label, flow: flow.name, failures: assertAll(interview, finish) };
}

/** The interview at its end, or why there is none. */
function runStart(
  tx: Transaction,
  parts: FlowTestParts,
  flow: FlowDefinition,
  point: FlowXml,
  skipsConditions: boolean,
): Interview | string {
  let initial: SObjectRecord | null = null;
  let updated: SObjectRecord | null = null;
  let startAt = flow.start.next;
  const inputs = new Map<string, ReturnType<typeof literalValue>>();
  for (const parameter of point.all('parameters')) {
    const value = parameter.child('value');
    const type = parameter.required('type');
    if (type === 'InputTriggeringRecordInitial')
      initial = readRecord(parts.world, flow, value, parameter);
    else if (type === 'InputTriggeringRecordUpdated') {
      updated = readRecord(parts.world, flow, value, parameter);
    } else if (type === 'ScheduledPath') {
      const name = value?.text('stringValue');
      const path = flow.start.paths.find((each) => each.name === name);
      if (!path) return `${parameter.place}: ${flow.name} has no path ${name ?? ''}`;
      startAt = path.next;
    } else if (type === 'InputVariable') {
      const given = operand(value);
      if (given?.kind !== 'literal')
        throw new UnsupportedError(`The test input ${type}`, parameter.place);
      inputs.set(parameter.required('leftValueReference').toLowerCase(), literalValue(given));
    } else throw new UnsupportedError(`The flow test parameter ${type}`, parameter.place);
  }
  const images = initial ? storeImages(tx, parts, initial, updated) : { record: null, prior: null };
  const begin: InterviewStart = {
    inputs,
    ...images,
    isNew: initial ? updated === null : null,
  };
  if (images.record && !skipsConditions) {
    const operation = updated ? 'update' : 'insert';
    const row = { record: images.record, old: images.prior };
    const isMet =
      startAt === flow.start.next
        ? isEntered(tx, parts.world, flow, row, operation)
        : meetsConditions(tx, parts.world, flow, begin);
    if (!isMet)
      return `${point.place}: the record does not meet the entry conditions of ${flow.name}`;
  }
  const run = { tx, world: parts.world, flow, access: accessOf(flow, SYSTEM), depth: 0 };
  const [interview] = runInterviews(run, [begin], startAt);
  if (!interview) throw new Error('One start gives one interview');
  return interview;
}

/** The record is stored below all automation, so that the flow can read and save what belongs to it. */
function storeImages(
  tx: Transaction,
  parts: FlowTestParts,
  initial: SObjectRecord,
  updated: SObjectRecord | null,
): { record: SObjectRecord; prior: SObjectRecord | null } {
  const id = parts.rows.putSystemRow(initial);
  if (!updated) return { record: parts.record(tx, id) ?? initial, prior: null };
  const prior = (parts.record(tx, id) ?? initial).clone();
  const current = prior.clone();
  for (const [field, value] of updated.entries()) current.set(field, value);
  parts.rows.putSystemRow(current);
  return { record: parts.record(tx, id) ?? current, prior };
}

function readRecord(
  world: FlowWorld,
  flow: FlowDefinition,
  value: FlowXml | null,
  parameter: FlowXml,
): SObjectRecord {
  const text = value?.text('sobjectValue');
  if (!text || flow.start.object === null) {
    throw new Error(
      `${parameter.place}: expected a record of the flow's object as JSON in <sobjectValue>`,
    );
  }
  const record = new SObjectRecord(world.schema.requireObject(flow.start.object).name);
  const values = JSON.parse(text) as Readonly<Record<string, string | number | boolean | null>>;
  for (const [field, json] of Object.entries(values)) {
    const describe = world.schema.requireField(record.type, field);
    const isDate = describe.type === 'date' && typeof json === 'string';
    setField(world.schema, record, field, isDate ? parseDate(json) : json);
  }
  return record;
}

function assertAll(interview: Interview, finish: FlowXml): string[] {
  const failures: string[] = [];
  if (interview.failure !== null) {
    failures.push(`${finish.place}: the flow failed: ${messageOf(interview.failure)}`);
  }
  for (const assertion of finish.all('assertions')) {
    const when = { ...readConditions(assertion), logic: 'and' };
    if (decideConditions(interview, when)) continue;
    const shown = assertion.text('errorMessage') ?? 'the assertion does not hold';
    failures.push(`${assertion.place}: ${shown}`);
  }
  return failures;
}
