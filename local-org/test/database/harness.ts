/** A data layer over a small project written to a temporary folder, with recorded automation. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  Database,
  FULL_ACCESS,
  OrgDatabase,
  seedOrg,
  type DatabaseParts,
  type SeededOrg,
} from '../../src/database/index.js';
import { loadSchema } from '../../src/metadata/index.js';
import type {
  DmlOperation,
  LimitName,
  OrgServices,
  QueryResult,
  SaveAutomation,
  Savepoint,
  SaveResult,
  Transaction,
} from '../../src/org/contracts.js';
import { SObjectRecord, type FieldValue } from '../../src/values/values.js';

export const SYSTEM = { mode: 'system', sharing: false } as const;
export const USER = { mode: 'user', sharing: true } as const;
const CACHE = path.join(tmpdir(), 'mediaguard-local-org-test-cache');

const folders: string[] = [];

/** Writes files (by path in the package directory) as an sfdx project and returns its folder. */
export function writeProject(files: Readonly<Record<string, string>>, namespace = 'ns'): string {
  const root = mkdtempSync(path.join(tmpdir(), 'local-org-'));
  folders.push(root);
  const all = {
    ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`force-app/${name}`, text])),
    'sfdx-project.json': JSON.stringify({
      packageDirectories: [{ path: 'force-app', default: true }],
      namespace,
      sourceApiVersion: '65.0',
    }),
  };
  mkdirSync(path.join(root, 'force-app'));
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return root;
}

