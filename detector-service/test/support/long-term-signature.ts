/** Signed documents with what proves later when they were signed and whether the signer was revoked by then: PAdES long-term validation. */
import { X509Certificate } from 'node:crypto';

import {
  makeTestAuthority,
  type TestAuthority,
  type TestSigner,
} from '../../../scripts/media/test-authority.js';
import { timeStampToken } from '../../../scripts/media/time-stamp.js';
import { createPdfDetector } from '../../src/detectors/pdf/detector.js';
import type { Detection } from '../../src/detectors/types.js';
import type { Finding } from '../../src/verdict/types.js';
import type { CmsOptions } from './cms-writer.js';
import { documentSubject } from './document-subject.js';
import { stream, updatePdf } from './pdf-writer.js';
import {
  ocspResponse,
  revocationList,
  type ListOptions,
  type OcspOptions,
} from './revocation-writer.js';
import { contract, signPdf } from './signed-pdf.js';

export const day = (text: string): Date => new Date(`${text}T00:00:00Z`);
export const SIGNED_AT = day('2026-01-10');
export const BEFORE = day('2026-01-05');
export const AFTER = day('2026-02-05');
export const STAMPED_AT = day('2026-01-11');
/** A week around the time of signing. */
export const CURRENT = { thisUpdate: day('2026-01-09'), nextUpdate: day('2026-01-16') };
export const LATER = { thisUpdate: day('2026-03-01'), nextUpdate: day('2026-03-08') };

/** Who signs, answers and stamps in these documents. */
export interface Parties {
  readonly authority: TestAuthority;
  readonly stranger: TestAuthority;
  readonly signer: TestSigner;
  readonly responder: TestSigner;
  readonly stamper: TestSigner;
  readonly strangeStamper: TestSigner;
}

/** The parties, and what the tests ask of them. */
export interface Scene extends Parties {
  /** A contract that somebody signed, by default the signer. */
  signed(cms?: CmsOptions, by?: TestSigner): Promise<Buffer>;
  /** What the authority answers about the signer. */
  ocsp(options?: Partial<OcspOptions>): Promise<Buffer>;
  /** The authority's list. */
  list(options?: Partial<ListOptions>): Promise<Buffer>;
  /** @param signers authorities that the operator trusts to vouch for signers, by default the signer's */
  judge(
    pdf: Buffer,
    signers?: readonly X509Certificate[],
    timeStamps?: readonly X509Certificate[],
  ): Promise<Detection>;
}

export async function makeScene(): Promise<Scene> {
  const parties = await makeParties();
  return {
    ...parties,
    signed: (cms = {}, by = parties.signer) => signedBy(by, cms),
    ocsp: (options = {}) => ocspOf(parties, options),
    list: (options = {}) => listOf(parties, options),
    judge: (pdf, signers = [rootOf(parties.authority)], timeStamps = []) =>
      judgeWith(pdf, signers, timeStamps),
  };
}

async function makeParties(): Promise<Parties> {
  const authority = await makeTestAuthority();
  const stranger = await makeTestAuthority('Somebody Else');
  return {
    authority,
    stranger,
    signer: await authority.issue('Notary Example'),
    responder: await authority.issueResponder('Responder Example'),
    stamper: await authority.issueTimeStamper('Time Example'),
    strangeStamper: await stranger.issueTimeStamper('Strange Time'),
  };
}

/** A contract that somebody signed on the day {@link SIGNED_AT}, by their own clock. */
function signedBy(signer: TestSigner, cms: CmsOptions): Promise<Buffer> {
  return signPdf(contract(), signer, { cms: { claimedAt: SIGNED_AT, ...cms } });
}

export async function timeStamp(
  parts: readonly Buffer[],
  at: Date,
  by: TestSigner,
): Promise<Buffer> {
  return Buffer.from(await timeStampToken(Buffer.concat(parts), at, by));
}

export function stampedBy(by: TestSigner, at = STAMPED_AT): CmsOptions {
  return { stamp: (value) => timeStamp([value], at, by) };
}

function ocspOf({ signer, authority }: Parties, options: Partial<OcspOptions>): Promise<Buffer> {
  return ocspResponse({
    about: signer,
    issuer: authority.root,
    by: authority.root,
    ...CURRENT,
    ...options,
  });
}

function listOf({ authority }: Parties, options: Partial<ListOptions>): Promise<Buffer> {
  return revocationList({ by: authority.root, ...CURRENT, ...options });
}

export interface Stored {
  readonly ocsp?: readonly Buffer[];
  readonly crls?: readonly Buffer[];
  readonly certificates?: readonly Uint8Array[];
  /** Files it under a signature only. */
  readonly isOfSignature?: boolean;
}

/** The document with a security store behind it. */
export function withStore(
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

function judgeWith(
  pdf: Buffer,
  signers: readonly X509Certificate[],
  timeStamps: readonly X509Certificate[],
): Promise<Detection> {
  const judges = { detectors: [], readMarks: () => Promise.resolve([]) };
  return createPdfDetector(judges, { signers, timeStamps }).run(documentSubject(pdf));
}

export function rootOf({ pem }: TestAuthority): X509Certificate {
  return new X509Certificate(pem);
}

export function detailOf(findings: readonly Finding[], code: string): string {
  return findings.find((finding) => finding.code === code)?.detail ?? `no ${code}`;
}
