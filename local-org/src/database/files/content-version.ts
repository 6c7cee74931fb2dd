/**
 * File versions: inserting one makes or advances its document, links it to its owner and its first place, and fills what
 * the platform works out from the bytes. Only the latest version can be changed. (Object Reference, ContentVersion.)
 */
import { createHash } from 'node:crypto';
import { ApexBlob, ApexDatetime, SObjectRecord, type FieldValue } from '../../values/values.js';
import type { Database } from '../database.js';
import { sameValue } from '../field-values.js';
import {
  recordError,
  type ObjectBehaviour,
  type PreparedRow,
  type SaveContext,
} from '../save-types.js';
import { withValues } from '../store.js';
import type { Row } from '../table.js';
import { fileExtension, fileTitle, fileType } from './file-types.js';

/** Fields a document shows of its latest version. */
const MIRRORED = [
  'Title',
  'Description',
  'OwnerId',
  'SharingPrivacy',
  'SharingOption',
  'FileType',
  'FileExtension',
  'ContentSize',
] as const;

/** Where links to files lead; the shell that serves the org sets its own address. */
export interface FileAddress {
  baseUrl: string;
}

export class ContentVersionBehaviour implements ObjectBehaviour {
  constructor(
    private readonly database: Database,
    private readonly address: FileAddress,
  ) {}

  prepare(context: SaveContext, operation: 'insert' | 'update', row: PreparedRow): void {
    const { record } = row;
    if (operation === 'update') {
      this.refuseOldVersion(row);
      return;
    }
    const document = this.documentOf(record);
    if (record.get('ContentDocumentId') !== null) {
      if (!document || document.get('IsDeleted') === true) {
        record.errors.push(
          recordError(
            'INVALID_CROSS_REFERENCE_KEY',
            'invalid cross reference id',
            'ContentDocumentId',
          ),
        );
        return;
      }
      this.requireEdit(context, record, document);
      // The document has a place already; the platform ignores another.
      record.set('FirstPublishLocationId', null);
    }
    if (record.get('Title') === null) {
      const path = record.get('PathOnClient');
      record.set(
        'Title',
        document?.get('Title') ?? (typeof path === 'string' ? fileTitle(path) : null),
      );
    }
  }

  private requireEdit(context: SaveContext, record: SObjectRecord, document: Row): void {
    const object = this.database.schema.requireObject('ContentDocument');
    if (!context.options.access.sharing) return;
    if (this.database.access.recordRight(context.tx, object, document, 'edit')) return;
    record.errors.push(
      recordError(
        'INSUFFICIENT_ACCESS_OR_READONLY',
        'insufficient access rights on object id',
        'ContentDocumentId',
      ),
    );
  }

  private documentOf(record: SObjectRecord): Row | undefined {
    const id = record.get('ContentDocumentId');
    return typeof id === 'string' ? this.database.store.get('ContentDocument', id) : undefined;
  }

  private refuseOldVersion({ record, stored }: PreparedRow): void {
    if (stored?.get('IsLatest') !== true) {
      record.errors.push(
        recordError('INVALID_OPERATION', 'Only the latest version of a document can be updated.'),
      );
    } else if (
      stored.get('IsMajorVersion') === true &&
      !sameValue(stored.get('VersionData') ?? null, record.get('VersionData'))
    ) {
      record.errors.push(
        recordError(
          'FIELD_INTEGRITY_EXCEPTION',
          "Major versions can't be replaced; insert a new version",
          'VersionData',
        ),
      );
    }
  }

  beforeStore(
    context: SaveContext,
    operation: 'insert' | 'update',
    { record, stored }: PreparedRow,
  ): void {
    const data = record.get('VersionData');
    const path = record.get('PathOnClient');
    if (record.get('ContentLocation') === 'S') {
      const missing = [
        ...(data instanceof ApexBlob ? [] : ['VersionData']),
        ...(typeof path === 'string' ? [] : ['PathOnClient']),
      ];
      if (missing.length > 0) {
        record.errors.push(
          recordError(
            'REQUIRED_FIELD_MISSING',
            `Required fields are missing: [${missing.join(', ')}]`,
            ...missing,
          ),
        );
        return;
      }
    }
    const extension = typeof path === 'string' ? fileExtension(path) : null;
    record.set('FileExtension', extension);
    record.set('FileType', fileType(extension));
    if (data instanceof ApexBlob && !sameValue(data, stored?.get('VersionData') ?? null)) {
      record.set('ContentSize', data.bytes.length);
      record.set('Checksum', createHash('md5').update(data.bytes).digest('hex'));
    }
    if (operation === 'update') return;
    record.set('ContentModifiedDate', new ApexDatetime(Math.floor(context.tx.now() / 1000) * 1000));
    record.set('ContentModifiedById', context.tx.userId);
    record.set('IsLatest', true);
    const documentId = record.get('ContentDocumentId');
    record.set('VersionNumber', String(this.versionsOf(documentId).length + 1));
    const library = String(record.get('FirstPublishLocationId') ?? '').startsWith('058');
    record.set('PublishStatus', library ? 'P' : 'R');
  }

