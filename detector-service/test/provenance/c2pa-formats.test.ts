import fc from 'fast-check';

import { createC2paReader, type C2paReader } from '../../src/provenance/c2pa-reader.js';
import { reportC2pa } from '../../src/provenance/c2pa-report.js';
import { fuse } from '../../src/verdict/fuse.js';
import { c2paFindings } from '../../src/verdict/provenance-findings.js';
import { SAMPLE_FORMATS, type SampleFormat } from '../../../scripts/media/sample-formats.js';
import { signClaim, type Claim } from '../../../scripts/media/sign-claim.js';
import {
  makeTestAuthority,
  type TestAuthority,
  type TestSigner,
} from '../../../scripts/media/test-authority.js';

const PAST = { from: new Date('2024-01-01T00:00:00Z'), to: new Date('2025-01-01T00:00:00Z') };
const CAMERA: Claim = { generator: 'Camera', digitalSourceType: 'digitalCapture' };
const GENERATOR: Claim = {
  generator: 'Generator',
  digitalSourceType: 'trainedAlgorithmicMedia',
};
const EDITOR: Claim = { generator: 'Editor', isEdit: true };

let trusted: TestAuthority;
let stamps: TestAuthority;
let reader: C2paReader;
let signer: TestSigner;
let stranger: TestSigner;
let lapsed: TestSigner;
let stamper: TestSigner;
let strangeStamper: TestSigner;
let person: TestSigner;

beforeAll(async () => {
  trusted = await makeTestAuthority('Trusted Root');
  stamps = await makeTestAuthority('Time Root');
  const other = await makeTestAuthority('Other Root');
  reader = createC2paReader({ signers: trusted.pem, timeStamps: stamps.pem });
  signer = await trusted.issue('Signer');
  stranger = await other.issue('Stranger');
  lapsed = await trusted.issue('Lapsed', PAST);
  stamper = await stamps.issueTimeStamper('Stamper');
  strangeStamper = await other.issueTimeStamper('Strange stamper');
  person = await other.issue('Jane Doe');
});

/** Everything about a reading that could be confused with something else. */
async function judge(bytes: Buffer, mediaType: string) {
  const facts = reportC2pa(await reader.read(bytes, mediaType));
  const { state, trust, time, digitalSourceTypes, ingredients, identity } = facts.report;
  const findings = c2paFindings(facts);
  return {
    state,
    trust,
    time,
    types: digitalSourceTypes,
    ingredients: ingredients.map((one) => `${one.relationship} ${one.state}`),
    identity: identity?.state ?? null,
    codes: findings.map(({ code }) => code).sort(),
    verdict: fuse(findings),
  };
}

/** Where bytes of the unsigned media lie in the signed one: content, and so within every hashed range. */
function contentStart(unsigned: Buffer, signed: Buffer): number {
  for (let from = Math.floor(unsigned.length * 0.7); from > 0; from -= 1) {
    const at = signed.indexOf(unsigned.subarray(from, from + CONTENT_SPAN));
    if (at >= 0) return at;
  }
  throw new Error('Expected content of the unsigned media in the signed one but found none.');
}
const CONTENT_SPAN = 24;

function flip(bytes: Buffer, at: number, mask = 1): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] as number) ^ mask;
  return changed;
}

const REMOTE: Claim = { ...CAMERA, remoteUrl: 'https://credentials.example/a?token=secret' };
const isZip = ({ name }: SampleFormat): boolean => name === 'Word';

