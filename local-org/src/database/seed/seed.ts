/** Fills a new org, or brings a kept one up to date, with the rows the platform and the package's metadata give it. */
import type { Database } from '../database.js';
import {
  seedCustomMetadata,
  seedEmailTemplates,
  seedRecordTypes,
  seedStaticResources,
} from './content.js';
import { seedPermissionSets, seedSetupEntities } from './permission-sets.js';
import { seedProfiles, type SeededProfiles } from './profiles.js';
import { Seeder } from './seeder.js';

export interface SeededOrg {
  readonly organizationId: string;
  /** System Administrator, as a scratch org's first user. */
  readonly administratorId: string;
  /** Runs platform-event triggers and other work of the platform itself. */
  readonly automatedProcessId: string;
  readonly profiles: SeededProfiles;
}

/** Facts about an org that a scratch org's definition would set. */
export interface OrgDefaults {
  readonly name: string;
  readonly administratorUsername: string;
  readonly administratorEmail: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly locale: string;
}

export const ORG_DEFAULTS: OrgDefaults = {
  name: 'MediaGuard Local Org',
  administratorUsername: 'admin@mediaguard.example',
  administratorEmail: 'admin@mediaguard.example',
  timeZone: 'GMT',
  locale: 'en_US',
};

/** @param now milliseconds since 1970, the creation date of new rows */
export function seedOrg(database: Database, now: number, defaults = ORG_DEFAULTS): SeededOrg {
  const seeder = new Seeder(database, now);
  const { schema } = database;
  const organizationId =
    [...database.store.table('Organization').entries()][0]?.[0] ??
    seeder.put(
      'Organization',
      { Name: defaults.name },
      {
        OrganizationType: 'Developer Edition',
        IsSandbox: true,
        InstanceName: 'LOCAL',
        NamespacePrefix: schema.project.namespace || null,
        TimeZoneSidKey: defaults.timeZone,
        DefaultLocaleSidKey: defaults.locale,
        LanguageLocaleKey: 'en_US',
      },
    );
  seeder.put(
    'Group',
    { DeveloperName: 'AllInternalUsers' },
    { Name: 'All Internal Users', Type: 'Organization' },
  );
  const profiles = seedProfiles(seeder);
  const person = {
    IsActive: true,
    TimeZoneSidKey: defaults.timeZone,
    LocaleSidKey: defaults.locale,
    LanguageLocaleKey: 'en_US',
    EmailEncodingKey: 'UTF-8',
  };
  const administratorId = seeder.put(
    'User',
    { Username: defaults.administratorUsername },
    {
      ...person,
      FirstName: 'Ada',
      LastName: 'Administrator',
      Name: 'Ada Administrator',
      Alias: 'admin',
      CommunityNickname: 'admin',
      Email: defaults.administratorEmail,
      ProfileId: profiles.administrator,
      UserType: 'Standard',
    },
  );
  const automatedProcessId = seeder.put(
    'User',
    { Alias: 'autoproc' },
    {
      ...person,
      Username: 'autoproc@mediaguard.example',
      LastName: 'Automated Process',
      Name: 'Automated Process',
      Email: 'autoproc@mediaguard.example',
      UserType: 'AutomatedProcess',
    },
  );
  seedSetupEntities(seeder);
  seedPermissionSets(seeder);
  seedRecordTypes(seeder);
  seedEmailTemplates(seeder, organizationId);
  seedStaticResources(seeder);
  seedCustomMetadata(seeder);
  database.commit();
  return { organizationId, administratorId, automatedProcessId, profiles };
}
