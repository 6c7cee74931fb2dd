import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { jest } from '@jest/globals';

import { addTrust, listTrust, removeTrust } from '../../src/cli/trust.js';
import { readConfig } from '../../src/ops/config.js';
import { createC2paReader } from '../../src/provenance/c2pa-reader.js';
import { reportC2pa } from '../../src/provenance/c2pa-report.js';
import { loadTrust } from '../../src/provenance/trust-anchors.js';
import {
  certificatesIn,
  changed,
  EMPTY_TRUST_STORE,
  readTrustStore,
  trustStorePath,
  writeTrustStore,
} from '../../src/provenance/trust-store.js';
import { updatedTrustStore } from '../../src/provenance/trust-update.js';
import { makeCameraClaimedPicture } from '../../../scripts/media/samples.js';
import { makeTestAuthority, type TestAuthority } from '../../../scripts/media/test-authority.js';
import { runProgram } from '../support/program.js';
import { startTlsPeer, type TlsPeer } from '../support/tls-peer.js';

let signers: TestAuthority;
let stamps: TestAuthority;
let own: TestAuthority;
let folder: string;

beforeAll(async () => {
  [signers, stamps, own] = await Promise.all([
    makeTestAuthority('Official Signers'),
    makeTestAuthority('Official Stamps'),
    makeTestAuthority('Own Root'),
  ]);
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-trust-'));
});
afterAll(() => rm(folder, { recursive: true }));

const subjects = ({ certificates }: { certificates: readonly { subject: string }[] }): string[] =>
  certificates.map(({ subject }) => subject.replace(/, O=.*|O=[^,]*, /, ''));

