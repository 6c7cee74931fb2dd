/** Who and where: UserInfo, Limits, Request, FeatureManagement, Security, URL, Auth. */
import type { LimitName } from '../../org/contracts.js';
import { LOGIN_SESSION, type LoginSession } from '../../org/login-session.js';
import { SObjectRecord } from '../../values/values.js';
import type { Session } from '../run/session.js';
import { ApexType, setOf, sobjectType, STRING } from '../types/type.js';
import {
  ApexList,
  ApexMap,
  ApexSet,
  type EnumValue,
  NativeObject,
  type Value,
} from '../values/reference.js';
import { narrow, instance, type Call } from './call.js';
import { TimeZoneValue } from './dates.js';
import { libraryEnum } from './enums.js';
import { defineType } from './registry.js';

defineType({
  name: 'UserInfo',
  statics: {
    'Id getUserId()': (c) => c.session.tx.userId,
    'Id getProfileId()': (c) => c.session.user.profileId,
    'Id getUserRoleId()': (c) => c.session.user.roleId,
    'Id getOrganizationId()': (c) => c.session.user.organizationId,
    'String getOrganizationName()': (c) => c.session.user.organizationName,
    'String getUserName()': (c) => c.session.user.username,
    'String getUserEmail()': (c) => c.session.user.email,
    'String getFirstName()': (c) => c.session.user.firstName,
    'String getLastName()': (c) => c.session.user.lastName,
    'String getName()': (c) =>
      [c.session.user.firstName, c.session.user.lastName].filter(Boolean).join(' '),
    'String getUserType()': (c) => c.session.user.userType,
    'String getLocale()': (c) => c.session.user.locale,
    'String getLanguage()': (c) => c.session.user.language,
    'TimeZone getTimeZone()': (c) => new TimeZoneValue(c.session.user.timeZone),
    'String getUiThemeDisplayed()': () => 'Theme4d',
    'Boolean isMultiCurrencyOrganization()': () => false,
  },
});

const COUNTERS: readonly (readonly [name: string, limit: LimitName])[] = [
  ['Queries', 'queries'],
  ['QueryRows', 'queryRows'],
  ['DmlStatements', 'dmlStatements'],
  ['DmlRows', 'dmlRows'],
  ['Callouts', 'callouts'],
  ['QueueableJobs', 'queueableJobs'],
  ['FutureCalls', 'futureCalls'],
  ['EmailInvocations', 'emailInvocations'],
  ['PublishImmediateDml', 'publishImmediateDml'],
];

const SYNCHRONOUS_HEAP = 6_000_000;

function limitStatics(): Record<string, (c: Call) => Value> {
  const statics: Record<string, (c: Call) => Value> = {
    'Integer getCpuTime()': (c) => c.session.cpuMs,
    'Integer getLimitCpuTime()': (c) => c.session.cpuLimitMs,
    'Integer getLimitHeapSize()': (c) =>
      c.session.tx.kind === 'synchronous' ? SYNCHRONOUS_HEAP : 2 * SYNCHRONOUS_HEAP,
  };
  for (const [name, limit] of COUNTERS) {
    statics[`Integer get${name}()`] = (c) => c.session.tx.limits.used(limit);
    statics[`Integer getLimit${name}()`] = (c) => c.session.tx.limits.maximum(limit);
  }
  return statics;
}

defineType({ name: 'Limits', statics: limitStatics() });

class RequestValue extends NativeObject {
  constructor(private readonly session: Session) {
    super('Request');
  }

  get id(): string {
    return this.session.request.id;
  }

  get quiddity(): EnumValue {
    return libraryEnum('Quiddity', this.session.request.quiddity);
  }
}

defineType<RequestValue>({
  name: 'Request',
  self: instance(RequestValue, 'Request'),
  statics: { 'Request getCurrent()': (c) => new RequestValue(c.session) },
  methods: {
    'String getRequestId()': (self) => self.id,
    'Quiddity getQuiddity()': (self) => self.quiddity,
  },
});

defineType({
  name: 'FeatureManagement',
  statics: {
    'Boolean checkPermission(String name)': (c) => {
      const name = c
        .text(0)
        .replace(/^\w+__(?=\w)/, '')
        .toLowerCase();
      const { ports, tx } = c.session;
      return ports.rights.customPermissions(tx.userId).some((p) => p.toLowerCase() === name);
    },
  },
});

/** What `Security.stripInaccessible` left and took away. */
class AccessDecision extends NativeObject {
  constructor(
    readonly records: ApexList,
    readonly removed: ApexMap,
  ) {
    super('SObjectAccessDecision');
  }
}

defineType<AccessDecision>({
  name: 'SObjectAccessDecision',
  self: instance(AccessDecision, 'SObjectAccessDecision'),
  methods: {
    'List<SObject> getRecords()': (self) => self.records,
    'Map<String, Set<String>> getRemovedFields()': (self) => self.removed,
    'Set<Integer> getModifiedIndexes()': (self) =>
      new ApexSet(
        new ApexType('Integer', 'primitive'),
        self.records.items.map((_, i) => i),
      ),
  },
});

function strip(c: Call): Value {
  const { ports, tx } = c.session;
  const right = c.enumName(0) === 'READABLE' ? 'read' : 'edit';
  const removed = new Map<string, Set<string>>();
  const records = c.items(1).map((item) => {
    const record = narrow(item, SObjectRecord, 'SObject');
    const copy = record.clone();
    for (const [field] of record.entries()) {
      if (field === 'Id' || ports.rights.fieldRight(tx, record.type, field, right)) continue;
      copy.unset(field);
      const fields = removed.get(record.type) ?? new Set<string>();
      removed.set(record.type, fields.add(field));
    }
    return copy;
  });
  const entries = [...removed].map(
    ([type, fields]) => [type, new ApexSet(STRING, fields)] as const,
  );
  return new AccessDecision(
    new ApexList(sobjectType('SObject'), records),
    new ApexMap(STRING, setOf(STRING), entries),
  );
}

defineType({
  name: 'Security',
  statics: {
    'SObjectAccessDecision stripInaccessible(AccessType access, List<SObject> records, Boolean enforceRoot?)':
      strip,
  },
});

class UrlValue extends NativeObject {
  readonly text: string;

  constructor(readonly url: URL) {
    super('Url');
    this.text = url.href;
  }
}

const orgUrl = (c: Call): Value => new UrlValue(new URL(c.session.ports.baseUrl()));

defineType<UrlValue>({
  name: 'Url',
  self: instance(UrlValue, 'Url'),
  constructors: { '(String text)': (c) => new UrlValue(new URL(c.text(0))) },
  statics: {
    'Url getOrgDomainUrl()': orgUrl,
    'Url getSalesforceBaseUrl()': orgUrl,
  },
  methods: {
    'String toExternalForm()': (self) => self.url.href.replace(/\/$/, ''),
    'String getHost()': (self) => self.url.hostname,
    'String getPath()': (self) => self.url.pathname,
    'String getProtocol()': (self) => self.url.protocol.replace(':', ''),
    'String getQuery()': (self) => self.url.search.replace('?', '') || null,
  },
});

defineType({
  name: 'Auth.SessionManagement',
  statics: {
    'Map<String, String> getCurrentSession()': (c) => {
      const login = c.session.tx.state.get(LOGIN_SESSION) as LoginSession | undefined;
      return new ApexMap(STRING, STRING, Object.entries(login ?? {}));
    },
  },
});
