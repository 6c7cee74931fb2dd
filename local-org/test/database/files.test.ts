import { createHash } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApexBlob, type SObjectRecord } from '../../src/values/values.js';
import {
  SYSTEM,
  USER,
  createFullTestOrg,
  customObject,
  record,
  removeProjects,
  type FullTestOrg,
} from './harness.js';

const files = customObject('Job__c', {});
let org: FullTestOrg;

const upload = (values: Parameters<typeof record>[1] = {}): SObjectRecord =>
  record('ContentVersion', {
    PathOnClient: 'folder/photo.jpeg',
    VersionData: new ApexBlob(Buffer.from('pixels')),
    ...values,
  });
const links = (documentId: unknown): SObjectRecord[] =>
  org.query(
    'SELECT LinkedEntityId, ShareType FROM ContentDocumentLink WHERE ContentDocumentId = :d',
    String(documentId),
  );

beforeEach(() => {
  org = createFullTestOrg(files);
});

afterAll(removeProjects);

describe('a file version', () => {
  it('makes its document, links and derived fields', () => {
    const account = record('Account', { Name: 'Acme' });
    org.insert(account);
    org.automation.calls.length = 0;
    const file = upload({ FirstPublishLocationId: account.id });
    org.insert(file);
    const [version] = org.query(
      'SELECT Title, FileType, FileExtension, ContentSize, Checksum, VersionNumber, IsLatest, ContentDocumentId, ContentDocument.LatestPublishedVersionId, ContentDocument.Title, SharingPrivacy FROM ContentVersion WHERE Id = :id',
      file.id,
    );
    expect(version?.get('Title')).toBe('photo');
    expect(version?.get('FileType')).toBe('JPG');
    expect(version?.get('FileExtension')).toBe('jpeg');
    expect(version?.get('ContentSize')).toBe(6);
    expect(version?.get('Checksum')).toBe(createHash('md5').update('pixels').digest('hex'));
    expect(version?.get('VersionNumber')).toBe('1');
    expect(version?.get('SharingPrivacy')).toBe('N');
    expect(version?.getParent('ContentDocument')?.get('LatestPublishedVersionId')).toBe(file.id);
    expect(
      links(version?.get('ContentDocumentId')).map((link) => link.get('LinkedEntityId')),
    ).toEqual([org.seeded.administratorId, account.id]);
    expect(org.automation.calls.filter((call) => /^(before|after) insert/.test(call))).toEqual([
      'before insert ContentVersion 1',
      'before insert ContentDocument 1',
      'after insert ContentDocument 1',
      'before insert ContentDocumentLink 2',
      'after insert ContentDocumentLink 2',
      'after insert ContentVersion 1',
    ]);
  });

  it('follows an earlier one, which can then no longer be changed', () => {
    const first = upload();
    org.insert(first);
    const [stored] = org.query('SELECT ContentDocumentId FROM ContentVersion');
    const second = upload({
      ContentDocumentId: stored?.get('ContentDocumentId') ?? null,
      Title: 'newer',
    });
    org.insert(second);
    expect(
      org
        .query('SELECT VersionNumber, IsLatest FROM ContentVersion ORDER BY VersionNumber')
        .map((row) => [row.get('VersionNumber'), row.get('IsLatest')]),
    ).toEqual([
      ['1', false],
      ['2', true],
    ]);
    expect(org.query('SELECT Title FROM ContentDocument')[0]?.get('Title')).toBe('newer');
    org.save(
      'update',
      record('ContentVersion', { Id: second.id, SharingPrivacy: 'P', SharingOption: 'R' }),
    );
    expect(org.query('SELECT SharingPrivacy FROM ContentDocument')[0]?.get('SharingPrivacy')).toBe(
      'P',
    );
    expect(() =>
      org.save('update', record('ContentVersion', { Id: first.id, Title: 'x' })),
    ).toThrow(/latest version/);
    expect(() => org.save('delete', record('ContentVersion', { Id: first.id }))).toThrow(
      'DML operation Delete not allowed on ContentVersion',
    );
  });

  it('needs bytes and a name', () => {
    expect(() => org.insert(record('ContentVersion', { Title: 'x' }))).toThrow(
      /Required fields are missing: \[VersionData, PathOnClient\]/,
    );
  });
});

