/**
 * Access to files. Not even View All Data opens every file: that takes Query All Files. Otherwise a file is open to its
 * owner, to those it is shared with, and to those who can read a record it is on, unless it is private on records.
 * (Object Reference, ContentDocument, ContentVersion and ContentDocumentLink.)
 */
import type { ObjectDescribe, Schema } from '../../metadata/index.js';
import type { Transaction } from '../../org/contracts.js';
import type { Store } from '../store.js';
import type { Row } from '../table.js';
import type { RecordRight } from './record-sharing.js';
import type { UserRights } from './user-rights.js';

type RecordCheck = (
  tx: Transaction,
  object: ObjectDescribe,
  row: Row,
  right: RecordRight,
) => boolean;

export class FileAccess {
  constructor(
    private readonly schema: Schema,
    private readonly store: Store,
    private readonly recordRight: RecordCheck,
  ) {}

  allows(
    tx: Transaction,
    rights: UserRights,
    object: ObjectDescribe,
    row: Row,
    right: RecordRight,
  ): boolean {
    if (rights.userType === 'AutomatedProcess') return true;
    if (right === 'read' && rights.userPermissions.has('QueryAllFiles')) return true;
    if (object.name === 'ContentDistribution' && rights.principals.has(String(row.get('OwnerId'))))
      return true;
    const documentId =
      object.name === 'ContentDocument' ? row.get('Id') : row.get('ContentDocumentId');
    const document = this.store.get('ContentDocument', String(documentId));
    if (!document) return rights.principals.has(String(row.get('OwnerId')));
    if (object.name === 'ContentDocumentLink' && right !== 'read') {
      return this.documentRight(tx, rights, document, 'edit');
    }
    return this.documentRight(tx, rights, document, right);
  }

  private documentRight(
    tx: Transaction,
    rights: UserRights,
    document: Row,
    right: RecordRight,
  ): boolean {
    if (rights.principals.has(String(document.get('OwnerId')))) return true;
    if (right === 'delete') return rights.userPermissions.has('ModifyAllData');
    const isPrivate = document.get('SharingPrivacy') === 'P';
    const links = this.store.table('ContentDocumentLink');
    return links.find('ContentDocumentId', true, [document.get('Id') ?? null]).some((id) => {
      const link = links.get(id);
      return link !== undefined && this.linkRight(tx, rights, link, right, isPrivate);
    });
  }

  private linkRight(
    tx: Transaction,
    rights: UserRights,
    link: Row,
    right: RecordRight,
    isPrivate: boolean,
  ): boolean {
    const entityId = String(link.get('LinkedEntityId'));
    const shareType = link.get('ShareType');
    if (rights.principals.has(entityId)) return right === 'read' || shareType === 'C';
    const entity = this.schema.objectOfId(entityId);
    if (!entity || entity.name === 'User' || entity.name === 'Group' || isPrivate) return false;
    // Sharing with the organisation opens the file to every internal user.
    if (entity.name === 'Organization') return right === 'read' || shareType === 'C';
    const row = this.store.get(entity.name, entityId);
    if (!row || row.get('IsDeleted') === true) return false;
    // Viewers read; with an inferred share the right on the record decides.
    if (right === 'edit' && shareType === 'V') return false;
    return this.recordRight(tx, entity, row, right === 'edit' ? 'edit' : 'read');
  }
}
