import type { X509Certificate } from 'node:crypto';

import { chainOf, isValidAt, leadsToAnchor } from './certificates.js';
import { judgeRevocation, parseRevocationData, type RevocationReport } from './revocation/judge.js';
import type { ValidationData } from './revocation/data.js';
import type { SignatureReport } from './signatures.js';
import {
  timeOfSigning,
  type DocumentAnchors,
  type TimeReport,
  type TrustMaterial,
} from './signing-time.js';

/** Who signed, when, and whether their certificate was good then: three questions apart from each other and from whether the bytes are intact. */
export interface SignerStatus {
  readonly trust: 'trusted' | 'unknown_signer';
  readonly when: TimeReport;
  /** Whether the certificate had begun and not expired then; now, where no time is known. */
  readonly wasValid: boolean;
  /** Of the signer and of the authorities above that are no roots, the signer first. Empty where no certificate is at hand. */
  readonly revocation: readonly (RevocationReport & { readonly certificate: X509Certificate })[];
}

/** Collects what a document and all its signatures bring along for judging certificates. */
export function trustMaterial(
  reports: readonly SignatureReport[],
  data: ValidationData,
  anchors: DocumentAnchors,
): TrustMaterial {
  const signatures = reports.flatMap(({ cms }) => (cms ? [cms, ...cms.stamps] : []));
  return {
    anchors,
    certificates: [
      ...new Map(
        [
          ...signatures.flatMap(({ certificates }) => certificates),
          ...data.certificates,
          ...anchors.signers,
          ...anchors.timeStamps,
        ].map((certificate) => [certificate.fingerprint256, certificate]),
      ).values(),
    ],
    revocation: parseRevocationData(
      {
        ocsp: [...data.ocsp, ...signatures.flatMap(({ revocation }) => revocation.ocsp)],
        crls: [...data.crls, ...signatures.flatMap(({ revocation }) => revocation.crls)],
      },
      data.passedOver,
    ),
  };
}

export function statusOfSigner(
  report: SignatureReport,
  all: readonly SignatureReport[],
  material: TrustMaterial,
): SignerStatus {
  const { anchors, certificates, revocation } = material;
  const { cms, entry } = report;
  const when = timeOfSigning(report, all, material);
  const signer = cms?.signer ?? null;
  if (!cms || !signer) {
    return { trust: 'unknown_signer', when, wasValid: true, revocation: [] };
  }
  const trusted = entry.isTimestamp ? [...anchors.signers, ...anchors.timeStamps] : anchors.signers;
  // The signature's own certificates come first: of several that would fit, its signer chose these.
  const others = [...cms.certificates, ...certificates];
  const links = chainOf(signer, others).filter(
    (link, i) => i === 0 || link.subject !== link.issuer,
  );
  return {
    trust: leadsToAnchor(signer, others, trusted) ? 'trusted' : 'unknown_signer',
    when,
    // A time that only the signer claims proves nothing about an expired certificate; it is nevertheless the best guess there is.
    wasValid: isValidAt(signer, when.at ?? new Date()),
    revocation: links.map((certificate) => ({
      certificate,
      ...judgeRevocation(certificate, others, revocation, when.time),
    })),
  };
}
