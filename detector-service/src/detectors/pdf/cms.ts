import type { X509Certificate } from 'node:crypto';

import * as asn1js from 'asn1js';
import { ContentInfo, SignedData, type SignerInfo } from 'pkijs';

import { digest, digestName, verifySignature, WEAK_DIGESTS } from './algorithms.js';
import { indexOfSigner, rawCertificates, rawRevocationLists } from './cms-certificates.js';
import { PDF_LIMITS } from './limits.js';
import { archivedRevocation } from './revocation/archive.js';
import { NO_REVOCATION_DATA, type RevocationData } from './revocation/data.js';
import { isOver, readStamp } from './time-stamp.js';

const SIGNED_DATA = '1.2.840.113549.1.7.2';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_TIME = '1.2.840.113549.1.9.5';
const TIME_STAMP_TOKEN = '1.2.840.113549.1.9.16.2.14';
/** `adbe-revocationInfoArchival`: answers about the signer that the signature itself covers. */
const REVOCATION_ARCHIVE = '1.2.840.113583.1.1.8';
/** Time stamps of one signature that are checked. */
const MOST_STAMPS = 8;

/** What a signature over bytes says of them. Integrity only: who signed, and whether to trust them, is another question. */
export interface CmsReport {
  /** `broken` only where a digest or signature does not match; what cannot be checked is `unverifiable`. */
  readonly integrity: 'intact' | 'broken' | 'unverifiable';
  /** Why it is not intact, in a few words. */
  readonly reason: string | null;
  readonly digest: string | null;
  readonly isWeak: boolean;
  readonly signer: X509Certificate | null;
  /** All certificates in the signature, the signer's among them. */
  readonly certificates: readonly X509Certificate[];
  /** As the signer claims it. */
  readonly claimedAt: Date | null;
  /** Of a time stamp: the time that it states. Null for every other signature. */
  readonly statedAt: Date | null;
  /** Time stamps over this signature's value. Anybody can put them there, so each is checked by itself. */
  readonly stamps: readonly CmsReport[];
  /** What the signature brings along on whether certificates were revoked; unchecked. */
  readonly revocation: RevocationData;
}

/** What the message digest is over: the document's bytes, a SHA-1 of them, or a time stamp over them. */
export type CmsContent = 'detached' | 'sha1' | 'timestamp';

/**
 * Verifies a CMS signature (RFC 5652) over bytes outside it, or an RFC 3161 time stamp over them.
 *
 * @param bytes DER or BER, zero padding allowed
 * @param covered the signed bytes, in parts
 */
export function verifyCms(
  bytes: Buffer,
  covered: readonly Buffer[],
  content: CmsContent,
): CmsReport {
  try {
    return verifyParsed(bytes, covered, content);
  } catch (error) {
    return unverifiable(`cannot be read (${error instanceof Error ? error.message : 'no CMS'})`);
  }
}

function verifyParsed(bytes: Buffer, covered: readonly Buffer[], content: CmsContent): CmsReport {
  const { result, offset } = asn1js.fromBER(bytes, { maxNodes: PDF_LIMITS.signatureNodes });
  if (offset === -1) return unverifiable('is no ASN.1');
  const info = new ContentInfo({ schema: result });
  if (info.contentType !== SIGNED_DATA) return unverifiable('is no signed data');
  const signed = new SignedData({ schema: info.content as asn1js.Sequence });
  const raw = rawCertificates(info.content as asn1js.Sequence);
  const signer = signed.signerInfos[0];
  if (!signer) return unverifiable('names no signer');
  const name = digestName(signer.digestAlgorithm.algorithmId);
  const certificate = raw[indexOfSigner(signer, signed.certificates ?? [])] ?? null;
  const base = {
    digest: name,
    isWeak: name !== null && WEAK_DIGESTS.has(name),
    signer: certificate,
    certificates: raw.filter((item) => item !== null),
    claimedAt: timeOf(signer),
    statedAt: null,
    stamps: stampsOf(signer),
    revocation: revocationOf(signer, info.content as asn1js.Sequence),
  };
  const failed = (integrity: 'broken' | 'unverifiable', reason: string): CmsReport => ({
    ...base,
    integrity,
    reason,
  });
  if (!name) return failed('unverifiable', 'uses an unknown digest');

  const eContent = signed.encapContentInfo.eContent?.getValue();
  const inner = eContent && eContent.byteLength > 0 ? Buffer.from(eContent) : null;
  if (content === 'timestamp') {
    if (!inner) return failed('unverifiable', 'holds no time stamp');
    const stamp = readStamp(inner);
    const stamped = { ...base, statedAt: stamp.genTime };
    const isRight = isOver(stamp, covered);
    if (isRight === null) {
      return { ...stamped, integrity: 'unverifiable', reason: 'uses an unknown digest' };
    }
    return isRight
      ? { ...stamped, ...verifySigner(signer, name, certificate, [inner]) }
      : { ...stamped, integrity: 'broken', reason: 'the time stamp is over other bytes' };
  }
  if (content === 'sha1') {
    const sha1 = digest('sha1', covered);
    if (!inner) return failed('unverifiable', 'holds no digest of the document');
    if (!sha1?.equals(inner)) return failed('broken', 'the digest of the document does not match');
  }
  // A detached signature that nevertheless carries content must be over the document all the same.
  const message = content === 'detached' ? covered : [inner ?? Buffer.alloc(0)];
  return { ...base, ...verifySigner(signer, name, certificate, message) };
}

