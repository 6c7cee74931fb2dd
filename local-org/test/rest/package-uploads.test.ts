/** Every way a file comes in over the API, met by the real package, and its verdict event at a streaming client. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import { createOrg, type Org } from '../../src/org/org.js';
import { createApp } from '../../src/rest/app.js';

const PICTURE = Buffer.from([0xff, 0xd8, 0xff, 0xd9]);
const FILE = { Title: 'photo', PathOnClient: 'photo.jpg', VersionData: PICTURE.toString('base64') };
const TYPED_FILE = { attributes: { type: 'ContentVersion' }, ...FILE };
const V = '/services/data/v65.0';

interface Saved {
  readonly id: string;
  readonly success: boolean;
}

describe('files that come in over the API', () => {
  let org: Org;
  let server: Server;
  let url: string;
  let token: string;

  beforeAll(async () => {
    org = createOrg({ projectFolder: path.resolve('..') });
    server = createApp({ org, log: pino({ level: 'silent' }) }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const login = await fetch(`${url}/services/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: 'x',
        client_secret: 'local',
      }),
    });
    token = ((await login.json()) as { access_token: string }).access_token;
  }, 120_000);

  afterAll(() => {
    org.close();
    server.closeAllConnections();
    server.close();
  });

  const post = async <T>(resource: string, body: object): Promise<T> => {
    const answer = await fetch(`${url}${V}${resource}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    });
    return (await answer.json()) as T;
  };

  const query = async <T>(soql: string): Promise<{ totalSize: number; records: T[] }> => {
    const answer = await fetch(`${url}${V}/query?q=${encodeURIComponent(soql)}`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    return (await answer.json()) as { totalSize: number; records: T[] };
  };

  const upload = (): Promise<Saved> => post('/sobjects/ContentVersion', FILE);

  const statusesOf = async (ids: readonly string[]): Promise<string[]> => {
    const list = ids.map((id) => `'${id}'`).join(', ');
    const { records } = await query<{ Status__c: string }>(
      `SELECT Status__c FROM MediaVersion__c WHERE ContentVersionId__c IN (${list})`,
    );
    return records.map((record) => record.Status__c);
  };

  const fileCount = async (): Promise<number> =>
    (await query('SELECT COUNT() FROM ContentVersion')).totalSize;

  it('holds a single file and a collection', async () => {
    const one = await upload();
    const many = await post<Saved[]>('/composite/sobjects', { records: [TYPED_FILE, TYPED_FILE] });

    expect(await statusesOf([one.id, ...many.map(({ id }) => id)])).toEqual([
      'Held',
      'Held',
      'Held',
    ]);
  });

  it('holds the files of a composite request, and those it attaches to a record', async () => {
    const { compositeResponse } = await post<{
      compositeResponse: { body: { id: string }; httpStatusCode: number }[];
    }>('/composite', {
      allOrNone: true,
      compositeRequest: [
        { method: 'POST', url: `${V}/sobjects/Account`, referenceId: 'acme', body: { Name: 'A' } },
        {
          method: 'POST',
          url: `${V}/sobjects/ContentVersion`,
          referenceId: 'attached',
          body: { ...FILE, FirstPublishLocationId: '@{acme.id}' },
        },
        {
          method: 'POST',
          url: `${V}/composite/sobjects`,
          referenceId: 'more',
          body: { records: [TYPED_FILE] },
        },
      ],
    });
    const [, attached, more] = compositeResponse.map(({ body }) => body);
    const moreId = (more as unknown as Saved[])[0]?.id ?? '';

    expect(compositeResponse.map(({ httpStatusCode }) => httpStatusCode)).toEqual([201, 201, 200]);
    expect(await statusesOf([attached?.id ?? '', moreId])).toEqual(['Held', 'Held']);
  });

  it('leaves neither file nor record when an all-or-none request is refused', async () => {
    const before = await fileCount();
    const held = 'SELECT COUNT() FROM MediaVersion__c';
    const heldBefore = (await query(held)).totalSize;
    await post('/composite', {
      allOrNone: true,
      compositeRequest: [
        { method: 'POST', url: `${V}/sobjects/ContentVersion`, referenceId: 'file', body: FILE },
        { method: 'POST', url: `${V}/sobjects/Account`, referenceId: 'bad', body: {} },
      ],
    });
    const refused = await post<Saved[]>('/composite/sobjects', {
      allOrNone: true,
      records: [TYPED_FILE, { ...TYPED_FILE, PathOnClient: null }],
    });

    expect(refused.map(({ success }) => success)).toEqual([false, false]);
    expect(await fileCount()).toBe(before);
    expect((await query(held)).totalSize).toBe(heldBefore);
  });

  it('keeps the good files of a collection that is not all-or-none', async () => {
    const saved = await post<Saved[]>('/composite/sobjects', {
      allOrNone: false,
      records: [TYPED_FILE, { ...TYPED_FILE, PathOnClient: null }],
    });

    expect(saved.map(({ success }) => success)).toEqual([true, false]);
    expect(await statusesOf([saved[0]?.id ?? ''])).toEqual(['Held']);
  });

  it('refuses the bytes of a held file inside a composite request too', async () => {
    const { id } = await upload();
    const { compositeResponse } = await post<{
      compositeResponse: { body: { errorCode: string }[]; httpStatusCode: number }[];
    }>('/composite', {
      compositeRequest: [
        {
          method: 'GET',
          url: `${V}/sobjects/ContentVersion/${id}/VersionData`,
          referenceId: 'bytes',
        },
      ],
    });

    expect(compositeResponse[0]?.httpStatusCode).toBe(403);
    expect(compositeResponse[0]?.body[0]?.errorCode).toBe('CONTENT_CUSTOMIZED_DOWNLOAD_EXCEPTION');
  });

  it('tells a streaming client of a verdict', async () => {
    const { id } = await upload();
    const home = mkdtempSync(path.join(os.tmpdir(), 'streaming-client-'));
    const client = spawn(
      process.execPath,
      [path.resolve('test/support/streaming-client.mjs'), url, '/event/MediaVerdict__e'],
      {
        env: { ...process.env, HOME: home, ACCESS_TOKEN: token, NODE_OPTIONS: '' },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const lines = createInterface({ input: client.stdout })[Symbol.asyncIterator]();

    expect((await lines.next()).value).toBe('subscribed');
    const { success, exceptionMessage } = org.run(org.users.integrationUserId, 'test', (tx) =>
      org.apex.executeAnonymous(tx, clearing(id)),
    );
    expect({ success, exceptionMessage }).toEqual({ success: true, exceptionMessage: null });
    const received = JSON.parse((await lines.next()).value as string) as object;
    expect(received).toMatchObject({ ContentVersionId__c: id, Status__c: 'Cleared' });
    expect(await once(client, 'exit')).toEqual([0, null]);
    rmSync(home, { recursive: true, force: true });
  }, 120_000);
});

/** What the verdict writer of the package does once the detection service has answered. */
const clearing = (id: string): string => `
  List<MediaVersion__c> versions = [
    SELECT Status__c, Verdict__c, Score__c, ContentVersionId__c, Item__c, Item__r.CurrentVersion__c, Item__r.DocumentId__c
    FROM MediaVersion__c WHERE ContentVersionId__c = '${id}'
  ];
  versions[0].Status__c = 'Cleared';
  MediaVersionWriter.save(versions);`;
