import fc from 'fast-check';

import { createC2paReader } from '../../src/provenance/c2pa-reader.js';
import { reportC2pa } from '../../src/provenance/c2pa-report.js';
import { NO_ANCHORS } from '../../src/provenance/trust-anchors.js';
import { fuse } from '../../src/verdict/fuse.js';
import { c2paFindings } from '../../src/verdict/provenance-findings.js';
import {
  flipPixelByte,
  makeAiClaimedPicture,
  makeCameraClaimedPicture,
  makeCleanPicture,
} from '../../../scripts/media/samples.js';
import { makeTestAuthority, type TestAuthority } from '../../../scripts/media/test-authority.js';

const PAST = { from: new Date('2024-01-01T00:00:00Z'), to: new Date('2025-01-01T00:00:00Z') };

let authority: TestAuthority;
let camera: Buffer;
let ai: Buffer;

beforeAll(async () => {
  authority = await makeTestAuthority();
  camera = await makeCameraClaimedPicture(authority);
  ai = await makeAiClaimedPicture(authority);
});

async function judge(bytes: Buffer, signers: string) {
  const facts = reportC2pa(
    await createC2paReader({ signers, timeStamps: '' }).read(bytes, 'image/jpeg'),
  );
  const findings = c2paFindings(facts);
  return {
    ...facts.report,
    verdict: fuse(findings),
    codes: findings.map(({ code }) => code).sort(),
  };
}

describe('the four answers of Content Credentials', () => {
  it.each<[string, () => Promise<Buffer>, boolean, object]>([
    [
      'a camera of a trusted signer',
      () => Promise.resolve(camera),
      true,
      {
        state: 'valid',
        trust: 'trusted',
        time: 'untimestamped',
        verdict: 'authentic',
        codes: ['c2pa.trusted'],
      },
    ],
    [
      'a camera of an unknown signer',
      () => Promise.resolve(camera),
      false,
      {
        state: 'valid',
        trust: 'unknown_signer',
        verdict: 'not_evaluated',
        codes: ['c2pa.unknown_signer'],
      },
    ],
    [
      'a generator of a trusted signer',
      () => Promise.resolve(ai),
      true,
      {
        state: 'valid',
        trust: 'trusted',
        verdict: 'synthetic',
        codes: ['c2pa.ai_generated'],
        digitalSourceTypes: ['trainedAlgorithmicMedia'],
      },
    ],
    [
      'a generator of an unknown signer',
      () => Promise.resolve(ai),
      false,
      {
        state: 'valid',
        trust: 'unknown_signer',
        verdict: 'synthetic',
        codes: ['c2pa.ai_generated', 'c2pa.unknown_signer'],
      },
    ],
    [
      'a camera whose certificate had expired',
      () => makeCameraClaimedPicture(authority, PAST),
      true,
      {
        state: 'valid',
        trust: null,
        time: 'expired',
        verdict: 'not_evaluated',
        codes: ['c2pa.expired'],
      },
    ],
    [
      'a changed picture of a trusted signer',
      () => Promise.resolve(flipPixelByte(camera)),
      true,
      { state: 'broken', trust: 'trusted', verdict: 'tampered', codes: ['c2pa.broken'] },
    ],
    [
      'a changed picture of an unknown signer',
      () => Promise.resolve(flipPixelByte(camera)),
      false,
      { state: 'broken', trust: 'unknown_signer', verdict: 'tampered', codes: ['c2pa.broken'] },
    ],
    [
      'a changed picture of a generator',
      () => Promise.resolve(flipPixelByte(ai)),
      true,
      { state: 'broken', verdict: 'tampered', codes: ['c2pa.ai_generated', 'c2pa.broken'] },
    ],
    [
      'a picture without credentials',
      () => makeCleanPicture(3),
      true,
      {
        state: 'absent',
        trust: null,
        time: null,
        manifests: 0,
        verdict: 'not_evaluated',
        codes: [],
      },
    ],
  ])('%s', async (_name, make, isTrusted, expected) => {
    expect(await judge(await make(), isTrusted ? authority.pem : '')).toMatchObject(expected);
  });

  it('names signer and claim generator', async () => {
    expect(await judge(camera, authority.pem)).toMatchObject({
      signer: 'Test Camera',
      claimGenerator: 'Test Camera',
      manifests: 1,
    });
  });

  it('trusts one authority and no other of the same name', async () => {
    const impostor = await makeTestAuthority();
    expect((await judge(camera, impostor.pem)).trust).toBe('unknown_signer');
  });

  it('never takes changed content for intact', async () => {
    const reader = createC2paReader({ signers: authority.pem, timeStamps: '' });
    const start = contentStart(camera);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: start, max: camera.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, mask) => {
          const bytes = Buffer.from(camera);
          bytes[at] = (bytes[at] as number) ^ mask;
          const { state } = reportC2pa(await reader.read(bytes, 'image/jpeg')).report;
          expect(state).toBe('broken');
        },
      ),
      { numRuns: 40 },
    );
  });

  it('survives truncation and rubbish', async () => {
    const reader = createC2paReader(NO_ANCHORS);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(camera.length),
        fc.uint8Array({ maxLength: 64 }),
        async (length, rubbish) => {
          const bytes = Buffer.concat([camera.subarray(0, length), rubbish]);
          const { state } = reportC2pa(await reader.read(bytes, 'image/jpeg')).report;
          expect(['absent', 'broken', 'unreadable', 'remote']).toContain(state);
        },
      ),
      { numRuns: 40 },
    );
  });
});

