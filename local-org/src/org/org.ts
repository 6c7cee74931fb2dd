/** Builds an org from a project: data, automation, platform and Apex, joined through their contracts. */
import path from 'node:path';
import { ApexHost } from '../apex/host.js';
import { ApexRuntime } from '../apex/runtime.js';
import { OrgDatabase } from '../database/org-database.js';
import { RowJournal } from '../database/row-journal.js';
import { ORG_DEFAULTS, seedOrg, type SeededOrg } from '../database/seed/seed.js';
import { FlowEngine } from '../flow/index.js';
import { Globals, RecordFormulas } from '../formula/index.js';
import { loadSchema, type ApexSource, type Schema } from '../metadata/index.js';
import { FileStore, MemoryStore, OrgClock, Platform, RecordPaths } from '../platform/index.js';
import { OrgAutomation } from './automation.js';
import type { OrgServices, Transaction } from './contracts.js';
import { eventTriggers } from './event-triggers.js';
import { LimitLog } from './limit-log.js';
import type { LocalOrg } from './local-org.js';
import { navigationRights } from './navigation-rights.js';
import { OrgRights } from './rights.js';
import { ADMINISTRATOR, OrgUsers } from './users.js';
import { ApexDatetime } from '../values/values.js';

export interface OrgOptions {
  /** Folder of sfdx-project.json. */
  readonly projectFolder: string;
  /** Where the org is kept; without one it lives in memory and ends with the process. */
  readonly dataFolder?: string;
  /** Extracts and builds that can be made again. */
  readonly cacheFolder?: string;
  readonly clock?: OrgClock;
  /** Hears of background work that failed. */
  readonly onFailure?: (source: string, error: unknown) => void;
}

export interface Org extends LocalOrg {
  readonly schema: Schema;
  readonly database: OrgDatabase;
  readonly platform: Platform;
  readonly runtime: ApexRuntime;
  readonly flows: FlowEngine;
}

export const cacheFolderOf = (projectFolder: string): string =>
  path.join(projectFolder, '.local-org', 'cache');

