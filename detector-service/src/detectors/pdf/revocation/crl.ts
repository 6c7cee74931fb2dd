import type { X509Certificate } from 'node:crypto';

import * as asn1js from 'asn1js';
import {
  CertificateRevocationList,
  CRLDistributionPoints,
  GeneralName,
  IssuingDistributionPoint,
  type Certificate,
  type DistributionPoint,
} from 'pkijs';

import { verifySignature } from '../algorithms.js';
import { fieldsOf } from '../certificates.js';
import { PDF_LIMITS } from '../limits.js';
import { earliest, ON_HOLD, reasonOf, type Answer, type Question, type Refusal } from './answer.js';
import { extensionValue, invalidityDate, reasonCode } from './extensions.js';

const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';
const AUTHORITY_KEY_IDENTIFIER = '2.5.29.35';
const KEY_USAGE = '2.5.29.15';
const ISSUING_POINT = '2.5.29.28';
const DELTA = '2.5.29.27';
const DISTRIBUTION_POINTS = '2.5.29.31';
/** `cRLSign` of KeyUsage: the seventh bit. */
const CRL_SIGN = 0x02;
/** `removeFromCRL` of CRLReason: an entry that takes back an earlier one. */
const REMOVED = 8;
const SOURCE = 'revocation list';

/** A list that could be parsed. */
export type ParsedCrl = CertificateRevocationList;

/** @returns null where the bytes are no list */
export function parseCrl(der: Buffer): ParsedCrl | null {
  try {
    const { result, offset } = asn1js.fromBER(der, { maxNodes: PDF_LIMITS.listNodes });
    return offset === -1 ? null : new CertificateRevocationList({ schema: result });
  } catch {
    return null;
  }
}

/**
 * What a list says of a certificate, checked by RFC 5280, 6.3: the certificate's issuer made and signed it. A certificate that is on the list is revoked; one
 * that is not is good only if the list is meant to name it: no list of changes only, none for other certificates or for some reasons only.
 *
 * @returns null where it is another authority's list, or not meant for this certificate
 */
export function askCrl(
  list: ParsedCrl,
  { certificate, issuer }: Question,
): Answer | Refusal | null {
  const subject = fieldsOf(certificate);
  if (!list.issuer.isEqual(subject.issuer)) return null;
  const refusal = (isInvalid: boolean, fault: string): Refusal => ({
    kind: 'refusal',
    source: SOURCE,
    isInvalid,
    fault,
  });
  const scope = scopeOf(list, subject, certificate.ca);
  if (scope === 'others') return null;
  const holds = verifySignature(
    list.signatureAlgorithm,
    'sha256',
    issuer.publicKey,
    Buffer.from(list.tbsView),
    Buffer.from(list.signatureValue.valueBlock.valueHexView),
  );
  if (holds === null) return refusal(false, 'is signed in a way that is not known here');
  if (!holds) {
    return isByOtherKey(list, issuer)
      ? refusal(false, 'is signed by another key of its issuer')
      : refusal(true, 'does not fit its signature: it is forged or damaged');
  }
  if (!maySignLists(issuer)) return refusal(false, 'is of an issuer who may sign none');

  const base = {
    kind: 'answer',
    source: SOURCE,
    thisUpdate: list.thisUpdate.value,
    nextUpdate: list.nextUpdate?.value ?? null,
    by: issuer,
  } as const;
  const entry = list.revokedCertificates?.find(({ userCertificate }) =>
    userCertificate.isEqual(subject.serialNumber),
  );
  const extensions = entry?.crlEntryExtensions?.extensions;
  const code = reasonCode(extensions);
  if (entry && code !== REMOVED) {
    return {
      ...base,
      status: code === ON_HOLD ? 'suspended' : 'revoked',
      since: earliest(entry.revocationDate.value, invalidityDate(extensions)),
      reason: reasonOf(code),
    };
  }
  if (scope === 'part') return refusal(false, 'does not name every revoked certificate');
  return { ...base, status: 'good', since: null, reason: null };
}

/** What a list is meant to name: every revoked certificate of the kind, some of them only, or other ones. */
function scopeOf(
  list: ParsedCrl,
  subject: Certificate,
  isAuthority: boolean,
): 'all' | 'part' | 'others' {
  const extensions = list.crlExtensions?.extensions ?? [];
  const unknown = extensions.some(
    ({ critical, extnID }) => critical && extnID !== ISSUING_POINT && extnID !== DELTA,
  );
  const isDelta = extensions.some(({ extnID }) => extnID === DELTA);
  const value = extensionValue(extensions, ISSUING_POINT);
  if (!value) return isDelta || unknown ? 'part' : 'all';
  const point = new IssuingDistributionPoint({ schema: value });
  // Entries of an indirect list can be other authorities': their serial numbers say nothing here.
  if (point.indirectCRL || point.onlyContainsAttributeCerts) return 'others';
  if (isAuthority ? point.onlyContainsUserCerts : point.onlyContainsCACerts) return 'others';
  if (point.distributionPoint && !isNamedBy(subject, urls(point.distributionPoint))) return 'part';
  return isDelta || unknown || point.onlySomeReasons ? 'part' : 'all';
}

/** Whether the certificate itself says that it is on the list of one of these addresses. */
function isNamedBy(subject: Certificate, addresses: readonly string[]): boolean {
  const value = extensionValue(subject.extensions, DISTRIBUTION_POINTS);
  if (!value) return false;
  return new CRLDistributionPoints({ schema: value }).distributionPoints.some((point) =>
    urls(point.distributionPoint).some((address) => addresses.includes(address)),
  );
}

function urls(names: DistributionPoint['distributionPoint']): string[] {
  if (!Array.isArray(names)) return [];
  return names
    .filter((name) => name instanceof GeneralName)
    .map(({ value }) => (typeof value === 'string' ? value : ''))
    .filter((address) => address !== '');
}

/** Whether the list itself names another key than the issuer's: authorities change theirs and keep their name. */
function isByOtherKey(list: ParsedCrl, issuer: X509Certificate): boolean {
  const stated = extensionValue(list.crlExtensions?.extensions, AUTHORITY_KEY_IDENTIFIER);
  const own = extensionValue(fieldsOf(issuer).extensions, SUBJECT_KEY_IDENTIFIER);
  if (!(stated instanceof asn1js.Sequence) || !(own instanceof asn1js.OctetString)) return false;
  const [key] = stated.valueBlock.value;
  if (!(key instanceof asn1js.Primitive) || key.idBlock.tagNumber !== 0) return false;
  return !Buffer.from(key.valueBlock.valueHexView).equals(Buffer.from(own.getValue()));
}

/** A certificate without key usages restricts itself to none. */
function maySignLists(issuer: X509Certificate): boolean {
  const value = extensionValue(fieldsOf(issuer).extensions, KEY_USAGE);
  if (!(value instanceof asn1js.BitString)) return true;
  return ((value.valueBlock.valueHexView[0] ?? 0) & CRL_SIGN) !== 0;
}
