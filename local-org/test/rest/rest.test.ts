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

  const create = (referenceId: string, fields: object): object => ({
    method: 'POST',
    url: `${V}/sobjects/Gadget__c`,
    referenceId,
    body: fields,
  });
  const compose = (body: object): Test => as(request(app).post(`${V}/composite`)).send(body);
  const codes = (answer: { body: { compositeResponse: { httpStatusCode: number }[] } }) =>
    answer.body.compositeResponse.map(({ httpStatusCode }) => httpStatusCode);
  const countNamed = async (name: string): Promise<number> => {
    const soql = encodeURIComponent(`SELECT Id FROM Gadget__c WHERE Name = '${name}'`);
    return (await as(request(app).get(`${V}/query?q=${soql}`))).body.totalSize as number;
  };

  it('lets a part of a composite request use what an earlier one answered', async () => {
    const answer = await compose({
      compositeRequest: [
        {
          method: 'POST',
          url: `${V}/sobjects/Account`,
          referenceId: 'acme',
          body: { Name: 'Acme' },
        },
        create('lamp', { Name: 'Composed', Account__c: '@{acme.id}' }),
        {
          method: 'GET',
          url: `${V}/sobjects/Gadget__c/@{lamp.id}?fields=Account__c`,
          referenceId: 'read',
        },
      ],
    });

    const [account, , read] = answer.body.compositeResponse;
    expect(codes(answer)).toEqual([201, 201, 200]);
    expect(read.body.Account__c).toBe(account.body.id);
  });

  it('keeps the accepted parts of a composite request, and halts those that need the refused', async () => {
    const answer = await compose({
      compositeRequest: [
        create('good', { Name: 'PartKept' }),
        create('bad', { Nonsense__c: 1 }),
        { method: 'GET', url: `${V}/sobjects/Gadget__c/@{bad.id}`, referenceId: 'needs' },
      ],
    });

    expect(codes(answer)).toEqual([201, 400, 400]);
    expect(answer.body.compositeResponse[2].body[0].errorCode).toBe('PROCESSING_HALTED');
    expect(await countNamed('PartKept')).toBe(1);
  });

  it('takes everything back when a part of an all-or-none request is refused', async () => {
    const answer = await compose({
      allOrNone: true,
      compositeRequest: [
        create('first', { Name: 'AllOrNone' }),
        { method: 'GET', url: `${V}/sobjects/Gadget__c/@{first.id}`, referenceId: 'seen' },
        create('bad', { Nonsense__c: 1 }),
        create('never', { Name: 'AllOrNone' }),
      ],
    });

    const errors = answer.body.compositeResponse.map(
      ({ body }: { body: { errorCode: string }[] }) => body[0]?.errorCode,
    );
    expect(codes(answer)).toEqual([400, 400, 400, 400]);
    expect(errors).toEqual([
      'PROCESSING_HALTED',
      'PROCESSING_HALTED',
      'INVALID_FIELD',
      'PROCESSING_HALTED',
    ]);
    expect(await countNamed('AllOrNone')).toBe(0);
  });

  it('keeps an all-or-none request in which every part is accepted, in one unit of work', async () => {
    const answer = await compose({
      allOrNone: true,
      compositeRequest: [
        create('one', { Name: 'Together' }),
        {
          method: 'GET',
          url: `${V}/sobjects/Gadget__c/@{one.id}?fields=Name`,
          referenceId: 'seen',
        },
      ],
    });

    expect(codes(answer)).toEqual([201, 200]);
    expect(answer.body.compositeResponse[1].body.Name).toBe('Together');
    expect(await countNamed('Together')).toBe(1);
  });

  it.each([
    [[{ method: 'GET', url: `${V}/sobjects` }], 400],
    [[create('same', { Name: 'x' }), create('same', { Name: 'y' })], 400],
  ])('refuses parts without names of their own', async (compositeRequest, status) => {
    expect((await compose({ compositeRequest })).status).toBe(status);
  });

  it('lets no part leave the data API', async () => {
    const answer = await compose({
      compositeRequest: [{ method: 'POST', url: 'http://169.254.169.254/', referenceId: 'out' }],
    });

    expect(answer.body.compositeResponse[0].body[0].errorCode).toBe('INVALID_INPUT');
  });

  it('stops a batch at the first refusal when asked to', async () => {
    const answer = await as(request(app).post(`${V}/composite/batch`)).send({
      haltOnError: true,
      batchRequests: [
        { method: 'GET', url: 'v65.0/sobjects/Gadget__c/describe' },
        { method: 'GET', url: 'v65.0/sobjects/Nonsense__c/describe' },
        { method: 'POST', url: 'v65.0/sobjects/Gadget__c', richInput: { Name: 'Halted' } },
      ],
    });

    const statuses = answer.body.results.map(
      ({ statusCode }: { statusCode: number }) => statusCode,
    );
    expect(answer.body.hasErrors).toBe(true);
    expect(statuses).toEqual([200, 404, 412]);
    expect(await countNamed('Halted')).toBe(0);
  });

  it('saves a tree of records with their children', async () => {
    const tree = (name: string, key: string): object => ({
      records: [
        {
          attributes: { type: 'Account', referenceId: 'acme' },
          Name: name,
          Gadgets__r: {
            records: [
              { attributes: { type: 'Gadget__c', referenceId: 'g1' }, Name: name, Key__c: 'tree' },
              { attributes: { type: 'Gadget__c', referenceId: 'g2' }, Name: name, Key__c: key },
            ],
          },
        },
      ],
    });
    const good = await as(request(app).post(`${V}/composite/tree/Account`)).send(
      tree('Tree', 't2'),
    );
    const bad = await as(request(app).post(`${V}/composite/tree/Account`)).send(tree('No', 'tree'));

    const children = encodeURIComponent(
      `SELECT Id FROM Gadget__c WHERE Account__c = '${good.body.results[0].id}'`,
    );
    expect([good.status, good.body.hasErrors, good.body.results.length]).toEqual([201, false, 3]);
    expect((await as(request(app).get(`${V}/query?q=${children}`))).body.totalSize).toBe(2);
    expect([bad.status, bad.body.hasErrors]).toEqual([400, true]);
    expect(bad.body.results[0].errors[0].statusCode).toBe('DUPLICATE_VALUE');
    expect(await countNamed('No')).toBe(0);
  });

  it('changes, reads and deletes a collection', async () => {
    const type = { attributes: { type: 'Gadget__c' } };
    const collection = `${V}/composite/sobjects`;
    const made = await as(request(app).post(collection)).send({
      records: [
        { ...type, Name: 'C1' },
        { ...type, Name: 'C2' },
      ],
    });
    const [first, second] = made.body.map(({ id }: { id: string }) => id) as [string, string];
    const changed = await as(request(app).patch(collection)).send({
      records: [
        { ...type, id: first, Name: 'C1b' },
        { ...type, id: second, Weight__c: 2 },
      ],
    });
    const read = await as(
      request(app).get(`${collection}/Gadget__c?ids=${second},${first}&fields=Name,Weight__c`),
    );
    const deleted = await as(request(app).delete(`${collection}?ids=${first},${second}`));

    expect(changed.body.map((row: { success: boolean }) => row.success)).toEqual([true, true]);
    expect(read.body).toMatchObject([{ Name: 'C2', Weight__c: 2 }, { Name: 'C1b' }]);
    expect(deleted.body.map((row: { success: boolean }) => row.success)).toEqual([true, true]);
    expect(await countNamed('C2')).toBe(0);
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

  it('lets no subscription wait for a poll in the same envelope', async () => {
    const send = (...messages: object[]): Test =>
      as(request(app).post('/cometd/65.0')).send(messages);
    const [{ clientId }] = (await send({ channel: '/meta/handshake' })).body;
    const answer = await send(
      { channel: '/meta/connect', clientId, connectionType: 'long-polling' },
      { channel: '/meta/subscribe', clientId, subscription: '/event/Sold__e' },
    );

    expect(answer.body.map(({ channel }: { channel: string }) => channel)).toEqual([
      '/meta/subscribe',
      '/meta/connect',
    ]);
  }, 20_000);

  it('publishes a collection of events, and takes no mixture', async () => {
    const event = { attributes: { type: 'Sold__e' } };
    const publish = (records: object[]): Test =>
      as(request(app).post(`${V}/composite/sobjects`)).send({ records });
    const events = await publish([event, event]);
    const mixture = await publish([event, { attributes: { type: 'Gadget__c' }, Name: 'Mixed' }]);

    expect(events.body.map((row: { success: boolean }) => row.success)).toEqual([true, true]);
    expect(mixture.status).toBe(400);
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
