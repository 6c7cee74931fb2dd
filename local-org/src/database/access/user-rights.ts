/** The rights of one user: those of the profile and of every assigned permission set together. */
import type { Store } from '../store.js';
import type { Row } from '../table.js';

export interface ObjectRights {
  read: boolean;
  create: boolean;
  edit: boolean;
  delete: boolean;
  viewAll: boolean;
  modifyAll: boolean;
}

export interface FieldRights {
  read: boolean;
  edit: boolean;
}

export interface UserRights {
  readonly isActive: boolean;
  readonly userType: string;
  /** By lower-case object name. */
  readonly objects: ReadonlyMap<string, ObjectRights>;
  /** By lower-case `object.field`. */
  readonly fields: ReadonlyMap<string, FieldRights>;
  /** Without the `Permissions` in front, such as `ViewAllData`. */
  readonly userPermissions: ReadonlySet<string>;
  /** Ids of what permission sets give access to: custom permissions, Apex classes. */
  readonly setupEntities: ReadonlySet<string>;
  /** The user's own id and the ids of every group and queue it is in. */
  readonly principals: ReadonlySet<string>;
  /** Users below in the role hierarchy. */
  readonly subordinates: ReadonlySet<string>;
}

/** Tables the rights are read from; a change in any makes them stale. */
const SOURCES = [
  'User',
  'UserRole',
  'GroupMember',
  'PermissionSetAssignment',
  'PermissionSet',
  'ObjectPermissions',
  'FieldPermissions',
  'SetupEntityAccess',
] as const;

export class UserRightsReader {
  private readonly known = new Map<
    string,
    { readonly stamp: string; readonly rights: UserRights }
  >();

  /** @param now milliseconds, for assignments that expire */
  constructor(private readonly store: Store) {}

  of(userId: string, now: number): UserRights {
    const stamp = SOURCES.map((object) => this.store.table(object).version).join();
    const known = this.known.get(userId);
    if (known?.stamp === stamp) return known.rights;
    const rights = this.read(userId, now);
    this.known.set(userId, { stamp, rights });
    return rights;
  }

  private rowsBy(object: string, field: string, id: string): Row[] {
    const table = this.store.table(object);
    return table.find(field, true, [id]).flatMap((rowId) => table.get(rowId) ?? []);
  }

  private read(userId: string, now: number): UserRights {
    const user = this.store.get('User', userId);
    const objects = new Map<string, ObjectRights>();
    const fields = new Map<string, FieldRights>();
    const userPermissions = new Set<string>();
    const setupEntities = new Set<string>();
    for (const setId of this.permissionSets(userId, user, now)) {
      for (const row of this.rowsBy('ObjectPermissions', 'ParentId', setId))
        addObject(objects, row);
      for (const row of this.rowsBy('FieldPermissions', 'ParentId', setId)) addField(fields, row);
      for (const row of this.rowsBy('SetupEntityAccess', 'ParentId', setId)) {
        setupEntities.add(String(row.get('SetupEntityId')));
      }
      for (const [name, value] of this.store.get('PermissionSet', setId) ?? []) {
        if (name.startsWith('Permissions') && value === true) {
          userPermissions.add(name.slice('Permissions'.length));
        }
      }
    }
    return {
      isActive: user?.get('IsActive') === true,
      userType: String(user?.get('UserType') ?? 'Standard'),
      objects,
      fields,
      userPermissions,
      setupEntities,
      principals: this.principals(userId),
      subordinates: this.subordinates(user),
    };
  }

  private permissionSets(userId: string, user: Row | undefined, now: number): string[] {
    const ids: string[] = [];
    const profileId = user?.get('ProfileId');
    if (typeof profileId === 'string') {
      const table = this.store.table('PermissionSet');
      ids.push(...table.find('ProfileId', true, [profileId]));
    }
    for (const row of this.rowsBy('PermissionSetAssignment', 'AssigneeId', userId)) {
      const expires = row.get('ExpirationDate');
      const isOver =
        typeof expires === 'object' &&
        expires !== null &&
        'epochMs' in expires &&
        expires.epochMs <= now;
      if (!isOver) ids.push(String(row.get('PermissionSetId')));
    }
    return ids;
  }

  private principals(userId: string): Set<string> {
    const found = new Set([userId]);
    const queue = [userId];
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      for (const row of this.rowsBy('GroupMember', 'UserOrGroupId', id)) {
        const groupId = String(row.get('GroupId'));
        if (found.has(groupId)) continue;
        found.add(groupId);
        queue.push(groupId);
      }
    }
    // Every standard user is in the group of all internal users.
    for (const [id, row] of this.store.table('Group').entries()) {
      if (row.get('Type') === 'Organization') found.add(id);
    }
    return found;
  }

  private subordinates(user: Row | undefined): Set<string> {
    const roleId = user?.get('UserRoleId');
    const found = new Set<string>();
    if (typeof roleId !== 'string') return found;
    const queue = [roleId];
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      for (const childId of this.store.table('UserRole').find('ParentRoleId', true, [id])) {
        queue.push(childId);
        for (const member of this.store.table('User').find('UserRoleId', true, [childId])) {
          found.add(member);
        }
      }
    }
    return found;
  }
}

function addObject(objects: Map<string, ObjectRights>, row: Row): void {
  const key = String(row.get('SobjectType')).toLowerCase();
  const has = (name: string): boolean => row.get(name) === true;
  const before = objects.get(key);
  const modifyAll = has('PermissionsModifyAllRecords') || before?.modifyAll === true;
  objects.set(key, {
    read: has('PermissionsRead') || before?.read === true,
    create: has('PermissionsCreate') || before?.create === true,
    edit: has('PermissionsEdit') || before?.edit === true,
    delete: has('PermissionsDelete') || before?.delete === true,
    viewAll: has('PermissionsViewAllRecords') || modifyAll || before?.viewAll === true,
    modifyAll,
  });
}

function addField(fields: Map<string, FieldRights>, row: Row): void {
  const key = String(row.get('Field')).toLowerCase();
  const before = fields.get(key);
  const edit = row.get('PermissionsEdit') === true || before?.edit === true;
  fields.set(key, {
    read: edit || row.get('PermissionsRead') === true || before?.read === true,
    edit,
  });
}
