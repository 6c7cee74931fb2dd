import { X509Certificate } from 'node:crypto';

import * as asn1js from 'asn1js';
import {
  BasicOCSPResponse,
  OCSPResponse,
  RelativeDistinguishedNames,
  type Certificate,
  type CertID,
  type SingleResponse,
} from 'pkijs';

import { digest, digestName, verifySignature } from '../algorithms.js';
import { fieldsOf, isValidAt, isSameCertificate, issued } from '../certificates.js';
import { earliest, ON_HOLD, reasonOf, type Answer, type Question, type Refusal } from './answer.js';
import { invalidityDate } from './extensions.js';

const SUCCESSFUL = 0;
const BASIC = '1.3.6.1.5.5.7.48.1.1';
/** `id-kp-OCSPSigning`: its holder may answer for the authority that issued the certificate (RFC 6960, 4.2.2.2). */
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
const SOURCE = 'OCSP response';

/** A response that could be parsed. */
export type ParsedOcsp = BasicOCSPResponse;

/** @returns null where the bytes are no response that answers anything */
export function parseOcsp(der: Buffer): ParsedOcsp | null {
  try {
    const response = OCSPResponse.fromBER(der);
    if (response.responseStatus.valueBlock.valueDec !== SUCCESSFUL) return null;
    if (response.responseBytes?.responseType !== BASIC) return null;
    return BasicOCSPResponse.fromBER(response.responseBytes.response.valueBlock.valueHexView);
  } catch {
    return null;
  }
}

/**
 * What a response says of a certificate, checked by RFC 6960, 3.2: it is about exactly this certificate of this issuer, its signature holds, and whoever
 * signed is the issuer or was given the right to answer by the issuer. PKI.js can verify responses as well, but only by today's date, while those in a
 * document have mostly expired.
 *
 * @returns null where it is about other certificates
 */
export function askOcsp(response: ParsedOcsp, question: Question): Answer | Refusal | null {
  const { certificate, issuer } = question;
  const single = response.tbsResponseData.responses.find(({ certID }) =>
    isAbout(certID, certificate, issuer),
  );
  if (!single) return null;
  const { named, isSure } = responders(response, question);
  if (named.length === 0) return refusal(false, 'names a responder whose certificate is missing');
  const results = named.map((responder) => ({ responder, holds: isSignedBy(response, responder) }));
  const signer = results.find(({ holds }) => holds === true)?.responder;
  if (!signer) {
    if (results.some(({ holds }) => holds === null)) {
      return refusal(false, 'is signed in a way that is not known here');
    }
    return isSure
      ? refusal(true, 'does not fit its signature: it is forged or damaged')
      : refusal(false, 'is signed by a key that is not at hand');
  }
  if (!mayAnswer(signer, issuer, response.tbsResponseData.producedAt)) {
    return refusal(false, 'is signed by somebody whom the issuer gave no right to answer');
  }
  return answerOf(single, signer) ?? refusal(false, 'states no status that can be read');
}

function refusal(isInvalid: boolean, fault: string): Refusal {
  return { kind: 'refusal', source: SOURCE, isInvalid, fault };
}

/** Serial number, issuer's name and issuer's key must all fit: serial numbers repeat between authorities, and names can be taken by anybody. */
function isAbout(id: CertID, certificate: X509Certificate, issuer: X509Certificate): boolean {
  const name = digestName(id.hashAlgorithm.algorithmId);
  if (!name) return false;
  const subject = fieldsOf(certificate);
  if (!subject.serialNumber.isEqual(id.serialNumber)) return false;
  const authority = fieldsOf(issuer);
  const nameHash = digest(name, [Buffer.from(authority.subject.valueBeforeDecode)]);
  const keyHash = digest(name, [keyBits(authority)]);
  return (
    nameHash !== null &&
    keyHash !== null &&
    nameHash.equals(Buffer.from(id.issuerNameHash.getValue())) &&
    keyHash.equals(Buffer.from(id.issuerKeyHash.getValue()))
  );
}

/** The public key as responders identify it: without algorithm, tag, length and unused bits. */
function keyBits(certificate: Certificate): Buffer {
  return Buffer.from(certificate.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView);
}

/**
 * The certificates at hand whose name or key the response names as its responder's. They are sure to be meant where it names a key or brings the certificate
 * along; else somebody of the same name may be.
 */
function responders(
  response: ParsedOcsp,
  { issuer, others }: Question,
): { readonly named: readonly X509Certificate[]; readonly isSure: boolean } {
  const id: unknown = response.tbsResponseData.responderID;
  const isNamed = (candidate: X509Certificate): boolean => {
    const fields = fieldsOf(candidate);
    if (id instanceof RelativeDistinguishedNames) return fields.subject.isEqual(id);
    if (!(id instanceof asn1js.OctetString)) return false;
    return digest('sha1', [keyBits(fields)])?.equals(Buffer.from(id.getValue())) ?? false;
  };
  const own = (response.certs ?? []).flatMap(certificateOf).filter(isNamed);
  return {
    named: [...own, ...[issuer, ...others].filter(isNamed)],
    isSure: own.length > 0 || id instanceof asn1js.OctetString,
  };
}

function certificateOf(fields: Certificate): X509Certificate[] {
  try {
    return [new X509Certificate(Buffer.from(fields.toSchema().toBER()))];
  } catch {
    return [];
  }
}

function isSignedBy(response: ParsedOcsp, { publicKey }: X509Certificate): boolean | null {
  return verifySignature(
    response.signatureAlgorithm,
    'sha256',
    publicKey,
    Buffer.from(response.tbsResponseData.tbsView),
    Buffer.from(response.signature.valueBlock.valueHexView),
  );
}

function mayAnswer(responder: X509Certificate, issuer: X509Certificate, at: Date): boolean {
  if (isSameCertificate(responder, issuer)) return true;
  // The usages are undefined where the certificate does not restrict itself, which gives no right either.
  const usages = (responder.keyUsage as readonly string[] | undefined) ?? [];
  return issued(issuer, responder) && usages.includes(OCSP_SIGNING) && isValidAt(responder, at);
}

/** `CertStatus ::= CHOICE { good [0], revoked [1] { time, [0] reason OPTIONAL }, unknown [2] }`. */
function answerOf(single: SingleResponse, by: X509Certificate): Answer | null {
  const { thisUpdate, nextUpdate = null, singleExtensions } = single;
  const base = { kind: 'answer', source: SOURCE, thisUpdate, nextUpdate, by } as const;
  const nothing = { since: null, reason: null };
  const state: unknown = single.certStatus;
  if (!(state instanceof asn1js.BaseBlock)) return null;
  const { tagNumber } = state.idBlock;
  if (tagNumber === 0) return { ...base, ...nothing, status: 'good' };
  if (tagNumber === 2) return { ...base, ...nothing, status: 'unknown' };
  if (tagNumber !== 1 || !(state instanceof asn1js.Constructed)) return null;
  const [time, tagged] = state.valueBlock.value;
  if (!(time instanceof asn1js.GeneralizedTime)) return null;
  const inner = tagged instanceof asn1js.Constructed ? tagged.valueBlock.value[0] : null;
  const code = inner instanceof asn1js.Enumerated ? inner.valueBlock.valueDec : null;
  return {
    ...base,
    status: code === ON_HOLD ? 'suspended' : 'revoked',
    since: earliest(time.toDate(), invalidityDate(singleExtensions)),
    reason: reasonOf(code),
  };
}
