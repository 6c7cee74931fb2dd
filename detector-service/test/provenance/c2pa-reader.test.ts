import { createC2paReader, type C2paWasm } from '../../src/provenance/c2pa-reader.js';
import { reportC2pa } from '../../src/provenance/c2pa-report.js';
import { NO_ANCHORS, type TrustAnchors } from '../../src/provenance/trust-anchors.js';
import { fuse } from '../../src/verdict/fuse.js';
import { c2paFindings } from '../../src/verdict/provenance-findings.js';
import { filler, makeZip } from '../../../scripts/media/containers.js';
import {
  makeAiClaimedPicture,
  makeCameraClaimedPicture,
  makeCleanPicture,
} from '../../../scripts/media/samples.js';
import { signClaim } from '../../../scripts/media/sign-claim.js';
import { makeTestAuthority, type TestAuthority } from '../../../scripts/media/test-authority.js';

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

let authority: TestAuthority;
let anchors: TrustAnchors;
let camera: Buffer;

beforeAll(async () => {
  authority = await makeTestAuthority();
  anchors = { signers: authority.pem, timeStamps: '' };
  camera = await makeCameraClaimedPicture(authority);
});

async function judge(bytes: Buffer, mediaType = 'image/jpeg') {
  const facts = reportC2pa(await createC2paReader(anchors).read(bytes, mediaType));
  const findings = c2paFindings(facts);
  return { ...facts, verdict: fuse(findings), codes: findings.map(({ code }) => code) };
}

/** The same length, so that no box changes its size. */
function replaced(bytes: Buffer, from: string, to: string, which: 'first' | 'last'): Buffer {
  const changed = Buffer.from(bytes);
  const at =
    which === 'first'
      ? changed.indexOf(from, 0, 'latin1')
      : changed.lastIndexOf(from, undefined, 'latin1');
  if (at < 0 || from.length !== to.length) throw new Error(`Expected ${from} in the file.`);
  changed.write(to, at, 'latin1');
  return changed;
}

describe('changes inside the store', () => {
  it.each<[string, (signed: Buffer) => Buffer]>([
    [
      'an assertion says something else',
      (signed) => replaced(signed, 'digitalCapture', 'compositeCaptr', 'first'),
    ],
    [
      'an assertion goes by another name',
      (signed) => replaced(signed, 'c2pa.actions.v2', 'c2pa.actionz.v2', 'first'),
    ],
    [
      'the claim says something else',
      (signed) => replaced(signed, 'Test Camera', 'Best Camera', 'last'),
    ],
  ])('%s: broken', async (_name, change) => {
    const verdict = await judge(change(camera));
    expect(verdict.report.state).not.toBe('valid');
    expect(verdict.verdict).not.toBe('authentic');
  });

  it('names what does not match', async () => {
    const changed = replaced(camera, 'digitalCapture', 'compositeCaptr', 'first');
    expect(await judge(changed)).toMatchObject({
      mismatches: ['assertion.hashedURI.mismatch'],
      verdict: 'tampered',
    });
  });
});

describe('creation by a generator without a digital source type', () => {
  const sign = async (softwareAgent: string) =>
    signClaim(
      await makeCleanPicture(),
      'image/jpeg',
      { generator: 'Some tool', softwareAgent },
      await authority.issue('Signer'),
    );

  it('is AI where the created action names a generator', async () => {
    expect(await judge(await sign('Bing Image Creator'))).toMatchObject({
      creator: 'Microsoft Designer',
      verdict: 'synthetic',
    });
  });

  it('is nothing where it names a camera', async () => {
    expect((await judge(await sign('Pixel Camera'))).creator).toBeNull();
  });
});

describe('what cannot be verified', () => {
  it('a detached store: claims are told, nothing is called broken or synthetic', async () => {
    const store = storeOf(await makeAiClaimedPicture(authority));
    const verdict = await judge(store, 'application/c2pa');
    expect(verdict.report).toMatchObject({
      state: 'unreadable',
      trust: null,
      time: null,
      signer: 'Test Image Generator',
      digitalSourceTypes: ['trainedAlgorithmicMedia'],
    });
    expect(verdict).toMatchObject({ codes: ['c2pa.unreadable'], verdict: 'not_evaluated' });
  });

  it('a store in a format that the reader does not know: the format is named', async () => {
    const ogg = Buffer.concat([Buffer.from('OggS\0'), storeOf(camera), filler(50)]);
    const verdict = await judge(ogg, 'audio/ogg');
    expect(verdict.report.state).toBe('unreadable');
    expect(verdict.unreadableReason).toContain('audio/ogg');
  });

  it.each<[string, Buffer, string]>([
    ['sound in a format that the reader does not know', filler(200), 'audio/ogg'],
    ['an ordinary Word file', makeZip({ 'word/document.xml': '<a/>' }), WORD],
    ['a damaged picture', Buffer.from('\xff\xd8\xff\xe1\xff', 'latin1'), 'image/jpeg'],
    ['text', Buffer.from('jumdc2pa is a word'), 'text/plain'],
  ])('absent: %s', async (_name, bytes, mediaType) => {
    expect((await judge(bytes, mediaType)).report.state).toBe('absent');
  });
});

describe('trust lists', () => {
  it('take authorities for time stamps for nothing else', async () => {
    const reader = createC2paReader({ signers: '', timeStamps: authority.pem });
    const { report } = reportC2pa(await reader.read(camera, 'image/jpeg'));
    expect(report).toMatchObject({ state: 'valid', trust: 'unknown_signer' });
  });
});

describe('a trap in the library', () => {
  it('is unreadable media, and the next file meets a fresh instance', async () => {
    let loads = 0;
    const trap = Object.assign(new Error('unreachable'), { name: 'RuntimeError' });
    const trapping: C2paWasm = {
      WasmReader: class {
        static fromBytes(): Promise<never> {
          return Promise.reject(trap);
        }
      } as unknown as C2paWasm['WasmReader'],
    };
    const reader = createC2paReader(NO_ANCHORS, () => {
      loads += 1;
      return Promise.resolve(trapping);
    });
    expect(await reader.read(camera, 'image/jpeg')).toMatchObject({ kind: 'unreadable' });
    expect(await reader.read(camera, 'image/jpeg')).toMatchObject({ kind: 'unreadable' });
    expect(loads).toBe(2);
  });
});

/** The JUMBF store of a JPEG whose store fits into one APP11 segment. */
function storeOf(jpeg: Buffer): Buffer {
  const at = jpeg.indexOf('jumb', 0, 'latin1') - 4;
  return Buffer.from(jpeg.subarray(at, at + jpeg.readUInt32BE(at)));
}
