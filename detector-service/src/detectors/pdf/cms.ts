import { X509Certificate } from 'node:crypto';

import * as asn1js from 'asn1js';
import {
  Certificate,
  ContentInfo,
  IssuerAndSerialNumber,
  SignedData,
  TSTInfo,
  type CertificateSetItem,
  type SignerInfo,
} from 'pkijs';

import { digest, digestName, verifySignature, WEAK_DIGESTS } from './algorithms.js';

const SIGNED_DATA = '1.2.840.113549.1.7.2';
const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_TIME = '1.2.840.113549.1.9.5';
const TIME_STAMP_TOKEN = '1.2.840.113549.1.9.16.2.14';

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
  /** By a time stamp whose own signature holds. */
  readonly stampedAt: Date | null;
  /** As the signer claims it. */
  readonly claimedAt: Date | null;
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
  const { result, offset } = asn1js.fromBER(bytes);
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
    stampedAt: stampOf(signer),
    claimedAt: timeOf(signer),
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
    const imprint = imprintOf(inner, covered);
    if (imprint === null) return failed('unverifiable', 'uses an unknown digest');
    if (!imprint) return failed('broken', 'the time stamp is over other bytes');
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

/**
 * Certificates byte for byte, since their own signatures are over exactly these bytes. At the place of what cannot be read (attribute certificates,
 * certificates of unknown keys) stands null, so that the order stays that of the file.
 */
function rawCertificates(signedData: asn1js.Sequence): (X509Certificate | null)[] {
  const set = signedData.valueBlock.value.find(
    ({ idBlock }) => idBlock.tagClass === 3 && idBlock.tagNumber === 0,
  );
  if (!(set instanceof asn1js.Constructed)) return [];
  return set.valueBlock.value.slice(0, 64).map((item) => {
    try {
      return new X509Certificate(Buffer.from(item.valueBeforeDecodeView));
    } catch {
      return null;
    }
  });
}

/** The place of the signer's certificate among those in the signature, -1 where it is not there. */
function indexOfSigner(signer: SignerInfo, certificates: readonly CertificateSetItem[]): number {
  const sid: unknown = signer.sid;
  return certificates.findIndex((candidate) => {
    if (!(candidate instanceof Certificate)) return false;
    if (sid instanceof IssuerAndSerialNumber) {
      return (
        candidate.serialNumber.isEqual(sid.serialNumber) && candidate.issuer.isEqual(sid.issuer)
      );
    }
    const key: unknown = candidate.extensions?.find(
      ({ extnID }) => extnID === SUBJECT_KEY_IDENTIFIER,
    )?.parsedValue;
    const wanted = keyIdentifier(sid);
    return (
      wanted !== null &&
      key instanceof asn1js.OctetString &&
      Buffer.from(key.getValue()).equals(wanted)
    );
  });
}

/** `[0] IMPLICIT OCTET STRING`: the bytes behind its tag and length. */
function keyIdentifier(sid: unknown): Buffer | null {
  if (sid instanceof asn1js.OctetString) return Buffer.from(sid.getValue());
  return sid instanceof asn1js.Primitive ? Buffer.from(sid.valueBlock.valueHexView) : null;
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

function stampOf(signer: SignerInfo): Date | null {
  const token = attributeValue(signer.unsignedAttrs?.attributes ?? [], TIME_STAMP_TOKEN);
  if (!(token instanceof asn1js.BaseBlock)) return null;
  const bytes = Buffer.from(token.valueBeforeDecodeView);
  const report = verifyCms(bytes, [Buffer.from(signer.signature.getValue())], 'timestamp');
  return report.integrity === 'intact' ? stampTime(bytes) : null;
}

/** The time in a time-stamp token; null where it holds none. Says nothing about its signature. */
export function stampTime(bytes: Buffer): Date | null {
  const { result, offset } = asn1js.fromBER(bytes);
  if (offset === -1) return null;
  const signed = new SignedData({
    schema: new ContentInfo({ schema: result }).content as asn1js.Sequence,
  });
  const content = signed.encapContentInfo.eContent?.getValue();
  return content ? readStamp(Buffer.from(content)).genTime : null;
}

function readStamp(bytes: Buffer): TSTInfo {
  return new TSTInfo({ schema: asn1js.fromBER(bytes).result });
}

/** Whether a time stamp is over these bytes; null where its digest is unknown. */
function imprintOf(stamp: Buffer, covered: readonly Buffer[]): boolean | null {
  const { messageImprint } = readStamp(stamp);
  const name = digestName(messageImprint.hashAlgorithm.algorithmId);
  const actual = name ? digest(name, covered) : null;
  return actual ? actual.equals(Buffer.from(messageImprint.hashedMessage.getValue())) : null;
}

function unverifiable(reason: string): CmsReport {
  return {
    integrity: 'unverifiable',
    reason,
    digest: null,
    isWeak: false,
    signer: null,
    certificates: [],
    stampedAt: null,
    claimedAt: null,
  };
}
