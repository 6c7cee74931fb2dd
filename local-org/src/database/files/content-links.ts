/** Links of files to records and people, and public links to single versions. */
import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '../database.js';
import {
  recordError,
  type ObjectBehaviour,
  type PreparedRow,
  type SaveContext,
} from '../save-types.js';
import type { Row } from '../table.js';
import type { FileAddress } from './content-version.js';

export class ContentDocumentLinkBehaviour implements ObjectBehaviour {
  constructor(private readonly database: Database) {}

  prepare(_context: SaveContext, operation: 'insert' | 'update', { record }: PreparedRow): void {
    if (operation === 'insert' && record.get('Visibility') === null)
      record.set('Visibility', 'AllUsers');
  }

  beforeStore(context: SaveContext, operation: 'insert' | 'update', row: PreparedRow): void {
    const { record } = row;
    const { schema, store, access } = this.database;
    const document = store.get('ContentDocument', String(record.get('ContentDocumentId')));
    if (!document || operation !== 'insert') return;
    if (this.isLinked(document, String(record.get('LinkedEntityId')))) {
      record.errors.push(
        recordError(
          'DUPLICATE_VALUE',
          `Document with ID: ${String(document.get('Id'))} is already linked with the entity with ID: ` +
            `${String(record.get('LinkedEntityId'))}`,
        ),
      );
    }
    if (context.byPlatform || !context.options.access.sharing) return;
    const { tx } = context;
    const isOwner = document.get('OwnerId') === tx.userId;
    const documents = schema.requireObject('ContentDocument');
    // "Restricted" stops everyone but the owner from sharing on; what is shared stays shared.
    const isFrozen = document.get('SharingOption') === 'R' && !isOwner;
    if (isFrozen || !access.recordRight(tx, documents, document, 'edit')) {
      record.errors.push(
        recordError('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id'),
      );
      return;
    }
    const entityId = String(record.get('LinkedEntityId'));
    const entity = schema.objectOfId(entityId);
    const target = entity && store.get(entity.name, entityId);
    if (entity && target && !access.recordRight(tx, entity, target, 'read')) {
      record.errors.push(
        recordError(
          'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
          'insufficient access rights on cross-reference id',
          'LinkedEntityId',
        ),
      );
    }
  }

  private isLinked(document: Row, entityId: string): boolean {
    const table = this.database.store.table('ContentDocumentLink');
    return table.find('ContentDocumentId', true, [document.get('Id') ?? null]).some((id) => {
      const link = table.get(id);
      return link?.get('LinkedEntityId') === entityId && link.get('IsDeleted') !== true;
    });
  }
}

/** Public links: the addresses come from the id, so that they stay when the org is kept. */
export class ContentDistributionBehaviour implements ObjectBehaviour {
  constructor(
    private readonly database: Database,
    private readonly address: FileAddress,
  ) {}

  prepare(context: SaveContext, operation: 'insert' | 'update', { record }: PreparedRow): void {
    if (record.get('PreferencesPasswordRequired') === true && !record.get('Password')) {
      record.set('Password', randomBytes(8).toString('base64url'));
    }
    if (operation !== 'insert') return;
    const version = this.database.store.get(
      'ContentVersion',
      String(record.get('ContentVersionId')),
    );
    if (!version) return;
    record.set('ContentDocumentId', version.get('ContentDocumentId') ?? null);
    const objects = this.database.schema.requireObject('ContentVersion');
    if (
      context.options.access.sharing &&
      !this.database.access.recordRight(context.tx, objects, version, 'read')
    ) {
      record.errors.push(
        recordError(
          'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
          'insufficient access rights on cross-reference id',
          'ContentVersionId',
        ),
      );
    }
    const secret = createHash('sha256')
      .update(
        `${String(version.get('Id'))} ${String(this.database.store.nextNumber('delivery', 1))}`,
      )
      .digest('base64url')
      .slice(0, 22);
    const base = `${this.address.baseUrl}/sfc`;
    record.set('DistributionPublicUrl', `${base}/p/${secret}`);
    record.set('ContentDownloadUrl', `${base}/dist/version/download/?d=${secret}`);
    record.set(
      'PdfDownloadUrl',
      `${base}/dist/version/renditionDownload?rendition=PDF&d=${secret}`,
    );
    record.set('ViewCount', 0);
  }
}
