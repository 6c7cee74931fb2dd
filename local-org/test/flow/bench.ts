/** Flows on the real data layer and platform; only Apex is played by functions. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { OrgDatabase, seedOrg } from '../../src/database/index.js';
import { FlowEngine, runFlowTest, type FlowTestResult } from '../../src/flow/index.js';
import { OrgFormulas } from '../../src/formula/index.js';
import { loadSchema, type Schema } from '../../src/metadata/index.js';
import type {
  ApexRuntime,
  InvocableDescription,
  InvocableValues,
  LimitName,
  OrgServices,
  Transaction,
} from '../../src/org/contracts.js';
import { MemoryStore, OrgClock, Platform } from '../../src/platform/index.js';
import { SObjectRecord, type FieldValue } from '../../src/values/values.js';
import { writeProject } from '../database/harness.js';

export const START = Date.UTC(2026, 10, 22, 12, 0, 0);
const CACHE = path.join(process.env['TMPDIR'] ?? '/tmp', 'mediaguard-local-org-test-cache');
const SYSTEM = { mode: 'system', sharing: false } as const;

/** An Apex action of a test: outputs for each input. */
export interface TestAction {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  run(inputs: readonly InvocableValues[]): readonly InvocableValues[];
}

export interface FlowBench {
  readonly schema: Schema;
  readonly database: OrgDatabase;
  readonly platform: Platform;
  readonly engine: FlowEngine;
  readonly actions: Map<string, TestAction>;
  readonly calls: { readonly name: string; readonly inputs: readonly InvocableValues[] }[];
  readonly failures: string[];
  readonly userId: string;
  /** Runs and commits one unit of work; tells what it used of a limit. */
  run<T>(body: (tx: Transaction) => T): T;
  insert(type: string, ...rows: Readonly<Record<string, FieldValue>>[]): string[];
  update(type: string, id: string, values: Readonly<Record<string, FieldValue>>): void;
  query(soql: string): SObjectRecord[];
  used(limit: LimitName): number;
  flowTest(file: string): FlowTestResult;
}

export function openBench(root: string): FlowBench {
  const database = new OrgDatabase(loadSchema(root, CACHE));
  const { schema } = database;
  const clock = new OrgClock(() => START);
  const seeded = seedOrg(database, START);
  database.commit();
  const actions = new Map<string, TestAction>();
  const calls: { name: string; inputs: readonly InvocableValues[] }[] = [];
  const failures: string[] = [];
  const apex = {
    describeInvocable: (name: string): InvocableDescription | null => {
      const action = actions.get(name);
      const variables = (names: readonly string[]) =>
        names.map((each) => ({ name: each, type: 'String', isRequired: false }));
      if (!action) return null;
      return {
        className: name,
        label: name,
        isCallout: false,
        inputs: variables(action.inputs),
        outputs: variables(action.outputs),
      };
    },
    callInvocable: (_tx, name, inputs) => {
      calls.push({ name, inputs });
      return actions.get(name)?.run(inputs) ?? [];
    },
  } as Partial<ApexRuntime> as ApexRuntime;
  const platform: Platform = new Platform({
    schema,
    rows: database,
    store: new MemoryStore(),
    clock,
    org: () => services,
    apex: () => apex,
    events: {
      publishBehavior: (event) => schema.object(event)?.publishBehavior ?? null,
      subscribedEvents: () =>
        [...schema.project.objects.values()]
          .filter(({ kind }) => kind === 'platformEvent')
          .map(({ fullName }) => fullName),
      subscribers: (event) => engine.eventSubscribers(event),
    },
    automatedProcessUserId: seeded.automatedProcessId,
    timeZoneOf: () => 'UTC',
    classId: () => null,
    emailTemplate: () => null,
    notificationTypeName: (name) => name,
    notificationUsers: (id) => [id],
    onFailure: (source, error) =>
      failures.push(`${source}: ${error instanceof Error ? error.message : String(error)}`),
  });
  const formulas = new OrgFormulas({
    reader: database.reader,
    hasCustomPermission: () => false,
    organizationId: () => seeded.organizationId,
    timeZoneOf: () => 'UTC',
  });
  const record = (tx: Transaction, id: string) => formulas.record(tx, id);
  const engine: FlowEngine = new FlowEngine({
    schema,
    globals: formulas.globals,
    value: (tx, row, names) => formulas.value(tx, row, names),
    timeZoneOf: () => 'UTC',
    background: platform.background,
    record,
    automatedProcessUserId: seeded.automatedProcessId,
  });
  engine.load(schema.project);
  const services: OrgServices = {
    dml: database.dml,
    queries: database.queries,
    automation: {
      runTriggers: () => undefined,
      runRecordFlows: (tx, timing, operation, object, rows) =>
        engine.runRecordFlows(tx, timing, operation, object, rows),
      runValidationRules: (tx, _operation, object, rows) =>
        formulas.records.validate(tx, object, rows),
      evaluateFormula: (tx, text, row, returns) => formulas.records.value(tx, text, row, returns),
    },
    apex,
    clock,
    jobs: platform.jobs,
    events: platform.events,
    mailbox: platform.mailbox,
    notifications: platform.notifications,
    namedCredentials: platform.namedCredentials,
    flows: engine,
  };
  let last: Transaction | null = null;
  const userId = seeded.administratorId;
  const run = <T>(body: (tx: Transaction) => T): T =>
    platform.transactions.run({ kind: 'synchronous', userId }, (tx) => {
      last = tx;
      return body(tx);
    });
  return {
    schema,
    database,
    platform,
    engine,
    actions,
    calls,
    failures,
    userId,
    run,
    insert: (type, ...rows) =>
      run((tx) => {
        const records = rows.map((values) => make(type, values));
        services.dml.save(tx, 'insert', records, { access: SYSTEM, allOrNone: true });
        return records.map(({ id }) => id ?? '');
      }),
    update: (type, id, values) =>
      run((tx) => {
        const change = make(type, { Id: id, ...values });
        services.dml.save(tx, 'update', [change], { access: SYSTEM, allOrNone: true });
      }),
    query: (soql) =>
      run((tx) => [...services.queries.compileText(soql, 'test').execute(tx, [], SYSTEM).records]),
    used: (limit) => last?.limits.used(limit) ?? 0,
    flowTest: (file) =>
      platform.transactions.run({ kind: 'synchronous', userId, isTest: true }, (tx) =>
        runFlowTest(
          tx,
          { world: engine.world, rows: database, record },
          readFileSync(file, 'utf8'),
          file,
        ),
      ),
  };
}