describe('updating from the official lists', () => {
  let peer: TlsPeer;
  let answers: Readonly<Record<string, string | number>>;
  const store = () => ({
    ...EMPTY_TRUST_STORE,
    certificates: certificatesIn(own.pem, 'test', 'signers', 'own'),
  });
  const update = (more: object = {}) =>
    updatedTrustStore(store(), { from: peer.address, ca: peer.ca, timeoutMs: 1500, ...more });

  beforeAll(async () => {
    peer = await startTlsPeer((request, response) => {
      const answer = answers[request.url?.split('/').pop() ?? ''] ?? 404;
      if (answer === 0) return; // Never answers.
      if (typeof answer === 'number') response.writeHead(answer, { Location: '/elsewhere' }).end();
      else response.end(answer);
    });
  });
  beforeEach(() => {
    answers = {
      'C2PA-TRUST-LIST.pem': `Subject: someone\n${signers.pem}`,
      'C2PA-TSA-TRUST-LIST.pem': stamps.pem,
    };
  });
  afterAll(() => peer.close());

  it('records both lists with address, hash and time, and keeps what the operator added', async () => {
    const now = new Date('2026-11-25T12:00:00Z');
    const after = await update({ now });
    expect(after).toMatchObject({ version: 1, changedAt: now.toISOString() });
    expect(after.lists).toEqual([
      {
        kind: 'signers',
        url: `${peer.address}C2PA-TRUST-LIST.pem`,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
        fetchedAt: now.toISOString(),
      },
      expect.objectContaining({ kind: 'time-stamps' }),
    ]);
    expect(after.certificates.map(({ kind, origin }) => `${kind} ${origin}`)).toEqual([
      'signers official',
      'time-stamps official',
      'signers own',
    ]);
  });

  it('drops official certificates that the lists no longer name', async () => {
    const first = await update();
    answers = { ...answers, 'C2PA-TRUST-LIST.pem': stamps.pem };
    const second = await updatedTrustStore(first, { from: peer.address, ca: peer.ca });
    expect(subjects(second)).toEqual(['CN=Official Stamps', 'CN=Official Stamps', 'CN=Own Root']);
  });

  it.each<[string, Record<string, string | number>, object, RegExp]>([
    ['a list is missing', { 'C2PA-TSA-TRUST-LIST.pem': 404 }, {}, /the server answered 404/],
    ['it is sent elsewhere', { 'C2PA-TRUST-LIST.pem': 302 }, {}, /the server answered 302/],
    ['a list holds no certificate', { 'C2PA-TRUST-LIST.pem': '<html>' }, {}, /found none/],
    [
      'a certificate is damaged',
      {
        'C2PA-TRUST-LIST.pem': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
      },
      {},
      /cannot be parsed; nothing was changed/,
    ],
    ['a list is too large', {}, { maxBytes: 100 }, /larger than 100 bytes/],
    ['the server never answers', { 'C2PA-TRUST-LIST.pem': 0 }, { timeoutMs: 300 }, /in time/],
    ['the server is not who it says', {}, { ca: undefined }, /could not fetch it \(/],
    ['nobody is there', {}, { from: 'https://localhost:1/' }, /ECONNREFUSED/],
    ['the address is not encrypted', {}, { from: 'http://localhost/' }, /https address/],
  ])('changes nothing where %s', async (_why, wrong, options, message) => {
    answers = { ...answers, ...wrong };
    await expect(update(options)).rejects.toThrow(message);
  });
});

describe('the store in the data folder', () => {
  it('is empty at first, and keeps the version before a change', async () => {
    const path = trustStorePath(join(folder, 'fresh'));
    expect(await readTrustStore(path)).toEqual(EMPTY_TRUST_STORE);
    const certificates = certificatesIn(own.pem, 'test', 'signers', 'own');
    const first = changed(EMPTY_TRUST_STORE, { certificates }, new Date());
    await writeTrustStore(path, first);
    await writeTrustStore(path, changed(first, { certificates: [] }, new Date()));
    expect(await readTrustStore(path)).toMatchObject({ version: 2, certificates: [] });
    const previous = await readFile(join(folder, 'fresh', 'trust', 'previous.json'), 'utf8');
    expect(JSON.parse(previous)).toEqual(first);
  });

  it('is an error where it is damaged, never an empty list', async () => {
    const path = join(folder, 'damaged.json');
    await writeFile(path, '{"format": 2}');
    await expect(readTrustStore(path)).rejects.toThrow(/format 1/);
  });

  it('judges signers unless a folder of anchors is named, and is named by hash', async () => {
    const path = trustStorePath(join(folder, 'used'));
    const certificates = certificatesIn(own.pem, 'test', 'signers', 'own');
    await writeTrustStore(path, changed(EMPTY_TRUST_STORE, { certificates }, new Date()));
    const picture = await makeCameraClaimedPicture(own);
    const judge = async (anchors: string | undefined) => {
      const trust = await loadTrust(anchors, path);
      const reading = await createC2paReader(trust.anchors).read(picture, 'image/jpeg');
      return { name: trust.name, trust: reportC2pa(reading).report.trust };
    };
    expect(await judge(undefined)).toEqual({
      name: expect.stringMatching(/^trust store version 1 of .*, sha256:[0-9a-f]{64}$/) as unknown,
      trust: 'trusted',
    });
    const others = await mkdtemp(join(folder, 'others-'));
    await writeFile(join(others, 'signers.pem'), signers.pem);
    expect(await judge(others)).toEqual({
      name: expect.stringContaining('folder of trust anchors') as unknown,
      trust: 'unknown_signer',
    });
  });
});

describe('mediaguard trust', () => {
  it('adds, lists and removes', async () => {
    const config = readConfig({ MEDIAGUARD_DATA: join(folder, 'cli') });
    const pem = join(folder, 'own.pem');
    await writeFile(pem, own.pem);

    const added = await printed(() => addTrust(config, pem, 'time-stamps'));
    expect(added).toMatch(/^time-stamps\town\t[0-9a-f]{64}\t2024-01-01\.\.2044-01-01\t.*Own Root/);
    expect(await printed(() => addTrust(config, folder, 'time-stamps'))).toBe(
      'Added 0, already there 1.\n',
    );
    const fingerprint = added.split('\t')[2] ?? '';
    expect(await printed(() => listTrust(config))).toContain(fingerprint);
    await expect(removeTrust(config, fingerprint.slice(0, 7))).rejects.toThrow(/first 8 digits/);
    expect(await printed(() => removeTrust(config, fingerprint.slice(0, 12)))).toMatch(/^removed/);
    expect(await printed(() => listTrust(config))).toContain('No signer is trusted');
  });

  it('says in one line why it cannot update', async () => {
    const data = join(folder, 'offline');
    const run = await runProgram(
      'trust',
      'update',
      '--from',
      'https://localhost:1/',
      '--data',
      data,
    );
    expect(run.code).not.toBe(0);
    expect(run.err).toMatch(/ECONNREFUSED\); the trust store is unchanged/);
  });
});

async function printed(work: () => Promise<void>): Promise<string> {
  let text = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((part) => {
    text += String(part);
    return true;
  });
  try {
    await work();
  } finally {
    write.mockRestore();
  }
  return text;
}
