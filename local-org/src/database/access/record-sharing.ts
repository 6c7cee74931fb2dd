/** Organisation-wide defaults, owners, the role hierarchy and share rows of single records. */
import type { ObjectDescribe, Schema } from '../../metadata/index.js';
import type { Store } from '../store.js';
import type { Row } from '../table.js';
import type { UserRights } from './user-rights.js';

export type RecordRight = 'read' | 'edit' | 'delete';

type ParentCheck = (parent: ObjectDescribe, row: Row, right: RecordRight) => boolean;

/** Share objects of standard objects: object, parent field, level field. */
const STANDARD_SHARES: Readonly<
  Record<string, readonly [object: string, parent: string, level: string]>
> = {
  Account: ['AccountShare', 'AccountId', 'AccountAccessLevel'],
  Case: ['CaseShare', 'CaseId', 'CaseAccessLevel'],
  Opportunity: ['OpportunityShare', 'OpportunityId', 'OpportunityAccessLevel'],
};

/** The parent that controls a standard object's records. */
const CONTROLLING_PARENT: Readonly<Record<string, string>> = {
  Contact: 'AccountId',
  Attachment: 'ParentId',
  EmailMessage: 'ParentId',
};

const LEVELS: Readonly<Record<RecordRight, readonly string[]>> = {
  read: ['Read', 'Edit', 'All'],
  edit: ['Edit', 'All'],
  delete: ['All'],
};

export class RecordSharing {
  constructor(
    private readonly schema: Schema,
    private readonly store: Store,
  ) {}

  allows(
    rights: UserRights,
    object: ObjectDescribe,
    row: Row,
    right: RecordRight,
    parentAllows: ParentCheck,
  ): boolean {
    if (object.kind === 'share') return this.allowsShare(object, row, parentAllows);
    const parent = this.controllingParent(object, row);
    if (parent) return parentAllows(parent.object, parent.row, right === 'delete' ? 'edit' : right);
    if (object.sharingModel === 'ReadWriteTransfer' || object.sharingModel === 'ReadWrite') {
      if (right !== 'delete' || !row.has('OwnerId')) return true;
    }
    if (right === 'read' && object.sharingModel === 'Read') return true;
    const ownerId = row.get('OwnerId');
    if (typeof ownerId !== 'string') return object.sharingModel !== 'Private';
    if (rights.principals.has(ownerId) || rights.subordinates.has(ownerId)) return true;
    return this.isShared(rights, object, String(row.get('Id')), right);
  }

  /** Share rows are seen and made by those who may edit the record. */
  private allowsShare(object: ObjectDescribe, row: Row, parentAllows: ParentCheck): boolean {
    const parent = this.schema.object(object.name.replace(/__Share$/, '__c'));
    const parentRow = parent && this.store.get(parent.name, String(row.get('ParentId')));
    return (
      parent !== undefined && parentRow !== undefined && parentAllows(parent, parentRow, 'edit')
    );
  }

  private controllingParent(
    object: ObjectDescribe,
    row: Row,
  ): { object: ObjectDescribe; row: Row } | null {
    const field =
      object.sharingModel === 'ControlledByParent'
        ? (object.fields.find((candidate) => candidate.masterDetail)?.name ??
          CONTROLLING_PARENT[object.name])
        : CONTROLLING_PARENT[object.name];
    const id = field === undefined ? undefined : row.get(field);
    const parent = typeof id === 'string' ? this.schema.objectOfId(id) : undefined;
    const parentRow =
      parent && typeof id === 'string' ? this.store.get(parent.name, id) : undefined;
    return parent && parentRow ? { object: parent, row: parentRow } : null;
  }

  private isShared(
    rights: UserRights,
    object: ObjectDescribe,
    id: string,
    right: RecordRight,
  ): boolean {
    const standard = STANDARD_SHARES[object.name];
    const [share, parentField, levelField] = standard ?? [
      object.name.replace(/__c$/, '__Share'),
      'ParentId',
      'AccessLevel',
    ];
    if (!standard && object.kind !== 'custom') return false;
    const table = this.store.table(share);
    if (table.size === 0) return false;
    return table.find(parentField, true, [id]).some((shareId) => {
      const row = table.get(shareId);
      return (
        row !== undefined &&
        rights.principals.has(String(row.get('UserOrGroupId'))) &&
        LEVELS[right].includes(String(row.get(levelField)))
      );
    });
  }
}
