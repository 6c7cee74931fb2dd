/** People of the org, read from their rows. */
import { timingSafeEqual } from 'node:crypto';
import type { UserDetails } from '../apex/ports.js';
import type { OrgDatabase } from '../database/org-database.js';
import type { Row } from '../database/index.js';
import type { OrgUser, Users } from './local-org.js';

/** The administrator of a new org. */
export const ADMINISTRATOR = { username: 'admin@local.org', password: 'local' } as const;
/** Everyone else's password. The org holds demonstration data and listens on this machine only. */
export const PASSWORD = 'mediaguard';

const text = (row: Row, field: string): string | null => {
  const value = row.get(field);
  return typeof value === 'string' ? value : null;
};

const equal = (given: string, expected: string): boolean =>
  given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));

export class OrgUsers implements Users {
  constructor(
    private readonly database: OrgDatabase,
    private readonly seeded: () => {
      readonly administratorId: string;
      readonly organizationId: string;
    },
  ) {}

  get integrationUserId(): string {
    return this.seeded().administratorId;
  }

  all(): readonly OrgUser[] {
    const rows = [...this.database.store.table('User').entries()];
    return rows
      .filter(
        ([, row]) => text(row, 'UserType') === 'Standard' || row.get('UserType') === undefined,
      )
      .map(([id, row]) => this.userOf(id, row));
  }

  byId(id: string): OrgUser | null {
    const row = this.database.store.get('User', id);
    return row ? this.userOf(id, row) : null;
  }

  authenticate(username: string, password: string): OrgUser | null {
    const user = this.all().find(
      (entry) => entry.username.toLowerCase() === username.toLowerCase(),
    );
    const expected =
      username.toLowerCase() === ADMINISTRATOR.username ? ADMINISTRATOR.password : PASSWORD;
    return user?.isActive && equal(password, expected) ? user : null;
  }

  /** What `UserInfo` tells. */
  details(id: string): UserDetails {
    const row = this.database.store.get('User', id);
    if (!row) throw new Error(`No user has the id ${id}`);
    const { organizationId } = this.seeded();
    const organization = this.database.store.get('Organization', organizationId);
    return {
      id,
      username: text(row, 'Username') ?? '',
      firstName: text(row, 'FirstName'),
      lastName: text(row, 'LastName') ?? '',
      email: text(row, 'Email') ?? '',
      profileId: text(row, 'ProfileId') ?? '',
      roleId: text(row, 'UserRoleId'),
      userType: text(row, 'UserType') ?? 'Standard',
      timeZone: text(row, 'TimeZoneSidKey') ?? 'GMT',
      locale: text(row, 'LocaleSidKey') ?? 'en_US',
      language: text(row, 'LanguageLocaleKey') ?? 'en_US',
      organizationId,
      organizationName: organization ? (text(organization, 'Name') ?? '') : '',
    };
  }

  timeZoneOf(id: string): string {
    return String(this.database.store.get('User', id)?.get('TimeZoneSidKey') ?? 'GMT');
  }

  private userOf(id: string, row: Row): OrgUser {
    const profile = this.database.store.get('Profile', text(row, 'ProfileId') ?? '');
    const parts = [profile && text(profile, 'Name'), ...this.permissionSetsOf(id)];
    return {
      id,
      username: text(row, 'Username') ?? '',
      name: [text(row, 'FirstName'), text(row, 'LastName')].filter(Boolean).join(' '),
      email: text(row, 'Email') ?? '',
      description: parts.filter(Boolean).join(', '),
      timeZone: text(row, 'TimeZoneSidKey') ?? 'GMT',
      language: text(row, 'LanguageLocaleKey') ?? 'en_US',
      isActive: row.get('IsActive') === true,
    };
  }

  /** Labels of the permission sets a user holds, the profile's own left out. */
  private permissionSetsOf(userId: string): string[] {
    const { store } = this.database;
    return [...store.table('PermissionSetAssignment').entries()].flatMap(([, row]) => {
      if (row.get('AssigneeId') !== userId) return [];
      const set = store.get('PermissionSet', text(row, 'PermissionSetId') ?? '');
      return set && set.get('IsOwnedByProfile') !== true ? (text(set, 'Label') ?? []) : [];
    });
  }
}
