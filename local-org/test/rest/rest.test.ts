import { pino } from 'pino';
import request, { type Test } from 'supertest';
import { createApp } from '../../src/rest/app.js';
import { smallOrg, type SmallOrg } from '../support/small-org.js';

const GADGET = `<?xml version="1.0" encoding="UTF-8"?>
<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata">
  <deploymentStatus>Deployed</deploymentStatus><label>Gadget</label><pluralLabel>Gadgets</pluralLabel>
  <nameField><label>Gadget Name</label><type>Text</type></nameField><sharingModel>ReadWrite</sharingModel>
</CustomObject>`;

const field = (name: string, body: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<CustomField xmlns="http://soap.sforce.com/2006/04/metadata"><fullName>${name}</fullName><label>${name.replace('__c', '')}</label>${body}</CustomField>`;

const FILES = {
  'objects/Gadget__c/Gadget__c.object-meta.xml': GADGET,
  'objects/Gadget__c/fields/Key__c.field-meta.xml': field(
    'Key__c',
    '<type>Text</type><length>40</length><externalId>true</externalId><unique>true</unique>',
  ),
  'objects/Gadget__c/fields/Weight__c.field-meta.xml': field(
    'Weight__c',
    '<type>Number</type><precision>10</precision><scale>2</scale>',
  ),
  'objects/Gadget__c/fields/SoldOn__c.field-meta.xml': field('SoldOn__c', '<type>Date</type>'),
  'objects/Gadget__c/fields/Account__c.field-meta.xml': field(
    'Account__c',
    '<type>Lookup</type><referenceTo>Account</referenceTo><relationshipName>Gadgets</relationshipName>',
  ),
  'objects/Sold__e/Sold__e.object-meta.xml': `<?xml version="1.0" encoding="UTF-8"?>
<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata"><deploymentStatus>Deployed</deploymentStatus>
<eventType>HighVolume</eventType><label>Sold</label><pluralLabel>Sold</pluralLabel><publishBehavior>PublishImmediately</publishBehavior></CustomObject>`,
};

const V = '/services/data/v65.0';

describe('the REST API', () => {
  let org: SmallOrg;
  let app: ReturnType<typeof createApp>;
  let token: string;

  beforeAll(async () => {
    org = smallOrg({ files: FILES });
    app = createApp({ org, log: pino({ level: 'silent' }) });
    const login = await request(app).post('/services/oauth2/token').type('form').send({
      grant_type: 'password',
      client_id: 'x',
      username: 'ada@example.com',
      password: 'local-org',
    });
    token = login.body.access_token;
  });

  afterAll(() => org.close());

  const as = (test: Test): Test => test.set('Authorization', `Bearer ${token}`);

  it('gives no session for a wrong password', async () => {
    const answer = await request(app)
      .post('/services/oauth2/token')
      .type('form')
      .send({ grant_type: 'password', username: 'ada@example.com', password: 'wrong' });

    expect(answer.status).toBe(400);
    expect(answer.body.error).toBe('invalid_grant');
  });

  it('answers INVALID_SESSION_ID without a session', async () => {
    const answer = await request(app).get(`${V}/sobjects`);

    expect(answer.status).toBe(401);
    expect(answer.body[0].errorCode).toBe('INVALID_SESSION_ID');
  });

  it('refuses an unsigned JWT', async () => {
    const part = (value: object): string =>
      Buffer.from(JSON.stringify(value)).toString('base64url');
    const assertion = `${part({ alg: 'none' })}.${part({ sub: 'ada@example.com', exp: 9e9 })}.`;
    const answer = await request(app)
      .post('/services/oauth2/token')
      .type('form')
      .send({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });

    expect(answer.status).toBe(400);
    expect(answer.body.access_token).toBeUndefined();
  });

  it('logs in by SOAP', async () => {
    const body = `<se:Envelope xmlns:se="http://schemas.xmlsoap.org/soap/envelope/"><se:Body>
      <login xmlns="urn:partner.soap.sforce.com"><username>uma@example.com</username><password>local-org</password></login>
      </se:Body></se:Envelope>`;
    const answer = await request(app).post('/services/Soap/u/65.0').type('text/xml').send(body);

    const sessionId = /<sessionId>([^<]+)</.exec(answer.text)?.[1]?.replace(/&#33;/g, '!');
    const info = await request(app)
      .get('/services/oauth2/userinfo')
      .set('Authorization', `Bearer ${sessionId}`);
    expect(info.body.preferred_username).toBe('uma@example.com');
  });

  it('creates, reads, changes and deletes a record', async () => {
    const created = await as(request(app).post(`${V}/sobjects/Gadget__c`)).send({
      Name: 'Lamp',
      Weight__c: 1.25,
      SoldOn__c: '2026-11-22',
    });
    const url = `${V}/sobjects/Gadget__c/${created.body.id}`;
    const read = await as(request(app).get(url));
    const changed = await as(request(app).patch(url)).send({ Weight__c: null });
    const after = await as(request(app).get(`${url}?fields=Weight__c,Name`));
    const deleted = await as(request(app).delete(url));
    const gone = await as(request(app).get(url));

    expect(created.status).toBe(201);
    expect(read.body).toMatchObject({ Name: 'Lamp', Weight__c: 1.25, SoldOn__c: '2026-11-22' });
    expect([changed.status, deleted.status, gone.status]).toEqual([204, 204, 404]);
    expect(after.body.Weight__c).toBeNull();
  });

  it.each([
    [{ Nonsense__c: 1 }, 'INVALID_FIELD'],
    [{ Weight__c: 'heavy' }, 'JSON_PARSER_ERROR'],
    [{ SoldOn__c: 'tomorrow' }, 'JSON_PARSER_ERROR'],
  ])('refuses %j with %s', async (fields, code) => {
    const answer = await as(request(app).post(`${V}/sobjects/Gadget__c`)).send(fields);

    expect(answer.status).toBe(400);
    expect(answer.body[0].errorCode).toBe(code);
  });

  it('upserts by an external id', async () => {
    const url = `${V}/sobjects/Gadget__c/Key__c/k-1`;
    const first = await as(request(app).patch(url)).send({ Name: 'First' });
    const second = await as(request(app).patch(url)).send({ Name: 'Second' });
    const read = await as(request(app).get(url));

    expect([first.status, first.body.created]).toEqual([201, true]);
    expect([second.status, second.body.created]).toEqual([200, false]);
    expect(read.body.Name).toBe('Second');
  });

  it('gives large results in batches', async () => {
    const records = Array.from({ length: 200 }, (_, index) => ({
      attributes: { type: 'Gadget__c' },
      Name: `Batch ${index}`,
    }));
    for (let call = 0; call < 2; call += 1)
      await as(request(app).post(`${V}/composite/sobjects`)).send({ records });
    const soql = encodeURIComponent("SELECT Id, Name FROM Gadget__c WHERE Name LIKE 'Batch%'");
    const first = await as(request(app).get(`${V}/query?q=${soql}`)).set(
      'Sforce-Query-Options',
      'batchSize=250',
    );
    const second = await as(request(app).get(first.body.nextRecordsUrl));

    expect(first.body).toMatchObject({ totalSize: 400, done: false });
    expect(first.body.records).toHaveLength(250);
    expect(second.body.done).toBe(true);
    expect(second.body.records).toHaveLength(150);
  });

  it('gives no cursor to another user', async () => {
    const soql = encodeURIComponent('SELECT Id FROM Gadget__c');
    const first = await as(request(app).get(`${V}/query?q=${soql}`)).set(
      'Sforce-Query-Options',
      'batchSize=200',
    );
    const login = await request(app)
      .post('/services/oauth2/token')
      .type('form')
      .send({ grant_type: 'password', username: 'uma@example.com', password: 'local-org' });
    const answer = await request(app)
      .get(first.body.nextRecordsUrl)
      .set('Authorization', `Bearer ${login.body.access_token}`);

    expect(answer.body[0].errorCode).toBe('INVALID_QUERY_LOCATOR');
  });

  it('reports a malformed query with its code', async () => {
    const answer = await as(request(app).get(`${V}/query?q=SELECT+FROM+Gadget__c`));

    expect(answer.status).toBe(400);
    expect(answer.body[0].errorCode).toBe('MALFORMED_QUERY');
  });

  it('rolls a collection back when allOrNone is set', async () => {
    const records = [
      { attributes: { type: 'Gadget__c' }, Name: 'Kept?', Key__c: 'same' },
      { attributes: { type: 'Gadget__c' }, Name: 'Refused', Key__c: 'same' },
    ];
    const all = await as(request(app).post(`${V}/composite/sobjects`)).send({
      allOrNone: true,
      records,
    });
    const some = await as(request(app).post(`${V}/composite/sobjects`)).send({ records });

    expect(all.body.map((row: { success: boolean }) => row.success)).toEqual([false, false]);
    expect(some.body.map((row: { success: boolean }) => row.success)).toEqual([true, false]);
  });

  it('describes an object for the user', async () => {
    const answer = await as(request(app).get(`${V}/sobjects/gadget__c/describe`));

    const fields = new Map(
      answer.body.fields.map((entry: { name: string }) => [entry.name, entry]),
    );
    expect(answer.body).toMatchObject({ name: 'Gadget__c', custom: true, createable: true });
    expect(fields.get('Key__c')).toMatchObject({ externalId: true, unique: true, type: 'string' });
    expect(fields.get('Account__c')).toMatchObject({
      referenceTo: ['Account'],
      relationshipName: 'Account__r',
    });
  });

  it('changes nothing for a cookie without the header of the page', async () => {
    const cookie = `sid=${encodeURIComponent(token)}`;
    const url = `${V}/sobjects/Gadget__c`;
    const forged = await request(app).post(url).set('Cookie', cookie).send({ Name: 'Forged' });
    const own = await request(app)
      .post(url)
      .set('Cookie', cookie)
      .set('X-Local-Org', 'shell')
      .send({ Name: 'Own' });

    expect(forged.status).toBe(403);
    expect(own.status).toBe(201);
  });

  it('streams a platform event to a CometD client', async () => {
    const send = (message: object): Test => as(request(app).post('/cometd/65.0')).send([message]);
    const [{ clientId }] = (await send({ channel: '/meta/handshake' })).body;
    await send({ channel: '/meta/subscribe', clientId, subscription: '/event/Sold__e' });
    await as(request(app).post(`${V}/sobjects/Sold__e`)).send({});
    const answer = await send({
      channel: '/meta/connect',
      clientId,
      connectionType: 'long-polling',
    });

    expect(answer.body[0]).toMatchObject({ channel: '/meta/connect', successful: true });
    expect(answer.body[1]).toMatchObject({ channel: '/event/Sold__e' });
    expect(answer.body[1].data.event.replayId).toBeGreaterThan(0);
  });

  it('moves the clock forward only', async () => {
    const before = await as(request(app).get('/local/clock'));
    const answer = await as(request(app).post('/local/clock/advance')).send({ seconds: 3600 });
    const refused = await as(request(app).post('/local/clock/advance')).send({ seconds: -1 });

    const moved = Date.parse(answer.body.now) - Date.parse(before.body.now);
    expect(moved).toBeGreaterThanOrEqual(3_600_000);
    expect(refused.status).toBe(400);
  });

  it('answers an unknown path with NOT_FOUND', async () => {
    const answer = await as(request(app).get(`${V}/nonsense`));

    expect(answer.status).toBe(404);
    expect(answer.body[0].errorCode).toBe('NOT_FOUND');
  });
});
