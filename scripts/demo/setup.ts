import type { Connection } from '@salesforce/core';

import { connect, ensureRecord, runApex } from './org-client.js';
import type { Stack } from './stack.js';

export const PASSWORD = 'mediaguard';

interface Person {
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly profile: string;
  readonly permissionSets: readonly string[];
  /** What this person is for, in a few words. */
  readonly part: string;
}

/** The people of the story. Nobody holds more rights than their part needs. */
export const PEOPLE = {
  uploader: {
    username: 'uma@mediaguard.example',
    firstName: 'Uma',
    lastName: 'Uploader',
    profile: 'Standard User',
    permissionSets: ['MediaGuard_User'],
    part: 'sells, uploads files',
  },
  reviewer: {
    username: 'rita@mediaguard.example',
    firstName: 'Rita',
    lastName: 'Reviewer',
    profile: 'Standard User',
    permissionSets: ['MediaGuard_Reviewer'],
    part: 'works the quarantine',
  },
  seniorReviewer: {
    username: 'sam@mediaguard.example',
    firstName: 'Sam',
    lastName: 'Senior',
    profile: 'Standard User',
    permissionSets: ['MediaGuard_SeniorReviewer'],
    part: 'gives the second decision of severe cases',
  },
  auditor: {
    username: 'ada@mediaguard.example',
    firstName: 'Ada',
    lastName: 'Auditor',
    profile: 'Standard User',
    permissionSets: ['MediaGuard_Auditor'],
    part: 'reads everything, changes nothing',
  },
  administrator: {
    username: 'alex@mediaguard.example',
    firstName: 'Alex',
    lastName: 'Admin',
    profile: 'System Administrator',
    permissionSets: ['MediaGuard_Administrator'],
    part: 'configures MediaGuard',
  },
  secondAdministrator: {
    username: 'bo@mediaguard.example',
    firstName: 'Bo',
    lastName: 'Approver',
    profile: 'Standard User',
    permissionSets: ['MediaGuard_Administrator'],
    part: 'approves the policies that Alex writes',
  },
  integration: {
    username: 'integration@mediaguard.example',
    firstName: 'MediaGuard',
    lastName: 'Integration',
    profile: 'System Administrator',
    permissionSets: ['MediaGuard_Integration'],
    part: 'verifies in the background',
  },
} as const satisfies Record<string, Person>;

async function idOf(connection: Connection, soql: string, what: string): Promise<string> {
  const id = (await connection.query<{ Id: string }>(soql)).records[0]?.Id;
  if (!id) throw new Error(`The org has no ${what}. Is the package deployed?`);
  return id;
}

async function createPerson(admin: Connection, person: Person): Promise<void> {
  const profileId = await idOf(
    admin,
    `SELECT Id FROM Profile WHERE Name = '${person.profile}'`,
    `profile ${person.profile}`,
  );
  const userId = await ensureRecord(admin, 'User', 'Username', {
    Username: person.username,
    FirstName: person.firstName,
    LastName: person.lastName,
    Email: person.username,
    Alias: person.firstName.slice(0, 8),
    ProfileId: profileId,
    TimeZoneSidKey: 'Europe/Berlin',
    LocaleSidKey: 'en_US',
    LanguageLocaleKey: 'en_US',
    EmailEncodingKey: 'UTF-8',
  });
  const assigned = await admin.query<{ PermissionSet: { Name: string } }>(
    `SELECT PermissionSet.Name FROM PermissionSetAssignment WHERE AssigneeId = '${userId}'`,
  );
  const names = assigned.records.map((row) => row.PermissionSet.Name);
  for (const name of person.permissionSets.filter((wanted) => !names.includes(wanted))) {
    await admin.sobject('PermissionSetAssignment').create({
      AssigneeId: userId,
      PermissionSetId: await idOf(
        admin,
        `SELECT Id FROM PermissionSet WHERE Name = '${name}'`,
        `permission set ${name}`,
      ),
    });
  }
}

/** Lets the service fetch every file: rights of the platform that no package can grant. */
async function grantAllFiles(admin: Connection): Promise<void> {
  const permissionSetId = await ensureRecord(admin, 'PermissionSet', 'Name', {
    Name: 'Verify_All_Files',
    Label: 'Verify All Files',
    PermissionsViewAllData: true,
    PermissionsQueryAllFiles: true,
  });
  const userId = await idOf(
    admin,
    `SELECT Id FROM User WHERE Username = '${PEOPLE.integration.username}'`,
    'integration user',
  );
  await ensureRecord(admin, 'PermissionSetAssignment', 'PermissionSetId', {
    AssigneeId: userId,
    PermissionSetId: permissionSetId,
  });
}

/** Points the package's named credential at the service; an org's administrator does this on a Setup page. */
async function defineCredential(admin: Connection, stack: Stack): Promise<void> {
  const response = await fetch(`${stack.orgUrl}/local/named-credentials/MediaGuard_Detector`, {
    method: 'PUT',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${admin.accessToken ?? ''}`,
    },
    body: JSON.stringify({
      url: stack.serviceUrl,
      headers: { Authorization: `Bearer ${stack.apiKey}` },
    }),
  });
  if (!response.ok) throw new Error(`The named credential was not set: ${await response.text()}`);
}

/** Ids of the records the story plays on. */
export interface DemoRecords {
  readonly accountId: string;
  readonly opportunityId: string;
}

/**
 * What an administrator does after installing the package: people and their permissions, the named credential, the
 * first policy, the service's keys, a compliance contact; and a customer with an open opportunity. May run again.
 */
export async function setUpOrg(stack: Stack): Promise<DemoRecords> {
  const root = await connect(stack.orgUrl, 'admin@local.org', 'local');
  for (const person of Object.values(PEOPLE)) await createPerson(root, person);
  await grantAllFiles(root);
  await defineCredential(root, stack);

  const integration = await connect(stack.orgUrl, PEOPLE.integration.username, PASSWORD);
  await runApex(integration, 'MediaGuardSetup.run();');
  const administrator = await connect(stack.orgUrl, PEOPLE.administrator.username, PASSWORD);
  await runApex(administrator, 'MediaDetectorKeys.fetchAndPin();');
  await ensureRecord(administrator, 'RegulatoryContact__c', 'Email__c', {
    Name: 'Carla Compliance',
    Email__c: 'compliance@mediaguard.example',
    Role__c: 'Head of Compliance',
    Regime__c: 'Internal',
    IsActive__c: true,
    IsAlarmedOnConfirmedFake__c: true,
  });

  const uploader = await connect(stack.orgUrl, PEOPLE.uploader.username, PASSWORD);
  const accountId = await ensureRecord(uploader, 'Account', 'Name', { Name: 'Northwind Bank' });
  const opportunityId = await ensureRecord(uploader, 'Opportunity', 'Name', {
    Name: 'Northwind onboarding',
    AccountId: accountId,
    StageName: 'Proposal/Price Quote',
    CloseDate: '2027-06-30',
    Amount: 120_000,
  });
  return { accountId, opportunityId };
}
