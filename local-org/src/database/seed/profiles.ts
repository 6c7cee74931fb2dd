/** The profiles every org has, with the rights the local org acts on. */
import { GRANTED_OBJECTS, isPermissionable } from '../access/index.js';
import type { Seeder, Values } from './seeder.js';

interface ProfileRights {
  readonly name: string;
  /** User permissions of the profile, without `Permissions` in front. */
  readonly userPermissions: readonly string[];
  /** Full use of the standard objects and their fields. */
  readonly usesStandardObjects: boolean;
}

const COMMON = ['RunFlow', 'ApiEnabled', 'LightningExperienceUser'];

/** An administrator of a real org does not have Query All Files either; it must be granted. */
const PROFILES: readonly ProfileRights[] = [
  {
    name: 'System Administrator',
    userPermissions: [
      ...COMMON,
      'ViewAllData',
      'ModifyAllData',
      'ManageUsers',
      'CustomizeApplication',
      'ViewSetup',
      'AuthorApex',
      'AssignPermissionSets',
      'ModifyMetadata',
      'EditTask',
      'EmailSingle',
    ],
    usesStandardObjects: true,
  },
  {
    name: 'Standard User',
    userPermissions: [...COMMON, 'EditTask', 'EmailSingle'],
    usesStandardObjects: true,
  },
  {
    name: 'Minimum Access - Salesforce',
    userPermissions: ['LightningExperienceUser', 'ApiEnabled'],
    usesStandardObjects: false,
  },
];

export interface SeededProfiles {
  readonly administrator: string;
  readonly standard: string;
  readonly minimumAccess: string;
}

export function seedProfiles(seeder: Seeder): SeededProfiles {
  const licenseId = seeder.put(
    'UserLicense',
    { Name: 'Salesforce' },
    { MasterLabel: 'Salesforce' },
  );
  const ids = PROFILES.map((profile) => seedProfile(seeder, profile, licenseId));
  return { administrator: ids[0] ?? '', standard: ids[1] ?? '', minimumAccess: ids[2] ?? '' };
}

function seedProfile(seeder: Seeder, profile: ProfileRights, licenseId: string): string {
  const { schema } = seeder.database;
  const flags = (object: string): Values =>
    Object.fromEntries(
      profile.userPermissions
        .map((name) => `Permissions${name}`)
        .filter((name) => schema.field(object, name))
        .map((name) => [name, true]),
    );
  const profileId = seeder.put(
    'Profile',
    { Name: profile.name },
    { UserType: 'Standard', UserLicenseId: licenseId, ...flags('Profile') },
  );
  const setId = seeder.put(
    'PermissionSet',
    { ProfileId: profileId },
    {
      Name: `X00e_${profile.name.replace(/\W/g, '_')}`,
      Label: profile.name,
      IsOwnedByProfile: true,
      IsCustom: false,
      Type: 'Profile',
      ...flags('PermissionSet'),
    },
  );
  if (profile.usesStandardObjects) seedStandardRights(seeder, setId);
  return profileId;
}

function seedStandardRights(seeder: Seeder, setId: string): void {
  const { schema } = seeder.database;
  for (const name of GRANTED_OBJECTS) {
    const object = schema.object(name);
    if (!object) continue;
    seeder.put(
      'ObjectPermissions',
      { SobjectType: name, ParentId: setId },
      {
        PermissionsRead: true,
        PermissionsCreate: true,
        PermissionsEdit: true,
        PermissionsDelete: true,
      },
    );
    for (const field of object.fields) {
      if (field.custom || !isPermissionable(object, field)) continue;
      seeder.put(
        'FieldPermissions',
        { Field: `${name}.${field.name}`, ParentId: setId },
        { SobjectType: name, PermissionsRead: true, PermissionsEdit: field.updateable },
      );
    }
  }
}
