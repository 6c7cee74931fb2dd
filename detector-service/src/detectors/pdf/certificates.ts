import type { X509Certificate } from 'node:crypto';

import { Certificate } from 'pkijs';

/** Certificates in a row from a signer up to an anchor; more than five are unheard of. */
const LONGEST_CHAIN = 10;

const PARSED = new WeakMap<X509Certificate, Certificate>();

/** The fields that Node does not give out. */
export function fieldsOf(certificate: X509Certificate): Certificate {
  const known = PARSED.get(certificate);
  if (known) return known;
  const parsed = Certificate.fromBER(certificate.raw);
  PARSED.set(certificate, parsed);
  return parsed;
}

/** Whether one certificate's key signed the other, under the name that the other gives as its issuer's. */
export function issued(issuer: X509Certificate, subject: X509Certificate): boolean {
  try {
    return subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

export function isSameCertificate(one: X509Certificate, other: X509Certificate): boolean {
  return one.fingerprint256 === other.fingerprint256;
}

export function isValidAt(certificate: X509Certificate, at: Date): boolean {
  return at >= new Date(certificate.validFrom) && at <= new Date(certificate.validTo);
}

/** The authority that issued a certificate, among those at hand; null where it is not there, or the certificate vouches for itself. */
export function issuerOf(
  certificate: X509Certificate,
  others: readonly X509Certificate[],
): X509Certificate | null {
  return (
    others.find(
      (candidate) =>
        candidate.ca &&
        !isSameCertificate(candidate, certificate) &&
        issued(candidate, certificate),
    ) ?? null
  );
}

/** A certificate, its issuer, the issuer's issuer and so on, as far as they are at hand. */
export function chainOf(
  certificate: X509Certificate,
  others: readonly X509Certificate[],
): readonly X509Certificate[] {
  const chain = [certificate];
  while (chain.length < LONGEST_CHAIN) {
    const issuer = issuerOf(chain[chain.length - 1] as X509Certificate, others);
    if (!issuer || chain.some((known) => isSameCertificate(known, issuer))) break;
    chain.push(issuer);
  }
  return chain;
}

/** Whether a certificate is an anchor, or leads to one by way of the others. */
export function leadsToAnchor(
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
): boolean {
  return chainOf(certificate, others).some((link) =>
    anchors.some((anchor) => isSameCertificate(anchor, link) || issued(anchor, link)),
  );
}
