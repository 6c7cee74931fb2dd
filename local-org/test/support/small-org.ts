/**
 * A small org for tests of what lies above the data: the real rows, saves, queries and platform, every right granted,
 * and Apex that a test supplies as functions.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Database, FULL_ACCESS } from '../../src/database/index.js';
import { loadSchema } from '../../src/metadata/index.js';
import type {
  ApexRuntime,
  Flows,
  Json,
  OrgServices,
  SaveAutomation,
  Transaction,
} from '../../src/org/contracts.js';
import type { ApexHost, DownloadDecision, LocalOrg, OrgUser } from '../../src/org/local-org.js';
import type { NavigationRights } from '../../src/org/navigation-rights.js';
import { MemoryStore, Platform } from '../../src/platform/index.js';
import { SObjectRecord } from '../../src/values/values.js';

export interface SmallOrgOptions {
  /** Files of the project, by path below `force-app/main/default`. */
  readonly files?: Readonly<Record<string, string>>;
  /** `@AuraEnabled` methods by `Class.method`. */
  readonly aura?: Readonly<
    Record<string, (tx: Transaction, parameters: Readonly<Record<string, Json>>) => Json>
  >;
  readonly downloads?: (versionIds: readonly string[]) => DownloadDecision;
  readonly apex?: Partial<ApexHost>;
  readonly flows?: Flows;
  /** Tabs and apps that users are shown; all when left out. */
  readonly navigation?: NavigationRights;
  readonly runtime?: Partial<ApexRuntime>;
}

export interface SmallOrg extends LocalOrg {
  readonly userId: string;
  readonly platform: Platform;
}

const NO_AUTOMATION: SaveAutomation = {
  runTriggers: () => undefined,
  runRecordFlows: () => undefined,
  runValidationRules: () => undefined,
  evaluateFormula: () => null,
};

const refuse = (what: string) => (): never => {
  throw new Error(`The test supplies no ${what}`);
};

const PASSWORD = 'local-org';
const ALLOWED: DownloadDecision = { isAllowed: true, message: null, redirectUrl: null };

export function writeProject(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(path.join(os.tmpdir(), 'local-org-'));
  const all = {
    'sfdx-project.json': JSON.stringify({
      packageDirectories: [{ path: 'force-app', default: true }],
      namespace: '',
      sourceApiVersion: '65.0',
    }),
    'force-app/main/default/.keep': '',
    ...Object.fromEntries(
      Object.entries(files).map(([name, text]) => [`force-app/main/default/${name}`, text]),
    ),
  };
  for (const [name, text] of Object.entries(all)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return root;
}

function systemRow(
  database: Database,
  type: string,
  fields: Readonly<Record<string, string | boolean>>,
): string {
  const record = new SObjectRecord(type);
  for (const [name, value] of Object.entries(fields)) record.set(name, value);
  return database.putSystemRow(record);
}

export function smallOrg(options: SmallOrgOptions = {}): SmallOrg {
  const root = writeProject(options.files ?? {});
  const schema = loadSchema(root, path.resolve('../.local-org/cache'));
  const database = new Database(schema, {
    access: () => FULL_ACCESS,
    behaviours: () => new Map(),
    virtualRows: () => ({ rows: () => null }),
  });
  const organizationId = systemRow(database, 'Organization', { Name: 'Test Org' });
  const profileId = systemRow(database, 'Profile', { Name: 'Standard User' });
  const users = ['Ada Admin', 'Uma User'].map((name): OrgUser => {
    const [firstName = '', lastName = ''] = name.split(' ');
    const username = `${firstName.toLowerCase()}@example.com`;
    const id = systemRow(database, 'User', {
      Username: username,
      FirstName: firstName,
      LastName: lastName,
      Name: name,
      Email: username,
      ProfileId: profileId,
      IsActive: true,
      TimeZoneSidKey: 'Europe/Berlin',
    });
    return {
      id,
      username,
      name,
      email: username,
      description: 'Standard User',
      timeZone: 'Europe/Berlin',
      language: 'en_US',
      isActive: true,
    };
  });
  database.commit();
  const userId = users[0]!.id;
  const platform: Platform = new Platform({
    schema,
    rows: database,
    store: new MemoryStore(),
    org: () => services,
    apex: () => services.apex,
    events: {
      publishBehavior: (event) => schema.object(event)?.publishBehavior ?? null,
      subscribedEvents: () => [],
      subscribers: () => [],
    },
    automatedProcessUserId: 'none',
    timeZoneOf: () => 'Europe/Berlin',
    classId: () => null,
    emailTemplate: () => null,
    notificationTypeName: (name) => name,
    notificationUsers: (id) => [id],
    onFailure: (_source, error) => {
      throw error;
    },
  });
  const services: OrgServices = {
    dml: database.dml,
    queries: database.queries,
    automation: NO_AUTOMATION,
    apex: { describeInvocable: () => null, ...options.runtime } as ApexRuntime,
    clock: platform.clock,
    jobs: platform.jobs,
    events: platform.events,
    mailbox: platform.mailbox,
    notifications: platform.notifications,
    namedCredentials: platform.namedCredentials,
    flows: options.flows ?? { launch: refuse('flow') },
  };
  const apex: ApexHost = {
    hasAuraMethod: (className, method) => `${className}.${method}` in (options.aura ?? {}),
    callAura: (tx, className, method, parameters) =>
      options.aura![`${className}.${method}`]!(tx, parameters),
    callRest: () => null,
    executeAnonymous: refuse('anonymous Apex'),
    askDownloadHandlers: (_tx, ids) => options.downloads?.(ids) ?? ALLOWED,
    invocableClasses: () => [],
    ...options.apex,
  };
  return {
    project: schema.project,
    schema,
    services,
    platform,
    userId,
    rights: {
      objectRight: () => true,
      fieldRight: () => true,
      customPermissions: () => [],
      userPermissions: () => [],
    },
    navigation: () => options.navigation ?? { showsTab: () => true, showsApp: () => true },
    users: {
      all: () => users,
      byId: (id) => users.find((user) => user.id === id) ?? null,
      authenticate: (username, password) =>
        password === PASSWORD ? (users.find((user) => user.username === username) ?? null) : null,
      integrationUserId: userId,
    },
    apex,
    organization: { id: organizationId, name: 'Test Org' },
    run: (user, _source, body) =>
      platform.transactions.run({ kind: 'synchronous', userId: user }, body),
    runDueWork: () => platform.pump.runDue(),
    runAhead: (milliseconds) => platform.pump.runAhead(milliseconds),
    limitReports: () => [],
    onEvent: (event, listener, from) => platform.events.subscribe(event, listener, from),
    eventNames: () =>
      [...schema.project.objects.values()]
        .filter(({ kind }) => kind === 'platformEvent')
        .map(({ fullName }) => fullName),
    onReset: () => undefined,
    reset: refuse('reset'),
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}
