/** Who may do what: object and field permissions, custom permissions, and the sharing of single records. */
import type { FieldDescribe, ObjectDescribe, Schema } from '../../metadata/index.js';
import type { Transaction } from '../../org/contracts.js';
import type { AccessControl } from '../save-types.js';
import type { Store } from '../store.js';
import type { Row } from '../table.js';
import { FileAccess } from './file-access.js';
import { RecordSharing } from './record-sharing.js';
import { UserRightsReader, type UserRights } from './user-rights.js';

/** Standard objects whose use is granted object by object; all others come with the licence. */
export const GRANTED_OBJECTS: ReadonlySet<string> = new Set([
  'Account',
  'Asset',
  'Campaign',
  'Case',
  'Contact',
  'Contract',
  'Document',
  'Lead',
  'Opportunity',
  'Order',
  'Pricebook2',
  'Product2',
]);

const FILE_OBJECTS: ReadonlySet<string> = new Set([
  'ContentDocument',
  'ContentVersion',
  'ContentDocumentLink',
  'ContentDistribution',
]);

/** Fields no field-level security hides. */
const OPEN_FIELDS: ReadonlySet<string> = new Set([
  'Id',
  'Name',
  'OwnerId',
  'IsDeleted',
  'RecordTypeId',
  'CreatedDate',
  'CreatedById',
  'LastModifiedDate',
  'LastModifiedById',
  'SystemModstamp',
  'LastViewedDate',
  'LastReferencedDate',
  'LastActivityDate',
]);

/** True when a permission set may grant or withhold the field. */
export function isPermissionable(object: ObjectDescribe, field: FieldDescribe): boolean {
  if (OPEN_FIELDS.has(field.name) || field.nameField) return false;
  if (field.custom) return field.masterDetail ? false : field.nillable || field.type === 'boolean';
  return GRANTED_OBJECTS.has(object.name) && field.nillable;
}

export class OrgAccess implements AccessControl {
  private readonly rights: UserRightsReader;
  private readonly sharing: RecordSharing;
  private readonly files: FileAccess;

  constructor(
    private readonly schema: Schema,
    private readonly store: Store,
  ) {
    this.rights = new UserRightsReader(store);
    this.sharing = new RecordSharing(schema, store);
    this.files = new FileAccess(schema, store, (tx, object, row, right) =>
      this.recordRight(tx, object, row, right),
    );
  }

  rightsOf(tx: Transaction): UserRights {
    return this.rights.of(tx.userId, tx.now());
  }

  /** Rights of a user other than the running one. */
  rightsOfUser(userId: string, now: number): UserRights {
    return this.rights.of(userId, now);
  }

  objectRight(
    tx: Transaction,
    objectName: string,
    right: 'read' | 'create' | 'edit' | 'delete',
  ): boolean {
    const object = this.schema.object(objectName);
    if (!object) return false;
    const rights = this.rightsOf(tx);
    if (rights.userPermissions.has('ModifyAllData')) return true;
    if (right === 'read' && rights.userPermissions.has('ViewAllData')) return true;
    switch (object.kind) {
      case 'share': {
        // Whoever may edit the object may share records of it.
        const parent = object.name.replace(/__Share$/, '__c');
        return this.objectRight(tx, parent, right === 'read' ? 'read' : 'edit');
      }
      case 'customMetadata':
      case 'customSetting':
        return right === 'read' || rights.userPermissions.has('CustomizeApplication');
      case 'standard':
        if (!GRANTED_OBJECTS.has(object.name)) {
          return right === 'read' || !object.setup || rights.userPermissions.has('ManageUsers');
        }
        break;
      default:
        break;
    }
    return rights.objects.get(object.name.toLowerCase())?.[right] ?? false;
  }

  fieldRight(
    tx: Transaction,
    objectName: string,
    fieldName: string,
    right: 'read' | 'edit',
  ): boolean {
    const object = this.schema.object(objectName);
    const field = object && this.schema.field(object.name, fieldName);
    if (!object || !field) return false;
    if (right === 'edit' && !field.updateable && !field.createable) return false;
    if (
      object.kind === 'customMetadata' ||
      object.kind === 'customSetting' ||
      object.kind === 'share'
    ) {
      return true;
    }
    const rights = this.rightsOf(tx);
    if (rights.userPermissions.has('ModifyAllData') || !isPermissionable(object, field))
      return true;
    return rights.fields.get(`${object.name}.${field.name}`.toLowerCase())?.[right] ?? false;
  }

  userPermission(tx: Transaction, name: string): boolean {
    return this.rightsOf(tx).userPermissions.has(name.replace(/^Permissions/, ''));
  }

  /** `FeatureManagement.checkPermission` and `$Permission`. */
  customPermission(tx: Transaction, name: string): boolean {
    const local = this.schema
      .localName(name)
      .replace(new RegExp(`^${this.schema.project.namespace}__`, 'i'), '');
    return this.grantsEntity(tx, 'CustomPermission', 'DeveloperName', local);
  }

  /** Whether the user may call an Apex class from outside (REST, LWC, flow). */
  apexClass(tx: Transaction, name: string): boolean {
    if (this.rightsOf(tx).userPermissions.has('ModifyAllData')) return true;
    return this.grantsEntity(tx, 'ApexClass', 'Name', name);
  }

  private grantsEntity(tx: Transaction, object: string, field: string, name: string): boolean {
    const { setupEntities } = this.rightsOf(tx);
    return this.store
      .table(object)
      .find(field, false, [name])
      .some((id) => setupEntities.has(id));
  }

  recordRight(
    tx: Transaction,
    object: ObjectDescribe,
    row: Row,
    right: 'read' | 'edit' | 'delete',
  ): boolean {
    const rights = this.rightsOf(tx);
    if (FILE_OBJECTS.has(object.name)) return this.files.allows(tx, rights, object, row, right);
    // The platform's own processes are not held back by sharing.
    if (rights.userType === 'AutomatedProcess' || rights.userPermissions.has('ModifyAllData'))
      return true;
    if (right === 'read' && rights.userPermissions.has('ViewAllData')) return true;
    const onObject = rights.objects.get(object.name.toLowerCase());
    if (onObject?.modifyAll || (right === 'read' && onObject?.viewAll)) return true;
    return this.sharing.allows(rights, object, row, right, (parent, parentRow, needed) =>
      this.recordRight(tx, parent, parentRow, needed),
    );
  }
}