function verifySigner(
  signer: SignerInfo,
  name: string,
  certificate: X509Certificate | null,
  message: readonly Buffer[],
): Pick<CmsReport, 'integrity' | 'reason'> {
  const attributes = signer.signedAttrs;
  if (attributes) {
    const stated = attributeValue(attributes.attributes, MESSAGE_DIGEST);
    if (!(stated instanceof asn1js.OctetString)) {
      return { integrity: 'unverifiable', reason: 'holds no message digest' };
    }
    const actual = digest(name, message);
    if (!actual)
      return { integrity: 'unverifiable', reason: `uses ${name}, which is not known here` };
    if (!actual.equals(Buffer.from(stated.getValue()))) {
      return { integrity: 'broken', reason: 'the digest of the signed bytes does not match' };
    }
  }
  if (!certificate)
    return { integrity: 'unverifiable', reason: "the signer's certificate is missing" };
  const data = attributes ? Buffer.from(attributes.encodedValue) : Buffer.concat(message);
  const isRight = verifySignature(
    signer.signatureAlgorithm,
    name,
    certificate.publicKey,
    data,
    Buffer.from(signer.signature.getValue()),
  );
  if (isRight === null) {
    return { integrity: 'unverifiable', reason: 'uses an algorithm that is not known here' };
  }
  return isRight
    ? { integrity: 'intact', reason: null }
    : { integrity: 'broken', reason: 'the signature does not match its key' };
}

function attributeValue(
  attributes: readonly { readonly type: string; readonly values: readonly unknown[] }[],
  oid: string,
): unknown {
  return attributes.find(({ type }) => type === oid)?.values[0];
}

function timeOf(signer: SignerInfo): Date | null {
  const value = attributeValue(signer.signedAttrs?.attributes ?? [], SIGNING_TIME);
  return value instanceof asn1js.UTCTime || value instanceof asn1js.GeneralizedTime
    ? value.toDate()
    : null;
}

function stampsOf(signer: SignerInfo): CmsReport[] {
  const value = [Buffer.from(signer.signature.getValue())];
  return (signer.unsignedAttrs?.attributes ?? [])
    .filter(({ type }) => type === TIME_STAMP_TOKEN)
    .flatMap(({ values }): readonly unknown[] => values)
    .filter((token) => token instanceof asn1js.BaseBlock)
    .slice(0, MOST_STAMPS)
    .map((token) => verifyCms(Buffer.from(token.valueBeforeDecodeView), value, 'timestamp'));
}

function revocationOf(signer: SignerInfo, signedData: asn1js.Sequence): RevocationData {
  const archive = attributeValue(signer.signedAttrs?.attributes ?? [], REVOCATION_ARCHIVE);
  const { ocsp, crls } = archivedRevocation(archive);
  return { ocsp, crls: [...crls, ...rawRevocationLists(signedData)] };
}

function unverifiable(reason: string): CmsReport {
  return {
    integrity: 'unverifiable',
    reason,
    digest: null,
    isWeak: false,
    signer: null,
    certificates: [],
    claimedAt: null,
    statedAt: null,
    stamps: [],
    revocation: NO_REVOCATION_DATA,
  };
}