/** Where the entropy-coded pixels begin: no change from there on can be mistaken for a change of the file's structure. */
function contentStart(jpeg: Buffer): number {
  return jpeg.indexOf(Buffer.from([0xff, 0xda])) + 20;
}

describe('reportC2pa', () => {
  it('keeps remote credentials remote', () => {
    const facts = reportC2pa({ kind: 'remote', url: 'https://manifests.example/a?token=secret' });
    expect(facts.report.state).toBe('remote');
    const [finding] = c2paFindings(facts);
    expect(finding?.detail).toContain('manifests.example');
    expect(finding?.detail).not.toContain('secret');
  });

  it('keeps ingredient problems apart from the media itself', () => {
    const facts = reportC2pa({
      kind: 'store',
      store: {
        active_manifest: 'a',
        manifests: {
          a: { assertions: [], ingredients: [] },
          b: {
            ingredients: [],
            assertions: [
              {
                label: 'c2pa.actions',
                data: {
                  actions: [
                    {
                      digitalSourceType:
                        'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
                    },
                  ],
                },
              },
            ],
          },
        },
        validation_results: {
          activeManifest: {
            success: [
              { code: 'claimSignature.validated' },
              { code: 'signingCredential.trusted' },
              { code: 'assertion.dataHash.match' },
            ],
            informational: [],
            failure: [],
          },
          ingredientDeltas: [
            {
              ingredientAssertionURI: 'x',
              validationDeltas: {
                success: [],
                informational: [],
                failure: [{ code: 'assertion.dataHash.mismatch' }],
              },
            },
          ],
        },
      },
    });
    expect(facts.report).toMatchObject({
      state: 'valid',
      digitalSourceTypes: ['trainedAlgorithmicMedia'],
      manifests: 2,
    });
    expect(fuse(c2paFindings(facts))).toBe('synthetic');
  });

  it('calls a signature that binds no content unreadable, not valid', () => {
    const facts = reportC2pa({
      kind: 'store',
      store: {
        active_manifest: 'a',
        manifests: { a: { assertions: [], ingredients: [] } },
        validation_results: {
          activeManifest: {
            success: [{ code: 'claimSignature.validated' }],
            informational: [],
            failure: [{ code: 'claim.hardBindings.missing' }],
          },
        },
      },
    });
    expect(facts.report.state).toBe('unreadable');
  });
});
