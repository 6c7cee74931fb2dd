import { X509Certificate } from 'node:crypto';

import { createPdfDetector } from '../../../src/detectors/pdf/detector.js';
import type { Detection } from '../../../src/detectors/types.js';
import { fuse } from '../../../src/verdict/fuse.js';
import type { Finding } from '../../../src/verdict/types.js';
import {
  makeTestAuthority,
  type TestAuthority,
  type TestSigner,
} from '../../../../scripts/media/test-authority.js';
import { timeStamp, type CmsOptions } from '../../support/cms-writer.js';
import { documentSubject } from '../../support/document-subject.js';
import { stream, updatePdf } from '../../support/pdf-writer.js';
import {
  deltaIndicator,
  ocspResponse,
  revocationList,
  type ListOptions,
  type OcspOptions,
} from '../../support/revocation-writer.js';
import { contract, CONTRACT, signPdf } from '../../support/signed-pdf.js';

const day = (text: string): Date => new Date(`${text}T00:00:00Z`);
const SIGNED_AT = day('2026-01-10');
const BEFORE = day('2026-01-05');
const AFTER = day('2026-02-05');
const STAMPED_AT = day('2026-01-11');
/** A week around the time of signing. */
const CURRENT = { thisUpdate: day('2026-01-09'), nextUpdate: day('2026-01-16') };
const LATER = { thisUpdate: day('2026-03-01'), nextUpdate: day('2026-03-08') };
const KEY_COMPROMISE = 1;
const ON_HOLD = 6;

let authority: TestAuthority;
let stranger: TestAuthority;
let signer: TestSigner;
let responder: TestSigner;
let stamper: TestSigner;
let strangeStamper: TestSigner;

beforeAll(async () => {
  authority = await makeTestAuthority();
  stranger = await makeTestAuthority('Somebody Else');
  signer = await authority.issue('Notary Example');
  responder = await authority.issueResponder('Responder Example');
  stamper = await authority.issueTimeStamper('Time Example');
  strangeStamper = await stranger.issueTimeStamper('Strange Time');
});

interface Stored {
  readonly ocsp?: readonly Buffer[];
  readonly crls?: readonly Buffer[];
  readonly certificates?: readonly Uint8Array[];
  /** Files it under a signature only. */
  readonly isOfSignature?: boolean;
}

/** The document with a security store behind it. */
function withStore(
  pdf: Buffer,
  { ocsp = [], crls = [], certificates = [], isOfSignature = false }: Stored,
): Buffer {
  const objects: Record<number, string> = {};
  let number = 40;
  const refer = (items: readonly Uint8Array[]): string => {
    const references = items.map((der) => {
      number += 1;
      objects[number] = stream('', Buffer.from(der).toString('latin1'));
      return `${number} 0 R`;
    });
    return `[${references.join(' ')}]`;
  };
  const [certs, responses, lists] = [refer(certificates), refer(ocsp), refer(crls)];
  objects[40] = isOfSignature
    ? `<</Type /DSS /VRI <</0123456789ABCDEF <</Cert ${certs} /OCSP ${responses} /CRL ${lists}>>>>>>`
    : `<</Type /DSS /Certs ${certs} /OCSPs ${responses} /CRLs ${lists}>>`;
  objects[1] = '<</Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /DSS 40 0 R>>';
  return updatePdf(pdf, objects);
}

function signed(cms: CmsOptions = {}, by = signer): Promise<Buffer> {
  return signPdf(contract(), by, { cms: { claimedAt: SIGNED_AT, ...cms } });
}

function stampedBy(by: TestSigner, at = STAMPED_AT): CmsOptions {
  return { stamp: (value) => timeStamp([value], at, by) };
}

function ocsp(options: Partial<OcspOptions> = {}): Promise<Buffer> {
  return ocspResponse({
    about: signer,
    issuer: authority.root,
    by: authority.root,
    ...CURRENT,
    ...options,
  });
}