describe.each(SAMPLE_FORMATS.map((format) => [format.name, format] as const))(
  'Content Credentials in %s',
  (_name, format) => {
    const { mediaType } = format;
    let plain: Buffer;
    const sign = (claim: Claim, by: TestSigner, media = plain): Promise<Buffer> =>
      signClaim(media, mediaType, claim, by);

    beforeAll(async () => {
      plain = await format.make();
    });

    it.each<[string, () => Promise<Buffer>, object]>([
      [
        'valid, trusted',
        () => sign(CAMERA, signer),
        {
          state: 'valid',
          trust: 'trusted',
          time: 'untimestamped',
          types: ['digitalCapture'],
          codes: ['c2pa.trusted'],
          verdict: 'authentic',
        },
      ],
      [
        'valid, unknown signer',
        () => sign(CAMERA, stranger),
        {
          state: 'valid',
          trust: 'unknown_signer',
          codes: ['c2pa.unknown_signer'],
          verdict: 'not_evaluated',
        },
      ],
      [
        'valid, expired since, with a time stamp',
        () => sign({ ...CAMERA, timeStamp: { authority: stamper, at: PAST.from } }, lapsed),
        {
          state: 'valid',
          trust: 'trusted',
          time: 'current',
          codes: ['c2pa.trusted'],
          verdict: 'authentic',
        },
      ],
      [
        'valid, expired, stamped by nobody we know',
        () => sign({ ...CAMERA, timeStamp: { authority: strangeStamper, at: PAST.from } }, lapsed),
        { state: 'valid', trust: null, time: 'expired', verdict: 'not_evaluated' },
      ],
      [
        'valid, expired',
        () => sign(CAMERA, lapsed),
        {
          state: 'valid',
          trust: null,
          time: 'expired',
          codes: ['c2pa.expired'],
          verdict: 'not_evaluated',
        },
      ],
      [
        'AI-labelled',
        () => sign(GENERATOR, signer),
        {
          state: 'valid',
          trust: 'trusted',
          codes: ['c2pa.ai_generated'],
          verdict: 'synthetic',
        },
      ],
      [
        'AI-labelled, expired, by an unknown signer',
        async () => sign(GENERATOR, await (await makeTestAuthority()).issue('Old', PAST)),
        {
          state: 'valid',
          time: 'expired',
          codes: ['c2pa.ai_generated', 'c2pa.expired'],
          verdict: 'synthetic',
        },
      ],
      [
        'AI in the ingredient only',
        async () => sign(EDITOR, signer, await sign(GENERATOR, signer)),
        {
          state: 'valid',
          types: ['trainedAlgorithmicMedia'],
          ingredients: ['parentOf valid'],
          codes: ['c2pa.ai_generated'],
          verdict: 'synthetic',
        },
      ],
      [
        'a broken ingredient',
        async () => {
          const made = await sign(CAMERA, signer);
          return sign(EDITOR, signer, flip(made, contentStart(plain, made)));
        },
        {
          state: 'valid',
          ingredients: ['parentOf broken'],
          codes: ['c2pa.ingredient_problem'],
          verdict: 'not_evaluated',
        },
      ],
      [
        'broken hash',
        async () => {
          const made = await sign(CAMERA, signer);
          return flip(made, contentStart(plain, made));
        },
        { state: 'broken', codes: ['c2pa.broken'], verdict: 'tampered' },
      ],
      [
        'broken hash, AI-labelled',
        async () => {
          const made = await sign(GENERATOR, stranger);
          return flip(made, contentStart(plain, made));
        },
        { state: 'broken', codes: ['c2pa.ai_generated', 'c2pa.broken'], verdict: 'tampered' },
      ],
      [
        'broken signature',
        () => sign({ ...CAMERA, isForged: true }, signer),
        { state: 'broken', trust: null, time: null, codes: ['c2pa.broken'], verdict: 'tampered' },
      ],
      [
        'an identity beside the signer',
        () => sign({ ...CAMERA, identity: person }, signer),
        { state: 'valid', trust: 'trusted', identity: 'validated', verdict: 'authentic' },
      ],
      [
        'a known identity beside an unknown signer',
        () => sign({ ...CAMERA, identity: signer }, stranger),
        {
          state: 'valid',
          trust: 'unknown_signer',
          identity: 'validated',
          verdict: 'not_evaluated',
        },
      ],
      [
        'removed',
        () => Promise.resolve(plain),
        { state: 'absent', trust: null, time: null, codes: [], verdict: 'not_evaluated' },
      ],
    ])('%s', async (_kind, make, expected) => {
      expect(await judge(await make(), mediaType)).toMatchObject(expected);
    });

    // The library keeps no address in zip-based documents.
    if (!isZip(format)) {
      it('kept elsewhere: named by host, never fetched', async () => {
        const { report } = reportC2pa(await reader.read(await sign(REMOTE, signer), mediaType));
        expect(report).toMatchObject({ state: 'remote', remoteHost: 'credentials.example' });
        expect(JSON.stringify(report)).not.toContain('secret');
      });
    }

    it('is never valid after a change of the content', async () => {
      const made = await sign(CAMERA, signer);
      const start = contentStart(plain, made);
      await fc.assert(
        fc.asyncProperty(
          fc.nat(CONTENT_SPAN - 1),
          fc.integer({ min: 1, max: 255 }),
          async (offset, mask) => {
            const { state } = await judge(flip(made, start + offset, mask), mediaType);
            expect(state).not.toBe('valid');
          },
        ),
        { numRuns: 25 },
      );
    });
  },
);

describe('any change of a signed file', () => {
  it.each(SAMPLE_FORMATS.map((format) => [format.name, format] as const))(
    'leaves what a valid %s says as it was signed',
    async (_name, format) => {
      const made = await signClaim(await format.make(), format.mediaType, GENERATOR, signer);
      const original = reportC2pa(await reader.read(made, format.mediaType)).report;
      await fc.assert(
        fc.asyncProperty(
          fc.nat(made.length - 1),
          fc.integer({ min: 1, max: 255 }),
          async (at, mask) => {
            const { report } = reportC2pa(
              await reader.read(flip(made, at, mask), format.mediaType),
            );
            if (report.state !== 'valid') return;
            expect({ ...report, strictness: [] }).toEqual({ ...original, strictness: [] });
          },
        ),
        { numRuns: 60 },
      );
    },
  );
});