describe('a document', () => {
  it('cannot be inserted, and takes versions and links along when deleted, with its own triggers only', () => {
    expect(() => org.insert(record('ContentDocument', { Title: 'x' }))).toThrow(
      /Insert not allowed on ContentDocument/,
    );
    org.insert(upload());
    const [document] = org.query('SELECT Id FROM ContentDocument');
    org.automation.calls.length = 0;
    if (document) org.save('delete', document);
    expect(org.automation.calls).toEqual([
      'beforeDelete ContentDocument 1',
      'before delete ContentDocument 1',
      'after delete ContentDocument 1',
    ]);
    for (const object of ['ContentVersion', 'ContentDocumentLink']) {
      expect(org.run(`SELECT COUNT() FROM ${object}`).totalSize).toBe(0);
    }
  });
});

describe('access to files', () => {
  const visible = (userId: string): number => {
    org.tx.userId = userId;
    return org.database.queries
      .compileText('SELECT Id FROM ContentDocument', 'test')
      .execute(org.tx, [], USER).totalSize;
  };

  it('goes by owner, share and readable record, not by View All Data, and respects Private on Records', () => {
    const account = record('Account', { Name: 'Acme' });
    const owner = org.user(org.seeded.profiles.standard);
    const colleague = org.user(org.seeded.profiles.standard);
    org.tx.userId = owner;
    org.insert(account);
    const file = upload({ FirstPublishLocationId: account.id });
    org.insert(file);
    expect(visible(owner)).toBe(1);
    expect(visible(colleague)).toBe(0);
    // The administrator reads the account, and so the file on it.
    expect(visible(org.seeded.administratorId)).toBe(1);
    org.save('update', record('ContentVersion', { Id: file.id, SharingPrivacy: 'P' }));
    expect(visible(org.seeded.administratorId)).toBe(0);
    const [document] = org.query('SELECT Id FROM ContentDocument');
    org.insert(
      record('ContentDocumentLink', {
        ContentDocumentId: document?.id ?? null,
        LinkedEntityId: colleague,
      }),
    );
    expect(visible(colleague)).toBe(1);
    expect(visible(owner)).toBe(1);
  });

  it('freezes new shares by others when restricted', () => {
    const account = record('Account', { Name: 'Acme' });
    org.insert(account);
    org.insert(upload({ SharingOption: 'R' }));
    const [document] = org.query('SELECT Id FROM ContentDocument');
    const other = org.user(org.seeded.profiles.administrator);
    org.insert(
      record('ContentDocumentLink', {
        ContentDocumentId: document?.id ?? null,
        LinkedEntityId: other,
        ShareType: 'C',
      }),
    );
    org.tx.userId = other;
    const share = (): unknown =>
      org.database.dml.save(
        org.tx,
        'insert',
        [
          record('ContentDocumentLink', {
            ContentDocumentId: document?.id ?? null,
            LinkedEntityId: account.id,
          }),
        ],
        { access: USER, allOrNone: true },
      );
    expect(share).toThrow(/INSUFFICIENT_ACCESS_OR_READONLY/);
    org.tx.userId = org.seeded.administratorId;
    expect(share).not.toThrow();
    expect(share).toThrow(/already linked/);
  });

  it('gives public links their addresses', () => {
    const file = upload();
    org.insert(file);
    org.database.dml.save(
      org.tx,
      'insert',
      [record('ContentDistribution', { Name: 'd', ContentVersionId: file.id })],
      {
        access: SYSTEM,
        allOrNone: true,
      },
    );
    const [link] = org.query(
      'SELECT DistributionPublicUrl, ContentDownloadUrl, ContentDocumentId FROM ContentDistribution',
    );
    expect(link?.get('DistributionPublicUrl')).toMatch(/^https:\/\/.+\/sfc\/p\/[\w-]{22}$/);
    expect(link?.get('ContentDocumentId')).toMatch(/^069/);
  });
});
