import { fuse } from '../../../src/verdict/fuse.js';
import type { Finding } from '../../../src/verdict/types.js';
import {
  AFTER,
  BEFORE,
  LATER,
  day,
  detailOf,
  makeScene,
  stampedBy,
  withStore,
  type Scene,
} from '../../support/long-term-signature.js';
import { updatePdf } from '../../support/pdf-writer.js';
import { deltaIndicator } from '../../support/revocation-writer.js';
import { CONTRACT } from '../../support/signed-pdf.js';

const KEY_COMPROMISE = 1;
const ON_HOLD = 6;

let scene: Scene;
beforeAll(async () => {
  scene = await makeScene();
});

const ABOUT_REVOCATION = /^document\.(?:signer_revoked|revocation)/;

function aboutRevocation(findings: readonly Finding[]): string[] {
  return findings.map(({ code }) => code).filter((code) => ABOUT_REVOCATION.test(code));
}

type Case = readonly [
  name: string,
  make: () => Promise<Buffer>,
  codes: readonly string[],
  verdict: string,
  detail: RegExp,
];

const GOOD = ['document.revocation_good'];
const UNKNOWN = ['document.revocation_unknown'];
const REVOKED = ['document.signer_revoked'];
const UNPROVEN = ['document.signer_revoked_unproven'];
const FORGED = ['document.revocation_unknown', 'document.revocation_invalid'];

