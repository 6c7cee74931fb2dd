/** The project's own package over REST: what an integration and an administrator of its org meet. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import request, { type Test } from 'supertest';
import { createOrg, type Org } from '../../src/org/org.js';
import { createApp } from '../../src/rest/app.js';

const V = '/services/data/v65.0';
const PROJECT = path.resolve('..');

describe('the package over REST', () => {
  const dataFolder = mkdtempSync(path.join(os.tmpdir(), 'local-org-rest-'));
  let org: Org;
  let app: ReturnType<typeof createApp>;
  let token: string;

  beforeAll(async () => {
    org = createOrg({ projectFolder: PROJECT, dataFolder });
    app = createApp({ org, log: pino({ level: 'silent' }) });
    const login = await request(app)
      .post('/services/oauth2/token')
      .type('form')
      .send({ grant_type: 'client_credentials', client_id: 'x', client_secret: 'local' });
    token = login.body.access_token;
  }, 120_000);

  afterAll(() => {
    org.close();
    rmSync(dataFolder, { recursive: true, force: true });
  });

  const as = (test: Test): Test => test.set('Authorization', `Bearer ${token}`);

  const upload = async (): Promise<string> => {
    const answer = await as(request(app).post(`${V}/sobjects/ContentVersion`))
      .field('entity_content', JSON.stringify({ Title: 'photo', PathOnClient: 'photo.jpg' }), {
        contentType: 'application/json',
      })
      .attach('VersionData', Buffer.from([0xff, 0xd8, 0xff, 0xd9]), 'photo.jpg');
    expect(answer.status).toBe(201);
    return answer.body.id as string;
  };

  it('takes a multipart file, holds it and refuses its bytes to people', async () => {
    const id = await upload();
    const soql = `SELECT Status__c FROM MediaVersion__c WHERE ContentVersionId__c = '${id}'`;
    const versions = await as(request(app).get(`${V}/query?q=${encodeURIComponent(soql)}`));
    const bytes = await as(request(app).get(`${V}/sobjects/ContentVersion/${id}/VersionData`));

    expect(versions.body.records[0].Status__c).toBe('Held');
    expect(bytes.status).toBe(403);
    expect(bytes.body[0].errorCode).toBe('CONTENT_CUSTOMIZED_DOWNLOAD_EXCEPTION');
  });

  it('records the way and the address a file came from', async () => {
    const id = await upload();
    const soql = `SELECT SessionKind__c, LoginIp__c FROM MediaVersion__c WHERE ContentVersionId__c = '${id}'`;
    const versions = await as(request(app).get(`${V}/query?q=${encodeURIComponent(soql)}`));

    expect(versions.body.records[0]).toMatchObject({
      SessionKind__c: 'Oauth2',
      LoginIp__c: expect.stringContaining('127.0.0.1') as string,
    });
  });

  it('tells a clone from what it was made of', () => {
    const { success, exceptionMessage } = org.run(org.users.integrationUserId, 'test', (tx) =>
      org.apex.executeAnonymous(
        tx,
        'Account a = new Account(); Assert.isFalse(a.isClone()); Assert.isTrue(a.clone().isClone());',
      ),
    );

    expect({ success, exceptionMessage }).toEqual({ success: true, exceptionMessage: null });
  });

  it('refuses to invent daily limits', async () => {
    const answer = await as(request(app).get(`${V}/limits`));

    expect(answer.status).toBe(501);
    expect(answer.body[0].errorCode).toBe('NOT_IMPLEMENTED');
  });

  it('reports the limits of background work with its kind and class', async () => {
    await upload();
    org.runDueWork();
    const { body } = await as(request(app).get('/local/limits'));

    const kinds = body.map(({ kind }: { kind: string }) => kind);
    const sources = body.map(({ source }: { source: string }) => source);
    expect(kinds).toContain('queueable');
    expect(sources).toContainEqual(expect.stringMatching(/^queueable \w+/));
    expect(sources).toContainEqual(expect.stringMatching(/^POST \//));
  });

  it('keeps a named credential where only its owner can read it', async () => {
    const set = await as(request(app).put('/local/named-credentials/MediaGuard_Detector')).send({
      url: 'http://127.0.0.1:9',
      headers: { Authorization: 'Bearer secret' },
    });
    const folder = path.join(dataFolder, 'platform');
    const file = readdirSync(folder).find((name) => name.startsWith('named-credentials')) ?? '';

    expect(set.status).toBe(204);
    expect(statSync(path.join(folder, file)).mode & 0o777).toBe(0o600);
    const reopened = createOrg({ projectFolder: PROJECT, dataFolder });
    expect(reopened.services.namedCredentials.resolve('MediaGuard_Detector', '/x').headers).toEqual(
      {
        Authorization: 'Bearer secret',
      },
    );
    reopened.close();
  }, 60_000);

  it('empties everything on reset and leaves the administrator signed in', async () => {
    await upload();
    const reset = await as(request(app).post('/local/reset'));
    const left = await as(
      request(app).get(`${V}/query?q=${encodeURIComponent('SELECT Id FROM ContentVersion')}`),
    );

    expect(reset.status).toBe(204);
    expect(left.body.totalSize).toBe(0);
    expect((await as(request(app).get('/local/outbox'))).body).toEqual([]);
    expect(() => org.services.namedCredentials.resolve('MediaGuard_Detector', '')).toThrow();
    expect(org.runDueWork()).toBe(0);
  });

  it('shows tabs by permission set and profile', () => {
    const administrator = org.users.integrationUserId;
    expect(org.navigation(administrator).showsTab('MediaGuard_Setup')).toBe(true);
    expect(org.navigation('005000000000000AAA').showsTab('MediaGuard_Setup')).toBe(false);
    expect(org.navigation('005000000000000AAA').showsApp('MediaGuard')).toBe(false);
  });
});
