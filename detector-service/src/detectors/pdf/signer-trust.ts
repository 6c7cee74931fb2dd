import type { X509Certificate } from 'node:crypto';

import type { CmsReport } from './cms.js';

/** Certificates in a row from a signer up to an anchor; more than five are unheard of. */
const LONGEST_CHAIN = 10;

export interface SignerStatus {
  readonly trust: 'trusted' | 'unknown_signer';
  /** When it was signed, as far as that is known. */
  readonly at: Date | null;
  /** The time is a time-stamp authority's, not the signer's own. */
  readonly isStamped: boolean;
  /** Whether the certificate was valid then; now, where no time is known. */
  readonly wasValid: boolean;
}

/** Who signed and whether their certificate was good then, apart from whether the bytes are intact. */
export function statusOfSigner(
  cms: CmsReport | null,
  anchors: readonly X509Certificate[],
): SignerStatus {
  const at = cms?.stampedAt ?? cms?.claimedAt ?? null;
  const signer = cms?.signer ?? null;
  const isStamped = Boolean(cms?.stampedAt);
  if (!cms || !signer) return { trust: 'unknown_signer', at, isStamped, wasValid: true };
  return {
    trust: leadsToAnchor(signer, cms.certificates, anchors) ? 'trusted' : 'unknown_signer',
    at,
    isStamped,
    // A time that only the signer claims proves nothing about an expired certificate; it is nevertheless the best guess there is.
    wasValid: isValidAt(signer, at ?? new Date()),
  };
}

function leadsToAnchor(
  signer: X509Certificate,
  others: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
): boolean {
  let current = signer;
  for (let step = 0; step < LONGEST_CHAIN; step++) {
    if (anchors.some((anchor) => anchor.fingerprint256 === current.fingerprint256)) return true;
    const anchor = anchors.find((candidate) => issued(candidate, current));
    if (anchor) return true;
    const next = others.find(
      (candidate) =>
        candidate.fingerprint256 !== current.fingerprint256 &&
        candidate.ca &&
        issued(candidate, current),
    );
    if (!next) return false;
    current = next;
  }
  return false;
}

function issued(issuer: X509Certificate, subject: X509Certificate): boolean {
  try {
    return subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

function isValidAt(certificate: X509Certificate, at: Date): boolean {
  return at >= new Date(certificate.validFrom) && at <= new Date(certificate.validTo);
}
