import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AccessMode } from '../../src/org/contracts.js';
import type { SObjectRecord } from '../../src/values/values.js';
import {
  USER,
  createFullTestOrg,
  customObject,
  metadata,
  record,
  removeProjects,
  type FullTestOrg,
} from './harness.js';

const nameField = '<nameField><label>Name</label><type>Text</type></nameField>';
const files = {
  ...customObject('Secret__c', {
    Shown__c: '<type>Text</type><length>20</length>',
    Hidden__c: '<type>Text</type><length>20</length>',
  }),
  ...customObject('Open__c', {}, `<sharingModel>Read</sharingModel>${nameField}`),
  ...customObject(
    'Detail__c',
    {
      Secret__c:
        '<type>MasterDetail</type><referenceTo>Secret__c</referenceTo><relationshipName>Details</relationshipName>',
    },
    nameField,
  ),
  'main/customPermissions/MayReview.customPermission-meta.xml': metadata(
    'CustomPermission',
    '<label>May review</label>',
  ),
  'main/permissionsets/Reader.permissionset-meta.xml': metadata(
    'PermissionSet',
    '<label>Reader</label><customPermissions><enabled>true</enabled><name>MayReview</name></customPermissions>' +
      '<fieldPermissions><editable>false</editable><field>Secret__c.Shown__c</field><readable>true</readable></fieldPermissions>' +
      ['Secret__c', 'Open__c', 'Detail__c']
        .map(
          (object) =>
            `<objectPermissions><allowCreate>true</allowCreate><allowDelete>true</allowDelete><allowEdit>true</allowEdit><allowRead>true</allowRead><modifyAllRecords>false</modifyAllRecords><object>${object}</object><viewAllRecords>false</viewAllRecords></objectPermissions>`,
        )
        .join(''),
  ),
};

let org: FullTestOrg;
let reader: string;
let stranger: string;
let secret: SObjectRecord;

const as = (userId: string, soql: string, access: AccessMode = USER): SObjectRecord[] => {
  org.tx.userId = userId;
  return [...org.database.queries.compileText(soql, 'test').execute(org.tx, [], access).records];
};

beforeAll(() => {
  org = createFullTestOrg(files);
  secret = record('Secret__c', { Name: 's', Shown__c: 'x', Hidden__c: 'y' });
  org.insert(secret, record('Open__c', { Name: 'o' }));
  org.insert(record('Detail__c', { Name: 'd', Secret__c: secret.id }));
  reader = org.user(org.seeded.profiles.minimumAccess, 'Reader');
  stranger = org.user(org.seeded.profiles.minimumAccess);
});

afterAll(removeProjects);

describe('user mode', () => {
  it('names an object the user may not read', () => {
    expect(() => as(stranger, 'SELECT Id FROM Secret__c')).toThrow(
      "Access to entity 'Secret__c' denied",
    );
  });

  it('names a field the user may not read, in any clause', () => {
    expect(() => as(reader, 'SELECT Hidden__c FROM Secret__c')).toThrow(
      "No such column 'Hidden__c' on entity 'Secret__c'",
    );
    expect(() => as(reader, "SELECT Id FROM Secret__c WHERE Hidden__c = 'y'")).toThrow(
      /No such column 'Hidden__c'/,
    );
    expect(() => as(reader, 'SELECT Secret__r.Hidden__c FROM Detail__c')).toThrow(
      /No such column 'Hidden__c'/,
    );
    expect(as(org.seeded.administratorId, 'SELECT Hidden__c FROM Secret__c')).toHaveLength(1);
  });

  it('is overridden by the text of the query, both ways', () => {
    expect(
      as(reader, 'SELECT Hidden__c FROM Secret__c WITH SYSTEM_MODE', {
        mode: 'user',
        sharing: false,
      }),
    ).toHaveLength(1);
    expect(() =>
      as(reader, 'SELECT Hidden__c FROM Secret__c WITH USER_MODE', {
        mode: 'system',
        sharing: false,
      }),
    ).toThrow(/Hidden__c/);
    expect(() =>
      as(reader, 'SELECT Hidden__c FROM Secret__c WITH SECURITY_ENFORCED', {
        mode: 'system',
        sharing: false,
      }),
    ).toThrow(/secure query included inaccessible field/);
  });

  it('refuses saves without object or field permission', () => {
    org.tx.userId = stranger;
    const insert = (row: SObjectRecord): unknown =>
      org.database.dml.save(org.tx, 'insert', [row], { access: USER, allOrNone: true });
    expect(() => insert(record('Secret__c', { Name: 'n' }))).toThrow(
      'DML operation INSERT not allowed on Secret__c',
    );
    org.tx.userId = reader;
    expect(() => insert(record('Secret__c', { Name: 'n', Shown__c: 'x' }))).toThrow(
      /fields being inaccessible on Sobject Secret__c.*\[Shown__c\]/,
    );
    expect(() => insert(record('Secret__c', { Name: 'n' }))).not.toThrow();
  });
});