describe('what a document says of the revocation of its signer', () => {
  const cases: readonly Case[] = [
    [
      'good, by the issuer itself',
      async () => withStore(await scene.signed(), { ocsp: [await scene.ocsp()] }),
      GOOD,
      'authentic',
      /“good” by the OCSP response of MediaGuard Test Root, issued 2026-01-09.*valid until 2026-01-16/,
    ],
    [
      'good, by a responder whom the issuer certified for answering',
      async () =>
        withStore(await scene.signed(), { ocsp: [await scene.ocsp({ by: scene.responder })] }),
      GOOD,
      'authentic',
      /Responder Example/,
    ],
    [
      'good, by a responder named by its key',
      async () =>
        withStore(await scene.signed(), {
          ocsp: [await scene.ocsp({ by: scene.responder, isByKey: true })],
        }),
      GOOD,
      'authentic',
      /Responder Example/,
    ],
    [
      'good, filed under the signature only',
      async () =>
        withStore(await scene.signed(), { ocsp: [await scene.ocsp()], isOfSignature: true }),
      GOOD,
      'authentic',
      /“good”/,
    ],
    [
      'good, within the signature',
      async () => scene.signed({ archive: { ocsp: [await scene.ocsp()] } }),
      GOOD,
      'authentic',
      /“good” by the OCSP response/,
    ],
    [
      'good, by a list within the signature',
      async () => scene.signed({ archive: { crls: [await scene.list()] } }),
      GOOD,
      'authentic',
      /“good” by the revocation list of MediaGuard Test Root/,
    ],
    [
      'good, by an answer that was given later',
      async () => withStore(await scene.signed(), { crls: [await scene.list(LATER)] }),
      GOOD,
      'authentic',
      /issued 2026-03-01/,
    ],
    [
      'nothing at all',
      () => scene.signed(),
      UNKNOWN,
      'authentic',
      /it holds no answer of its authority/,
    ],
    [
      'revoked before it signed, by OCSP',
      async () =>
        withStore(await scene.signed(), {
          ocsp: [await scene.ocsp({ revoked: { at: BEFORE, reason: KEY_COMPROMISE } })],
        }),
      REVOKED,
      'suspect',
      /“revoked since 2026-01-05T00:00:00.000Z \(key compromise\)”/,
    ],
    [
      'revoked before it signed, by a list',
      async () =>
        withStore(await scene.signed(), {
          crls: [await scene.list({ revoked: [{ certificate: scene.signer, at: BEFORE }] })],
        }),
      REVOKED,
      'suspect',
      /“revoked since 2026-01-05T00:00:00.000Z” by the revocation list/,
    ],
    [
      'revoked before it signed, though an older answer says good',
      async () =>
        withStore(await scene.signed(), {
          ocsp: [await scene.ocsp(), await scene.ocsp({ ...LATER, revoked: { at: BEFORE } })],
        }),
      REVOKED,
      'suspect',
      /issued 2026-03-01/,
    ],
    [
      'revoked later, the key lost before it signed',
      async () =>
        withStore(await scene.signed(), {
          crls: [
            await scene.list({
              ...LATER,
              revoked: [{ certificate: scene.signer, at: AFTER, reason: 1, invalidSince: BEFORE }],
            }),
          ],
        }),
      REVOKED,
      'suspect',
      /since 2026-01-05/,
    ],
    [
      'revoked after it signed, by its own clock only',
      async () =>
        withStore(await scene.signed(), {
          ocsp: [await scene.ocsp({ ...LATER, revoked: { at: AFTER } })],
        }),
      UNPROVEN,
      'not_evaluated',
      /no time stamp of an authority you trust/,
    ],
    [
      'revoked after a time stamp of a trusted authority',
      async () =>
        withStore(await scene.signed(stampedBy(scene.stamper)), {
          ocsp: [await scene.ocsp({ ...LATER, revoked: { at: AFTER } })],
        }),
      GOOD,
      'authentic',
      /revoked only after the time stamp of 2026-01-11.*The signature stands/,
    ],
    [
      'revoked after a time stamp of nobody that is trusted',
      async () =>
        withStore(await scene.signed(stampedBy(scene.strangeStamper)), {
          ocsp: [await scene.ocsp({ ...LATER, revoked: { at: AFTER } })],
        }),
      UNPROVEN,
      'not_evaluated',
      /is revoked or on hold/,
    ],
    [
      'revoked between its own clock and a time stamp',
      async () =>
        withStore(await scene.signed(stampedBy(scene.stamper, day('2026-02-20'))), {
          ocsp: [await scene.ocsp({ ...LATER, revoked: { at: AFTER } })],
        }),
      UNPROVEN,
      'not_evaluated',
      /since 2026-02-05/,
    ],
    [
      'on hold, which can be lifted',
      async () =>
        withStore(await scene.signed(), {
          ocsp: [await scene.ocsp({ revoked: { at: BEFORE, reason: ON_HOLD } })],
        }),
      UNPROVEN,
      'not_evaluated',
      /suspended since/,
    ],
    [
      'an answer that had expired when it signed',
      async () =>
        withStore(await scene.signed(), {
          ocsp: [
            await scene.ocsp({ thisUpdate: day('2025-12-01'), nextUpdate: day('2025-12-08') }),
          ],
        }),
      UNKNOWN,
      'authentic',
      /had expired by then/,
    ],
    [
      'a list that had expired when it signed',
      async () =>
        withStore(await scene.signed(), {
          crls: [
            await scene.list({ thisUpdate: day('2025-12-01'), nextUpdate: day('2025-12-08') }),
          ],
        }),
      UNKNOWN,
      'authentic',
      /the revocation list of 2025-12-01.*had expired by then/,
    ],
    [
      'a list that had expired by the time of a time stamp',
      async () =>
        withStore(await scene.signed(stampedBy(scene.stamper, AFTER)), {
          crls: [await scene.list()],
        }),
      UNKNOWN,
      'authentic',
      /had expired by then/,
    ],
    [
      'an answer without an end, older than a day',
      async () =>
        withStore(await scene.signed(), {
          ocsp: [await scene.ocsp({ thisUpdate: day('2026-01-07'), nextUpdate: null })],
        }),
      UNKNOWN,
      'authentic',
      /had expired by then/,
    ],
    [
      'a responder that does not know the certificate',
      async () =>
        withStore(await scene.signed(), { ocsp: [await scene.ocsp({ isUnknown: true })] }),
      UNKNOWN,
      'authentic',
      /does not know it/,
    ],
    [
      'an answer about somebody else',
      async () =>
        withStore(await scene.signed(), { ocsp: [await scene.ocsp({ about: scene.responder })] }),
      UNKNOWN,
      'authentic',
      /none of its answers is about this certificate/,
    ],
    [
      'an answer about the same number of another authority',
      async () =>
        withStore(await scene.signed(), {
          ocsp: [
            await scene.ocsp({
              issuer: scene.stranger.root,
              by: scene.stranger.root,
              revoked: { at: BEFORE },
            }),
          ],
          certificates: scene.stranger.root.chain,
        }),
      UNKNOWN,
      'authentic',
      /none of its answers is about this certificate/,
    ],
    [
      'a responder of another authority',
      async () =>
        withStore(await scene.signed(), {
          ocsp: [await scene.ocsp({ by: scene.stranger.root, revoked: { at: BEFORE } })],
        }),
      UNKNOWN,
      'authentic',
      /by somebody whom the issuer gave no right to answer/,
    ],
    [
      'a responder of the right authority that was certified for something else',
      async () =>
        withStore(await scene.signed(), {
          ocsp: [await scene.ocsp({ by: scene.stamper, revoked: { at: BEFORE } })],
        }),
      UNKNOWN,
      'authentic',
      /gave no right to answer/,
    ],
    [
      'a responder whose certificate is missing',
      async () =>
        withStore(await scene.signed(), {
          ocsp: [await scene.ocsp({ by: scene.responder, isBare: true })],
        }),
      UNKNOWN,
      'authentic',
      /names a responder whose certificate is missing/,
    ],
    [
      'an answer of which “revoked” was made “good”',
      async () =>
        withStore(await scene.signed(), {
          ocsp: [await scene.ocsp({ by: scene.responder, isForged: true })],
        }),
      FORGED,
      'not_evaluated',
      /forged or damaged/,
    ],
    [
      'a list in the name of the issuer, by somebody else',
      async () =>
        withStore(await scene.signed(), {
          crls: [
            await scene.list({
              by: scene.stranger.root,
              issuer: scene.authority.root,
              revoked: [{ certificate: scene.signer, at: BEFORE }],
            }),
          ],
        }),
      FORGED,
      'not_evaluated',
      /the revocation list does not fit its signature/,
    ],
    [
      'a list of another authority',
      async () =>
        withStore(await scene.signed(), {
          crls: [
            await scene.list({
              by: scene.stranger.root,
              revoked: [{ certificate: scene.signer, at: BEFORE }],
            }),
          ],
        }),
      UNKNOWN,
      'authentic',
      /none of its answers/,
    ],
    [
      'revoked before it signed, by a list of thousands',
      async () =>
        withStore(await scene.signed(), {
          crls: [
            await scene.list({
              revoked: [
                ...Array.from({ length: 1600 }, () => ({
                  certificate: scene.responder,
                  at: BEFORE,
                })),
                { certificate: scene.signer, at: BEFORE },
              ],
            }),
          ],
        }),
      REVOKED,
      'suspect',
      /revoked since/,
    ],
    [
      'a list of changes that does not name the signer',
      async () =>
        withStore(await scene.signed(), {
          crls: [await scene.list({ extensions: [deltaIndicator()] })],
        }),
      UNKNOWN,
      'authentic',
      /does not name every revoked certificate/,
    ],
    [
      'a list of changes that names the signer',
      async () =>
        withStore(await scene.signed(), {
          crls: [
            await scene.list({
              extensions: [deltaIndicator()],
              revoked: [{ certificate: scene.signer, at: BEFORE }],
            }),
          ],
        }),
      REVOKED,
      'suspect',
      /revoked since/,
    ],
    [
      'bytes that are no answer',
      async () =>
        withStore(await scene.signed(), {
          ocsp: [Buffer.from('no response')],
          crls: [Buffer.from([0x30, 0x80, 1, 2, 3])],
        }),
      UNKNOWN,
      'authentic',
      /what it holds of answers could not be read/,
    ],
  ];

  it.each(cases)('%s', async (_, make, codes, verdict, detail) => {
    const { findings } = await scene.judge(await make());
    expect(aboutRevocation(findings)).toEqual(codes);
    expect(detailOf(findings, codes[0] ?? '')).toMatch(detail);
    expect(fuse(findings)).toBe(verdict);
    // None of this is about the bytes: they are what was signed.
    expect(findings.map(({ code }) => code)).toContain('document.signature_valid');
  });

  it('accuses a revoked signer without any list of trust, by the word of their own issuer', async () => {
    const pdf = withStore(await scene.signed(), {
      ocsp: [await scene.ocsp({ revoked: { at: BEFORE } })],
      certificates: scene.authority.root.chain,
    });
    expect(fuse((await scene.judge(pdf, [])).findings)).toBe('suspect');
  });

  it('reads answers that a changed document no longer refers to as nothing', async () => {
    const pdf = updatePdf(withStore(await scene.signed(), { ocsp: [await scene.ocsp()] }), {
      1: CONTRACT[1] ?? '',
    });
    expect(aboutRevocation((await scene.judge(pdf)).findings)).toEqual(UNKNOWN);
  });
});
