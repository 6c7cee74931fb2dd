/** Small stand-ins for the rest of the org, for tests of the Apex engine by itself. */
import {
  UnsupportedError,
  type OrgServices,
  type Transaction,
} from '../../../src/org/contracts.js';
import type { ApexPorts } from '../../../src/apex/ports.js';
import { ApexRuntime } from '../../../src/apex/runtime.js';

function refuse(what: string): never {
  throw new UnsupportedError(what, 'a test without an org');
}

/** 2026-11-22T10:30:15.250Z */
export const NOW = Date.UTC(2026, 10, 22, 10, 30, 15, 250);

export function fakePorts(): ApexPorts {
  return {
    schema: { object: () => undefined, objects: () => [], childRelationships: () => [] },
    rights: {
      objectRight: () => true,
      fieldRight: () => true,
      customPermissions: () => [],
      userPermissions: () => [],
    },
    setCreatedDate: () => refuse('Test.setCreatedDate'),
    renderTemplate: () => refuse('Templates'),
    users: {
      running: () => ({
        id: '005000000000001AAA',
        username: 'ada@example.com',
        firstName: 'Ada',
        lastName: 'Byron',
        email: 'ada@example.com',
        profileId: '00e000000000001AAA',
        roleId: null,
        userType: 'Standard',
        timeZone: 'Europe/Berlin',
        locale: 'en_US',
        language: 'en_US',
        organizationId: '00D000000000001AAA',
        organizationName: 'Example',
      }),
    },
    label: (name) => (name === 'Greeting' ? 'Hello' : undefined),
    baseUrl: () => 'https://example.my.salesforce.com',
    namespace: 'mediaguard',
  };
}

/** Services that refuse every call. */
function fakeServices(): OrgServices {
  const refusing = (part: string): object =>
    new Proxy({}, { get: (_, member) => () => refuse(`${part}.${String(member)}`) });
  const parts = new Proxy({}, { get: (_, part) => refusing(String(part)) });
  return parts as OrgServices;
}

export function fakeTransaction(): Transaction {
  return {
    org: fakeServices(),
    userId: '005000000000001AAA',
    kind: 'synchronous',
    isTest: true,
    limits: {
      use: () => undefined,
      used: () => 0,
      maximum: () => 100,
      startTest: () => undefined,
      stopTest: () => undefined,
    },
    now: () => NOW,
    state: new Map(),
    afterCommit: () => undefined,
    savepoint: () => ({ id: 1 }),
    rollback: () => undefined,
    hasUncommittedWork: false,
    eventDelivery: null,
  };
}

/** An engine with these classes (`class X { … }` texts) and no org behind it. */
export function engine(...classes: string[]): ApexRuntime {
  const files = classes.map((source, i) => {
    const name = /(?:class|interface|enum)\s+(\w+)/i.exec(source)?.[1] ?? `C${i}`;
    return { name, path: `${name}.cls`, source };
  });
  const ports = fakePorts();
  return new ApexRuntime({ classes: files, triggers: [] }, ports, fakeTransaction().org.queries);
}

/** What the block wrote with `System.debug`. */
export function run(block: string, ...classes: string[]): readonly string[] {
  return engine(...classes).runAnonymous(fakeTransaction(), block);
}

/** The text of one expression's value. */
export function evaluate(expression: string, ...classes: string[]): string {
  return run(`System.debug(${expression});`, ...classes)[0] ?? '';
}