export function make(type: string, values: Readonly<Record<string, FieldValue>>): SObjectRecord {
  const record = new SObjectRecord(type);
  for (const [name, value] of Object.entries(values)) record.set(name, value);
  return record;
}

const NAMESPACE = 'http://soap.sforce.com/2006/04/metadata';

/** A flow file around the given XML. */
export function flowXml(content: string, status = 'Active'): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<Flow xmlns="${NAMESPACE}">\n<apiVersion>65.0</apiVersion>\n` +
    `<label>Flow under test</label>\n<processType>AutoLaunchedFlow</processType>\n<status>${status}</status>\n${content}\n</Flow>\n`
  );
}

const field = (type: string, more = ''): string => `<type>${type}</type>${more}`;

const FIELDS: Readonly<Record<string, string>> = {
  Status__c: field('Text', '<length>255</length>'),
  Amount__c: field('Number', '<precision>18</precision><scale>2</scale>'),
  Due__c: field('DateTime'),
  IsOpen__c: field('Checkbox', '<defaultValue>false</defaultValue>'),
  Parent__c: field(
    'Lookup',
    '<referenceTo>Thing__c</referenceTo><relationshipName>Children</relationshipName><deleteConstraint>SetNull</deleteConstraint>',
  ),
};

/** A project with one object `Thing__c`, one event `Ping__e`, and flows by name. */
export function benchWith(flows: Readonly<Record<string, string>>): FlowBench {
  const files: Record<string, string> = {
    'main/objects/Thing__c/Thing__c.object-meta.xml': xml(
      'CustomObject',
      '<label>Thing</label><pluralLabel>Things</pluralLabel><sharingModel>ReadWrite</sharingModel><nameField><label>Name</label><type>Text</type></nameField>',
    ),
    'main/objects/Ping__e/Ping__e.object-meta.xml': xml(
      'CustomObject',
      '<eventType>HighVolume</eventType><label>Ping</label><pluralLabel>Pings</pluralLabel><publishBehavior>PublishAfterCommit</publishBehavior>',
    ),
    'main/objects/Ping__e/fields/Text__c.field-meta.xml': xml(
      'CustomField',
      `<fullName>Text__c</fullName><label>Text</label>${field('Text', '<length>80</length>')}`,
    ),
  };
  for (const [name, content] of Object.entries(FIELDS)) {
    files[`main/objects/Thing__c/fields/${name}.field-meta.xml`] = xml(
      'CustomField',
      `<fullName>${name}</fullName><label>${name}</label>${content}`,
    );
  }
  for (const [name, content] of Object.entries(flows)) {
    files[`main/flows/${name}.flow-meta.xml`] = flowXml(content);
  }
  return openBench(writeProject(files, ''));
}

function xml(root: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${NAMESPACE}">${content}</${root}>\n`;
}

/** The start of a record-triggered flow on `Thing__c`. */
export function start(timing: string, when: string, first: string, more = ''): string {
  return (
    `<start>${first === '' ? '' : to('connector', first)}${more}<object>Thing__c</object>` +
    `<recordTriggerType>${when}</recordTriggerType><triggerType>${timing}</triggerType></start>`
  );
}

export const to = (connector: string, element: string): string =>
  `<${connector}><targetReference>${element}</targetReference></${connector}>`;
export const text = (value: string): string => `<stringValue>${value}</stringValue>`;
export const ref = (value: string): string => `<elementReference>${value}</elementReference>`;
