/** Public links of the real package's files, as a stranger without a session meets them. */
import path from 'node:path';
import { pino } from 'pino';
import request from 'supertest';
import { createOrg, type Org } from '../../src/org/org.js';
import { createApp } from '../../src/rest/app.js';

const PICTURE = Buffer.from([0xff, 0xd8, 0xff, 0xd9]);

describe('a public link', () => {
  let org: Org;
  let app: ReturnType<typeof createApp>;

  beforeAll(() => {
    org = createOrg({ projectFolder: path.resolve('..') });
    app = createApp({ org, log: pino({ level: 'silent' }) });
  }, 120_000);

  afterAll(() => org.close());

  const run = (apex: string): void => {
    const { success, exceptionMessage } = org.run(org.users.integrationUserId, 'test', (tx) =>
      org.apex.executeAnonymous(tx, apex),
    );
    expect({ success, exceptionMessage }).toEqual({ success: true, exceptionMessage: null });
  };

  /** A cleared file called `title` with a public link of these settings. */
  const publish = (title: string, settings: string): { path: string; password: string } => {
    run(`
      ContentVersion file = new ContentVersion(Title = '${title}', PathOnClient = '${title}.jpg',
        VersionData = EncodingUtil.base64Decode('${PICTURE.toString('base64')}'));
      insert file;
      MediaVersion__c version = [SELECT Id FROM MediaVersion__c WHERE ContentVersionId__c = :file.Id];
      version.Status__c = 'Cleared';
      update version;
      insert new ContentDistribution(Name = '${title}', ContentVersionId = file.Id ${settings});`);
    const [link] = org.run(org.users.integrationUserId, 'test', (tx) =>
      tx.org.queries
        .compileText(
          `SELECT DistributionPublicUrl, Password FROM ContentDistribution WHERE Name = '${title}'`,
          'test',
        )
        .execute(tx, [], { mode: 'system', sharing: false }),
    ).records;
    const url = new URL(String(link?.get('DistributionPublicUrl')));
    return { path: url.pathname, password: String(link?.get('Password')) };
  };

  const statusOf = async (link: { path: string }): Promise<number> =>
    (await request(app).get(link.path)).status;

  it('shows a cleared file until its expiry date', async () => {
    const link = publish(
      'expiring',
      ', PreferencesExpires = true, ExpiryDate = Datetime.now().addHours(1)',
    );
    const before = await request(app).get(link.path);
    org.runAhead(3_600_000);

    expect(before.status).toBe(200);
    expect(Buffer.from(before.body as Uint8Array)).toEqual(PICTURE);
    expect(await statusOf(link)).toBe(404);
  });

  it('opens only with its password where it has one', async () => {
    const link = publish('locked', ', PreferencesPasswordRequired = true');
    const open = (password: string) => request(app).post(link.path).type('form').send({ password });

    expect(link.password.length).toBeGreaterThanOrEqual(8);
    expect(await statusOf(link)).toBe(401);
    expect((await open('wrong')).status).toBe(401);
    expect((await open(link.password)).status).toBe(200);
  });

  it('does not lead to a newer version before that is cleared', async () => {
    const link = publish('growing', ', PreferencesLinkLatestVersion = true');
    const before = await statusOf(link);
    run(`
      ContentVersion old = [SELECT ContentDocumentId FROM ContentVersion WHERE Title = 'growing'];
      insert new ContentVersion(Title = 'growing', PathOnClient = 'growing.jpg',
        ContentDocumentId = old.ContentDocumentId, VersionData = Blob.valueOf('newer'));`);

    expect([before, await statusOf(link)]).toEqual([200, 403]);
  });

  it('is gone once its file is withdrawn', async () => {
    const link = publish('doubtful', '');
    const before = await statusOf(link);
    run(`
      MediaSharingService.withdraw([
        SELECT Id, ContentVersionId__c, Item__c, Item__r.DocumentId__c
        FROM MediaVersion__c WHERE FileName__c = 'doubtful.jpg'
      ]);`);

    expect([before, await statusOf(link)]).toEqual([200, 404]);
  });

  it('tells nothing of a key that was never given', async () => {
    expect(await statusOf({ path: '/sfc/p/AAAAAAAAAAAAAAAAAAAAAA' })).toBe(404);
  });
});