describe('sharing', () => {
  it('shows private records to owner and administrator only, details with their master, and read-only defaults to all', () => {
    expect(as(reader, "SELECT Id FROM Secret__c WHERE Name = 's'")).toHaveLength(0);
    expect(as(reader, 'SELECT Id FROM Detail__c')).toHaveLength(0);
    expect(as(reader, 'SELECT Id FROM Open__c')).toHaveLength(1);
    expect(
      as(org.seeded.administratorId, "SELECT Id FROM Secret__c WHERE Name = 's'"),
    ).toHaveLength(1);
    org.tx.userId = reader;
    const [open] = org.query('SELECT Id FROM Open__c');
    expect(() =>
      org.database.dml.save(org.tx, 'update', [open ?? secret], { access: USER, allOrNone: true }),
    ).toThrow(/INSUFFICIENT_ACCESS_OR_READONLY/);
  });

  it('opens a record by a share row, to the level of the row', () => {
    org.tx.userId = org.seeded.administratorId;
    const share = record('Secret__Share', {
      ParentId: secret.id,
      UserOrGroupId: reader,
      AccessLevel: 'Read',
    });
    org.insert(share);
    expect(as(reader, "SELECT Id FROM Secret__c WHERE Name = 's'")).toHaveLength(1);
    expect(as(reader, 'SELECT Id FROM Detail__c')).toHaveLength(1);
    const access = as(
      reader,
      `SELECT HasReadAccess, HasEditAccess FROM UserRecordAccess WHERE UserId = '${reader}' AND RecordId = '${secret.id ?? ''}'`,
    )[0];
    expect([access?.get('HasReadAccess'), access?.get('HasEditAccess')]).toEqual([true, false]);
    org.tx.userId = org.seeded.administratorId;
    org.save('update', record('Secret__Share', { Id: share.id, AccessLevel: 'Edit' }));
    org.tx.userId = reader;
    const change = record('Secret__c', { Id: secret.id, Name: 'changed' });
    expect(() =>
      org.database.dml.save(org.tx, 'update', [change], { access: USER, allOrNone: true }),
    ).not.toThrow();
  });

  it('does not hold back code without sharing', () => {
    expect(
      as(stranger, 'SELECT Id FROM Secret__c', { mode: 'system', sharing: false }).length,
    ).toBeGreaterThan(0);
    expect(
      as(stranger, 'SELECT Id FROM Secret__c', { mode: 'system', sharing: true }),
    ).toHaveLength(0);
  });
});

describe('permissions', () => {
  it('come with the permission set and its namespace is optional', () => {
    const holds = (userId: string, name: string): boolean => {
      org.tx.userId = userId;
      return org.database.orgAccess.customPermission(org.tx, name);
    };
    expect(holds(reader, 'MayReview')).toBe(true);
    expect(holds(reader, 'ns__MayReview')).toBe(true);
    expect(holds(stranger, 'MayReview')).toBe(false);
  });

  it('cannot be changed in a transaction that saved other records', () => {
    org.tx.userId = org.seeded.administratorId;
    org.insert(record('Open__c', { Name: 'o2' }));
    expect(() => org.insert(record('Group', { Name: 'g', DeveloperName: 'g' }))).toThrow(
      /DML operation on setup object is not permitted/,
    );
  });

  it('cannot be assigned twice', () => {
    // A transaction of its own, as setup objects need.
    org.tx.state.clear();
    org.tx.userId = org.seeded.administratorId;
    const [set] = org.query("SELECT Id FROM PermissionSet WHERE Name = 'Reader'");
    expect(() =>
      org.insert(
        record('PermissionSetAssignment', { AssigneeId: reader, PermissionSetId: set?.id ?? null }),
      ),
    ).toThrow(/Duplicate PermissionSetAssignment/);
  });
});