function list(options: Partial<ListOptions> = {}): Promise<Buffer> {
  return revocationList({ by: authority.root, ...CURRENT, ...options });
}

function judge(
  pdf: Buffer,
  signers: readonly X509Certificate[] = [new X509Certificate(authority.pem)],
  timeStamps: readonly X509Certificate[] = [],
): Promise<Detection> {
  const judges = { detectors: [], readMarks: () => Promise.resolve([]) };
  return createPdfDetector(judges, { signers, timeStamps }).run(documentSubject(pdf));
}

const ABOUT_REVOCATION = /^document\.(?:signer_revoked|revocation)/;

function aboutRevocation(findings: readonly Finding[]): string[] {
  return findings.map(({ code }) => code).filter((code) => ABOUT_REVOCATION.test(code));
}

function detailOf(findings: readonly Finding[], code: string): string {
  return findings.find((finding) => finding.code === code)?.detail ?? `no ${code}`;
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
      async () => withStore(await signed(), { ocsp: [await ocsp()] }),
      GOOD,
      'authentic',
      /“good” by the OCSP response of MediaGuard Test Root, issued 2026-01-09.*valid until 2026-01-16/,
    ],
    [
      'good, by a responder whom the issuer certified for answering',
      async () => withStore(await signed(), { ocsp: [await ocsp({ by: responder })] }),
      GOOD,
      'authentic',
      /Responder Example/,
    ],
    [
      'good, by a responder named by its key',
      async () =>
        withStore(await signed(), { ocsp: [await ocsp({ by: responder, isByKey: true })] }),
      GOOD,
      'authentic',
      /Responder Example/,
    ],
    [
      'good, filed under the signature only',
      async () => withStore(await signed(), { ocsp: [await ocsp()], isOfSignature: true }),
      GOOD,
      'authentic',
      /“good”/,
    ],
    [
      'good, within the signature',
      async () => signed({ archive: { ocsp: [await ocsp()] } }),
      GOOD,
      'authentic',
      /“good” by the OCSP response/,
    ],
    [
      'good, by a list within the signature',
      async () => signed({ archive: { crls: [await list()] } }),
      GOOD,
      'authentic',
      /“good” by the revocation list of MediaGuard Test Root/,
    ],
    [
      'good, by an answer that was given later',
      async () => withStore(await signed(), { crls: [await list(LATER)] }),
      GOOD,
      'authentic',
      /issued 2026-03-01/,
    ],
    ['nothing at all', () => signed(), UNKNOWN, 'authentic', /it holds no answer of its authority/],
    [
      'revoked before it signed, by OCSP',
      async () =>
        withStore(await signed(), {
          ocsp: [await ocsp({ revoked: { at: BEFORE, reason: KEY_COMPROMISE } })],
        }),
      REVOKED,
      'suspect',
      /“revoked since 2026-01-05T00:00:00.000Z \(key compromise\)”/,
    ],
    [
      'revoked before it signed, by a list',
      async () =>
        withStore(await signed(), {
          crls: [await list({ revoked: [{ certificate: signer, at: BEFORE }] })],
        }),
      REVOKED,
      'suspect',
      /“revoked since 2026-01-05T00:00:00.000Z” by the revocation list/,
    ],
    [
      'revoked before it signed, though an older answer says good',
      async () =>
        withStore(await signed(), {
          ocsp: [await ocsp(), await ocsp({ ...LATER, revoked: { at: BEFORE } })],
        }),
      REVOKED,
      'suspect',
      /issued 2026-03-01/,
    ],
    [
      'revoked later, the key lost before it signed',
      async () =>
        withStore(await signed(), {
          crls: [
            await list({
              ...LATER,
              revoked: [{ certificate: signer, at: AFTER, reason: 1, invalidSince: BEFORE }],
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
        withStore(await signed(), { ocsp: [await ocsp({ ...LATER, revoked: { at: AFTER } })] }),
      UNPROVEN,
      'not_evaluated',
      /no time stamp of an authority you trust/,
    ],
    [
      'revoked after a time stamp of a trusted authority',
      async () =>
        withStore(await signed(stampedBy(stamper)), {
          ocsp: [await ocsp({ ...LATER, revoked: { at: AFTER } })],
        }),
      GOOD,
      'authentic',
      /revoked only after the time stamp of 2026-01-11.*The signature stands/,
    ],
    [
      'revoked after a time stamp of nobody that is trusted',
      async () =>
        withStore(await signed(stampedBy(strangeStamper)), {
          ocsp: [await ocsp({ ...LATER, revoked: { at: AFTER } })],
        }),
      UNPROVEN,
      'not_evaluated',
      /is revoked or on hold/,
    ],
    [
      'revoked between its own clock and a time stamp',
      async () =>
        withStore(await signed(stampedBy(stamper, day('2026-02-20'))), {
          ocsp: [await ocsp({ ...LATER, revoked: { at: AFTER } })],
        }),
      UNPROVEN,
      'not_evaluated',
      /since 2026-02-05/,
    ],
    [
      'on hold, which can be lifted',
      async () =>
        withStore(await signed(), {
          ocsp: [await ocsp({ revoked: { at: BEFORE, reason: ON_HOLD } })],
        }),
      UNPROVEN,
      'not_evaluated',
      /suspended since/,
    ],
    [
      'an answer that had expired when it signed',
      async () =>
        withStore(await signed(), {
          ocsp: [await ocsp({ thisUpdate: day('2025-12-01'), nextUpdate: day('2025-12-08') })],
        }),
      UNKNOWN,
      'authentic',
      /had expired by then/,
    ],
    [
      'a list that had expired when it signed',
      async () =>
        withStore(await signed(), {
          crls: [await list({ thisUpdate: day('2025-12-01'), nextUpdate: day('2025-12-08') })],
        }),
      UNKNOWN,
      'authentic',
      /the revocation list of 2025-12-01.*had expired by then/,
    ],
    [
      'a list that had expired by the time of a time stamp',
      async () => withStore(await signed(stampedBy(stamper, AFTER)), { crls: [await list()] }),
      UNKNOWN,
      'authentic',
      /had expired by then/,
    ],
    [
      'an answer without an end, older than a day',
      async () =>
        withStore(await signed(), {
          ocsp: [await ocsp({ thisUpdate: day('2026-01-07'), nextUpdate: null })],
        }),
      UNKNOWN,
      'authentic',
      /had expired by then/,
    ],
    [
      'a responder that does not know the certificate',
      async () => withStore(await signed(), { ocsp: [await ocsp({ isUnknown: true })] }),
      UNKNOWN,
      'authentic',
      /does not know it/,
    ],
    [
      'an answer about somebody else',
      async () => withStore(await signed(), { ocsp: [await ocsp({ about: responder })] }),
      UNKNOWN,
      'authentic',
      /none of its answers is about this certificate/,
    ],
    [
      'an answer about the same number of another authority',
      async () =>
        withStore(await signed(), {
          ocsp: [await ocsp({ issuer: stranger.root, by: stranger.root, revoked: { at: BEFORE } })],
          certificates: stranger.root.chain,
        }),
      UNKNOWN,
      'authentic',
      /none of its answers is about this certificate/,
    ],
    [
      'a responder of another authority',
      async () =>
        withStore(await signed(), {
          ocsp: [await ocsp({ by: stranger.root, revoked: { at: BEFORE } })],
        }),
      UNKNOWN,
      'authentic',
      /by somebody whom the issuer gave no right to answer/,
    ],
    [
      'a responder of the right authority that was certified for something else',
      async () =>
        withStore(await signed(), { ocsp: [await ocsp({ by: stamper, revoked: { at: BEFORE } })] }),
      UNKNOWN,
      'authentic',
      /gave no right to answer/,
    ],
    [
      'a responder whose certificate is missing',
      async () =>
        withStore(await signed(), { ocsp: [await ocsp({ by: responder, isBare: true })] }),
      UNKNOWN,
      'authentic',
      /names a responder whose certificate is missing/,
    ],
    [
      'an answer of which “revoked” was made “good”',
      async () =>
        withStore(await signed(), { ocsp: [await ocsp({ by: responder, isForged: true })] }),
      FORGED,
      'not_evaluated',
      /forged or damaged/,
    ],
    [
      'a list in the name of the issuer, by somebody else',
      async () =>
        withStore(await signed(), {
          crls: [
            await list({
              by: stranger.root,
              issuer: authority.root,
              revoked: [{ certificate: signer, at: BEFORE }],
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
        withStore(await signed(), {
          crls: [await list({ by: stranger.root, revoked: [{ certificate: signer, at: BEFORE }] })],
        }),
      UNKNOWN,
      'authentic',
      /none of its answers/,
    ],
    [
      'revoked before it signed, by a list of thousands',
      async () =>
        withStore(await signed(), {
          crls: [
            await list({
              revoked: [
                ...Array.from({ length: 1600 }, () => ({ certificate: responder, at: BEFORE })),
                { certificate: signer, at: BEFORE },
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
        withStore(await signed(), { crls: [await list({ extensions: [deltaIndicator()] })] }),
      UNKNOWN,
      'authentic',
      /does not name every revoked certificate/,
    ],
    [
      'a list of changes that names the signer',
      async () =>
        withStore(await signed(), {
          crls: [
            await list({
              extensions: [deltaIndicator()],
              revoked: [{ certificate: signer, at: BEFORE }],
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
        withStore(await signed(), {
          ocsp: [Buffer.from('no response')],
          crls: [Buffer.from([0x30, 0x80, 1, 2, 3])],
        }),
      UNKNOWN,
      'authentic',
      /what it holds of answers could not be read/,
    ],
  ];

  it.each(cases)('%s', async (_, make, codes, verdict, detail) => {
    const { findings } = await judge(await make());
    expect(aboutRevocation(findings)).toEqual(codes);
    expect(detailOf(findings, codes[0] ?? '')).toMatch(detail);
    expect(fuse(findings)).toBe(verdict);
    // None of this is about the bytes: they are what was signed.
    expect(findings.map(({ code }) => code)).toContain('document.signature_valid');
  });

  it('accuses a revoked signer without any list of trust, by the word of their own issuer', async () => {
    const pdf = withStore(await signed(), {
      ocsp: [await ocsp({ revoked: { at: BEFORE } })],
      certificates: authority.root.chain,
    });
    expect(fuse((await judge(pdf, [])).findings)).toBe('suspect');
  });

  it('reads answers that a changed document no longer refers to as nothing', async () => {
    const pdf = updatePdf(withStore(await signed(), { ocsp: [await ocsp()] }), {
      1: CONTRACT[1] ?? '',
    });
    expect(aboutRevocation((await judge(pdf)).findings)).toEqual(UNKNOWN);
  });
});

describe('time stamps', () => {
  /** A second signature field, for time stamps of the document. */
  const SECOND_FIELD = {
    3: (CONTRACT[3] ?? '').replace('9 0 R]', '9 0 R 30 0 R]'),
    6: (CONTRACT[6] ?? '').replace('9 0 R]', '9 0 R 30 0 R]'),
    7: (CONTRACT[7] ?? '').replace(/>>$/, ' /V 20 0 R>>'),
    30: '<</FT /Sig /T (Archive) /Type /Annot /Subtype /Widget /F 132 /Rect [0 0 0 0] /P 3 0 R /V 31 0 R>>',
  };

  function documentStamp(pdf: Buffer, by: TestSigner, at = STAMPED_AT): Promise<Buffer> {
    return signPdf(pdf, by, {
      number: 31,
      objects: SECOND_FIELD,
      entries: '/Type /DocTimeStamp /SubFilter /ETSI.RFC3161',
      value: (parts) => timeStamp(parts, at, by),
    });
  }

  it('prove when a signature was there, where their authority is trusted', async () => {
    const { findings } = await judge(await signed(stampedBy(stamper)));
    expect(detailOf(findings, 'document.timestamp')).toMatch(
      /2026-01-11.*by Time Example \(it was there by then\)/,
    );
    expect(detailOf(findings, 'document.signature_valid')).toContain(
      'time-stamped 2026-01-11T00:00:00.000Z',
    );
  });

  it('may be vouched for by a list of time-stamp authorities, which vouches for no signer', async () => {
    const others = [new X509Certificate(stranger.pem)];
    const pdf = await signed(stampedBy(strangeStamper));
    const stamped = await judge(pdf, [new X509Certificate(authority.pem)], others);
    expect(detailOf(stamped.findings, 'document.timestamp')).toContain('it was there by then');
    expect(fuse(stamped.findings)).toBe('authentic');
    const foreign = await signed({}, await stranger.issue('Stranger Example'));
    expect(fuse((await judge(foreign, [], others)).findings)).toBe('not_evaluated');
  });

  it('of an authority that no list names prove no more than a claim', async () => {
    const { findings } = await judge(await signed(stampedBy(strangeStamper)));
    expect(detailOf(findings, 'document.timestamp')).toMatch(
      /proves no more than a claim, since no list of yours names its authority/,
    );
    expect(detailOf(findings, 'document.signature_valid')).toContain('by an unproven time stamp');
    expect(fuse(findings)).toBe('authentic');
  });

  it('by a certificate that is for something else prove nothing', async () => {
    const { findings } = await judge(await signed(stampedBy(responder)));
    expect(detailOf(findings, 'document.timestamp')).toContain(
      'its certificate is not for time stamps',
    );
  });

  it('by an authority that was revoked before prove nothing', async () => {
    const pdf = withStore(await signed(stampedBy(stamper)), {
      crls: [await list({ revoked: [{ certificate: stamper, at: BEFORE }] })],
    });
    expect(detailOf((await judge(pdf)).findings, 'document.timestamp')).toContain(
      "its authority's certificate was revoked",
    );
  });

  it('over another signature say nothing of this one, and accuse nobody', async () => {
    const other = { stamp: () => timeStamp([Buffer.from('another signature')], BEFORE, stamper) };
    const { findings } = await judge(await signed(other));
    expect(detailOf(findings, 'document.timestamp_invalid')).toMatch(
      /proves no time: the time stamp is over other bytes/,
    );
    expect(findings.map(({ code }) => code)).not.toContain('document.timestamp');
    expect(detailOf(findings, 'document.signature_valid')).toContain('by its own clock');
    expect(fuse(findings)).toBe('authentic');
  });

  it('of the whole document prove when the signatures under them were there', async () => {
    const pdf = await documentStamp(await signed(), stamper);
    const revoked = withStore(pdf, { ocsp: [await ocsp({ ...LATER, revoked: { at: AFTER } })] });
    const { findings } = await judge(revoked);
    expect(detailOf(findings, 'document.revocation_good')).toContain('The signature stands');
    expect(fuse(findings)).toBe('authentic');
    expect(detailOf(findings, 'document.signature_trusted')).toBe('Signed by Notary Example.');
  });

  it('of the whole document are no signature: alone they make nothing authentic', async () => {
    const pdf = await documentStamp(updatePdf(contract(), { 7: CONTRACT[7] ?? '' }), stamper);
    const { findings } = await judge(pdf);
    expect(findings.map(({ code }) => code)).toContain('document.timestamp');
    expect(fuse(findings)).toBe('not_evaluated');
  });

  it('of the whole document over other bytes are broken signatures', async () => {
    const pdf = await documentStamp(await signed(), stamper);
    const changed = Buffer.from(pdf);
    changed.write('9', pdf.indexOf('Pay 100') + 4, 'latin1');
    expect(fuse((await judge(changed)).findings)).toBe('tampered');
  });
});