export function removeProjects(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** One metadata file: its root element around the given XML. */
export function metadata(root: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://soap.sforce.com/2006/04/metadata">${content}</${root}>\n`;
}

/** The files of a custom object: `fields` maps field names to the XML after `<fullName>`. */
export function customObject(
  name: string,
  fields: Readonly<Record<string, string>>,
  options = '<sharingModel>Private</sharingModel><nameField><label>Name</label><type>Text</type></nameField>',
): Record<string, string> {
  const folder = `main/objects/${name}`;
  return {
    [`${folder}/${name}.object-meta.xml`]: metadata(
      'CustomObject',
      `<label>${name}</label><pluralLabel>${name}s</pluralLabel>${options}`,
    ),
    ...Object.fromEntries(
      Object.entries(fields).map(([field, xml]) => [
        `${folder}/fields/${field}.field-meta.xml`,
        metadata(
          'CustomField',
          `<fullName>${field}</fullName><label>${field.replace('__c', '')}</label>${xml}`,
        ),
      ]),
    ),
  };
}

/** Automation that does nothing but what a test hooks in. */
export class TestAutomation implements SaveAutomation {
  readonly calls: string[] = [];
  trigger: (...call: Parameters<SaveAutomation['runTriggers']>) => void = () => undefined;
  flow: (...call: Parameters<SaveAutomation['runRecordFlows']>) => void = () => undefined;
  validate: (...call: Parameters<SaveAutomation['runValidationRules']>) => void = () => undefined;
  formula: (formula: string, record: SObjectRecord) => FieldValue = () => null;

  runTriggers(...call: Parameters<SaveAutomation['runTriggers']>): void {
    this.calls.push(`${call[1]} ${call[2]} ${call[3]} ${call[4].length}`);
    this.trigger(...call);
  }

  runRecordFlows(...call: Parameters<SaveAutomation['runRecordFlows']>): void {
    this.calls.push(`${call[1]} ${call[3]} ${call[4].length}`);
    this.flow(...call);
  }

  runValidationRules(...call: Parameters<SaveAutomation['runValidationRules']>): void {
    this.calls.push(`rules ${call[2]} ${call[3].length}`);
    this.validate(...call);
  }

  evaluateFormula(_tx: Transaction, formula: string, record: SObjectRecord): FieldValue {
    return this.formula(formula, record);
  }
}

export interface TestOrg {
  readonly database: Database;
  readonly automation: TestAutomation;
  readonly tx: TestTransaction;
  /** In system mode, all or none. */
  save(operation: DmlOperation, ...rows: SObjectRecord[]): SaveResult[];
  insert(...rows: SObjectRecord[]): SaveResult[];
  query(soql: string, ...binds: (FieldValue | readonly FieldValue[])[]): SObjectRecord[];
  run(soql: string, ...binds: (FieldValue | readonly FieldValue[])[]): QueryResult;
}

export class TestTransaction implements Transaction {
  readonly kind = 'synchronous';
  readonly isTest = true;
  readonly state = new Map<unknown, unknown>();
  readonly eventDelivery = null;
  hasUncommittedWork = false;
  userId = '005000000000001AAA';
  nowMs = Date.UTC(2026, 10, 22, 12, 0, 0);
  readonly counts = new Map<LimitName, number>();
  readonly limits = {
    use: (limit: LimitName, amount = 1): void => {
      this.counts.set(limit, this.limits.used(limit) + amount);
    },
    used: (limit: LimitName): number => this.counts.get(limit) ?? 0,
    maximum: (): number => 50_000,
    startTest: (): void => undefined,
    stopTest: (): void => undefined,
  };

  constructor(
    readonly org: OrgServices,
    private readonly database: Database,
  ) {}

  now(): number {
    return this.nowMs;
  }

  afterCommit(): void {
    // Nothing is committed in these tests.
  }

  savepoint(): Savepoint {
    return { id: this.database.savepoint() };
  }

  rollback(savepoint: Savepoint): void {
    this.database.rollbackTo(savepoint.id);
  }
}

const BARE: DatabaseParts = {
  access: () => FULL_ACCESS,
  behaviours: () => new Map(),
  virtualRows: () => ({ rows: () => null }),
};

/** Rows alone: no users, no rights, no file rules. */
export function createTestOrg(files: Readonly<Record<string, string>>): TestOrg {
  const database = new Database(loadSchema(writeProject(files), CACHE), BARE);
  const org = around(database);
  database.putSystemRow(record('User', { Id: org.tx.userId, Name: 'Test User', IsActive: true }));
  return org;
}

export interface FullTestOrg extends TestOrg {
  readonly database: OrgDatabase;
  readonly seeded: SeededOrg;
  /** A new user of a profile, with permission sets by name. */
  user(profileId: string, ...permissionSets: string[]): string;
}

/** An org with users and rights; the administrator runs. */
export function createFullTestOrg(files: Readonly<Record<string, string>>): FullTestOrg {
  return openTestOrg(writeProject(files));
}

/** As {@link createFullTestOrg}, of a project that is there. */
export function openTestOrg(root: string): FullTestOrg {
  const database = new OrgDatabase(loadSchema(root, CACHE));
  const org = around(database);
  const seeded = seedOrg(database, org.tx.now());
  org.tx.userId = seeded.administratorId;
  let users = 0;
  const user = (profileId: string, ...permissionSets: string[]): string => {
    const name = `user${++users}`;
    const person = record('User', {
      Username: `${name}@example.com`,
      LastName: name,
      Alias: name,
      Email: `${name}@example.com`,
      ProfileId: profileId,
      TimeZoneSidKey: 'GMT',
      LocaleSidKey: 'en_US',
      LanguageLocaleKey: 'en_US',
      EmailEncodingKey: 'UTF-8',
    });
    org.insert(person);
    for (const set of permissionSets) {
      const [id] = database.store.table('PermissionSet').find('Name', false, [set]);
      const assignment = { AssigneeId: person.id, PermissionSetId: id ?? null };
      database.putSystemRow(record('PermissionSetAssignment', assignment));
    }
    return person.id ?? '';
  };
  return { ...org, database, seeded, user };
}

function around(database: Database): TestOrg {
  const automation = new TestAutomation();
  // Only what the data layer asks of an org is here; anything else is a fault of the test.
  const services = {
    dml: database.dml,
    queries: database.queries,
    automation,
  } as Partial<OrgServices> as OrgServices;
  const tx = new TestTransaction(services, database);
  const save = (operation: DmlOperation, ...rows: SObjectRecord[]): SaveResult[] =>
    database.dml.save(tx, operation, rows, { access: SYSTEM, allOrNone: true });
  const run = (soql: string, ...binds: (FieldValue | readonly FieldValue[])[]): QueryResult =>
    database.queries.compileText(soql, 'test').execute(tx, binds, SYSTEM);
  return {
    database,
    automation,
    tx,
    save,
    insert: (...rows) => save('insert', ...rows),
    run,
    query: (soql, ...binds) => run(soql, ...binds).records,
  };
}

export function record(type: string, values: Readonly<Record<string, FieldValue>>): SObjectRecord {
  const made = new SObjectRecord(type);
  for (const [name, value] of Object.entries(values)) made.set(name, value);
  return made;
}