export function createOrg(options: OrgOptions): Org {
  const { projectFolder } = options;
  const schema = loadSchema(projectFolder, options.cacheFolder ?? cacheFolderOf(projectFolder));
  const database = new OrgDatabase(schema);
  if (options.dataFolder) RowJournal.attach(database.store, path.join(options.dataFolder, 'rows'));
  const clock = options.clock ?? new OrgClock();
  const store = options.dataFolder
    ? new FileStore(path.join(options.dataFolder, 'platform'))
    : new MemoryStore();
  const onFailure = options.onFailure ?? (() => undefined);
  const limitLog = new LimitLog();
  const resetListeners: (() => void)[] = [];
  const rights = new OrgRights(database, () => clock.now());
  let seeded: SeededOrg = seed();
  const users = new OrgUsers(database, () => seeded);
  const timeZoneOf = (userId: string): string => users.timeZoneOf(userId);
  const paths = new RecordPaths(schema, database);

  function seed(): SeededOrg {
    return seedOrg(database, clock.now(), {
      ...ORG_DEFAULTS,
      administratorUsername: ADMINISTRATOR.username,
    });
  }

  const globals = new Globals({
    schema,
    record: (_tx, id) => paths.record(id),
    value: (tx, record, names) => paths.value(tx, record, names),
    hasCustomPermission: (tx, name) => database.orgAccess.customPermission(tx, name),
    organizationId: () => seeded.organizationId,
  });
  const formulas = new RecordFormulas({
    schema,
    globals,
    parent: (_tx, record, relationship) => paths.parent(record, relationship),
    field: (tx, record, name) => paths.value(tx, record, [name]),
    timeZoneOf,
  });
  const platform: Platform = new Platform({
    schema,
    rows: database,
    store,
    clock,
    org: () => services,
    apex: () => runtime,
    events: {
      publishBehavior: (event) => schema.object(event)?.publishBehavior ?? null,
      subscribedEvents: () => eventNames().filter((event) => subscribers(event).length > 0),
      subscribers: (event) => subscribers(event),
    },
    automatedProcessUserId: seeded.automatedProcessId,
    timeZoneOf,
    classId: (name) => idByName('ApexClass', 'Name', name),
    emailTemplate: (id) => emailTemplate(id),
    notificationTypeName: (name) => notificationType(name),
    notificationUsers: (id) => (schema.objectOfId(id)?.name === 'User' ? [id] : membersOf(id)),
    onUnitEnd: (tx, source) => limitLog.add(tx, source),
    onFailure,
  });
  const flows = new FlowEngine({
    schema,
    globals,
    value: (tx, record, names) => paths.value(tx, record, names),
    timeZoneOf,
    background: platform.background,
    record: (tx, id) => database.reader.readById(tx, id),
    automatedProcessUserId: seeded.automatedProcessId,
  });
  flows.load(schema.project);
  const automation = new OrgAutomation(
    () => runtime,
    () => flows,
    formulas,
  );
  const { classes, triggers } = schema.project;
  const runtime: ApexRuntime = new ApexRuntime(
    { classes: classes.map(sourceFile), triggers: triggers.map(sourceFile) },
    {
      users: { running: (tx: Transaction) => users.details(tx.userId) },
      schema,
      rights,
      label: (name) => labelText(name),
      baseUrl: () => database.fileAddress.baseUrl,
      namespace: schema.project.namespace,
      setCreatedDate: (id, epochMs) => database.setCreatedDate(id, new ApexDatetime(epochMs)),
      renderTemplate: (tx, templateId, whoId, whatId) => {
        const { subject, htmlBody, plainTextBody } = platform.mailbox.render(
          tx,
          templateId,
          whoId,
          whatId,
        );
        return { subject, htmlBody: htmlBody ?? '', plainTextBody: plainTextBody ?? '' };
      },
    },
    database.queries,
  );
  const host = new ApexHost(runtime);
  const services: OrgServices = {
    dml: database.dml,
    queries: database.queries,
    automation,
    apex: runtime,
    clock,
    jobs: platform.jobs,
    events: platform.events,
    mailbox: platform.mailbox,
    notifications: platform.notifications,
    namedCredentials: platform.namedCredentials,
    flows,
  };

  const eventNames = (): string[] =>
    [...schema.project.objects.values()]
      .filter(({ kind }) => kind === 'platformEvent')
      .map(({ fullName }) => fullName);

  const triggerParts = {
    project: schema.project,
    runtime: () => runtime,
    automatedProcessUserId: () => seeded.automatedProcessId,
    userId: (username: string) =>
      users.all().find((user) => user.username === username && user.isActive)?.id ?? null,
  };

  const subscribers = (event: string) => [
    ...eventTriggers(triggerParts, event),
    ...flows.eventSubscribers(event),
  ];

  function labelText(name: string): string | undefined {
    const wanted = name.toLowerCase();
    return [...schema.project.labels.values()].find(
      ({ fullName }) => fullName.toLowerCase() === wanted,
    )?.value;
  }

  function idByName(object: string, field: string, name: string): string | null {
    const rows = database.store.table(object).entries();
    for (const [id, row] of rows) if (row.get(field) === name) return id;
    return null;
  }

  function emailTemplate(id: string) {
    const row = database.findRow('EmailTemplate', id);
    if (!row) return null;
    const part = (field: string): string | null => {
      const value = row.get(field);
      return typeof value === 'string' ? value : null;
    };
    return {
      subject: part('Subject') ?? '',
      plainTextBody: part('Body'),
      htmlBody: part('HtmlValue'),
    };
  }

  function notificationType(nameOrId: string): string | null {
    const byId = database.store.get('CustomNotificationType', nameOrId)?.get('DeveloperName');
    if (typeof byId === 'string') return byId;
    const known = schema.project.customNotificationTypes.map(({ fullName }) => fullName);
    return known.find((name) => name === nameOrId) ?? null;
  }

  function membersOf(groupId: string): string[] {
    return [...database.store.table('GroupMember').entries()].flatMap(([, row]) => {
      const member = row.get('UserOrGroupId');
      return row.get('GroupId') === groupId && typeof member === 'string' ? [member] : [];
    });
  }

  return {
    project: schema.project,
    schema,
    database,
    platform,
    runtime,
    flows,
    services,
    rights,
    navigation: (userId) => navigationRights(schema.project, database.store, userId, clock.now()),
    users,
    apex: host,
    organization: { id: seeded.organizationId, name: ORG_DEFAULTS.name },
    run: (userId, source, body) => {
      try {
        return platform.transactions.run({ kind: 'synchronous', userId, source }, body);
      } finally {
        platform.pump.wake();
      }
    },
    runDueWork: () => platform.pump.runDue(),
    runAhead: (milliseconds) => platform.pump.runAhead(milliseconds),
    limitReports: () => limitLog.reports(),
    onEvent: (event, listener, from) => platform.events.subscribe(event, listener, from),
    eventNames,
    onReset: (listener) => void resetListeners.push(listener),
    reset: () => {
      // These three stay, so that their ids and the administrator's session stay good; seeding renews their values.
      const kept = new Set([
        seeded.organizationId,
        seeded.administratorId,
        seeded.automatedProcessId,
      ]);
      for (const { object, id } of [...database.store.rows()]) {
        if (!kept.has(id)) database.store.remove(object, id);
      }
      database.commit();
      platform.reset();
      limitLog.clear();
      seeded = seed();
      for (const listener of resetListeners) listener();
    },
    close: () => platform.pump.stop(),
  };
}

const sourceFile = ({ name, file, source }: ApexSource) => ({ name, path: file, source });
