import type { OrgDatabase } from '../database/org-database.js';
import type { Transaction } from './contracts.js';
import type { ObjectRight, Rights } from './local-org.js';

/** Rights of users, as the data layer knows them. */
export class OrgRights implements Rights {
  constructor(
    private readonly database: OrgDatabase,
    private readonly now: () => number,
  ) {}

  objectRight(tx: Transaction, object: string, right: ObjectRight): boolean {
    return this.database.orgAccess.objectRight(tx, object, right);
  }

  fieldRight(tx: Transaction, object: string, field: string, right: 'read' | 'edit'): boolean {
    return this.database.orgAccess.fieldRight(tx, object, field, right);
  }

  customPermissions(userId: string): readonly string[] {
    const { setupEntities } = this.database.orgAccess.rightsOfUser(userId, this.now());
    return [...this.database.store.table('CustomPermission').entries()]
      .filter(([id]) => setupEntities.has(id))
      .map(([, row]) => String(row.get('DeveloperName')));
  }

  userPermissions(userId: string): readonly string[] {
    return [...this.database.orgAccess.rightsOfUser(userId, this.now()).userPermissions];
  }
}