  private versionsOf(documentId: FieldValue): string[] {
    return documentId === null
      ? []
      : this.database.store.table('ContentVersion').find('ContentDocumentId', true, [documentId]);
  }

  afterStore(
    context: SaveContext,
    operation: 'insert' | 'update',
    rows: readonly PreparedRow[],
  ): void {
    for (const row of rows) {
      if (operation === 'update') this.mirror(row.record);
      else if (row.record.get('ContentDocumentId') === null)
        this.createDocument(context, row.record);
      else this.advanceDocument(context, row.record);
      if (operation === 'insert') {
        const id = String(row.record.id);
        const url = `${this.address.baseUrl}/sfc/servlet.shepherd/version/download/${id}`;
        this.write('ContentVersion', id, row.record, [['VersionDataUrl', url]]);
      }
    }
  }

  /** Changes a stored row beside the save, and the image the triggers will see. */
  private write(
    object: string,
    id: string,
    image: SObjectRecord | null,
    values: readonly (readonly [string, FieldValue])[],
  ): void {
    const { store } = this.database;
    store.put(object, id, withValues(store.get(object, id) ?? new Map(), values));
    for (const [name, value] of values) image?.set(name, value);
  }

  private createDocument(context: SaveContext, version: SObjectRecord): void {
    const { tx } = context;
    const { dml } = this.database;
    const document = new SObjectRecord('ContentDocument');
    for (const name of MIRRORED) document.set(name, version.get(name));
    document.set('ContentSizeLong', version.get('ContentSize'));
    document.set('PublishStatus', version.get('PublishStatus'));
    document.set('ContentModifiedDate', version.get('ContentModifiedDate'));
    document.set('LatestPublishedVersionId', version.id);
    const place = version.get('FirstPublishLocationId');
    const library = typeof place === 'string' && place.startsWith('058') ? place : null;
    document.set('ParentId', library);
    dml.saveByPlatform(tx, 'insert', [document]);
    const ownerId = version.get('OwnerId');
    this.write('ContentVersion', String(version.id), version, [
      ['ContentDocumentId', document.id],
      ['FirstPublishLocationId', place ?? ownerId],
    ]);
    const links = [this.link(document.id, ownerId, 'I')];
    if (typeof place === 'string' && place !== ownerId) {
      links.push(this.link(document.id, place, library === null ? 'V' : 'I'));
    }
    dml.saveByPlatform(tx, 'insert', links);
    if (library !== null) {
      const entry = new SObjectRecord('ContentWorkspaceDoc');
      entry.set('ContentDocumentId', document.id);
      entry.set('ContentWorkspaceId', library);
      dml.saveByPlatform(tx, 'insert', [entry]);
    }
  }

  private link(documentId: string | null, entityId: FieldValue, shareType: string): SObjectRecord {
    const link = new SObjectRecord('ContentDocumentLink');
    link.set('ContentDocumentId', documentId);
    link.set('LinkedEntityId', entityId);
    link.set('ShareType', shareType);
    link.set('Visibility', 'AllUsers');
    return link;
  }

  private advanceDocument(context: SaveContext, version: SObjectRecord): void {
    const documentId = String(version.get('ContentDocumentId'));
    for (const id of this.versionsOf(documentId)) {
      if (id !== version.id) this.write('ContentVersion', id, null, [['IsLatest', false]]);
    }
    const document = new SObjectRecord('ContentDocument');
    document.set('Id', documentId);
    for (const name of MIRRORED) if (name !== 'OwnerId') document.set(name, version.get(name));
    document.set('ContentSizeLong', version.get('ContentSize'));
    document.set('ContentModifiedDate', version.get('ContentModifiedDate'));
    document.set('LatestPublishedVersionId', version.id);
    this.database.dml.saveByPlatform(context.tx, 'update', [document]);
  }

  /** A changed latest version shows on its document at once. */
  private mirror(version: SObjectRecord): void {
    this.write(
      'ContentDocument',
      String(version.get('ContentDocumentId')),
      null,
      MIRRORED.map((name) => [name, version.get(name)] as const),
    );
  }
}

/** A document's title, owner and sharing are its latest version's too. */
export class ContentDocumentBehaviour implements ObjectBehaviour {
  constructor(private readonly database: Database) {}

  afterStore(
    _context: SaveContext,
    operation: 'insert' | 'update',
    rows: readonly PreparedRow[],
  ): void {
    if (operation === 'insert') return;
    const { store } = this.database;
    for (const { record } of rows) {
      const versionId = String(record.get('LatestPublishedVersionId'));
      const version = store.get('ContentVersion', versionId);
      if (!version) continue;
      const values = (['Title', 'Description', 'OwnerId'] as const).map(
        (name) => [name, record.get(name)] as const,
      );
      store.put('ContentVersion', versionId, withValues(version, values));
    }
  }
}
