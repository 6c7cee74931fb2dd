import type { X509Certificate } from 'node:crypto';

import { isValidAt, leadsToAnchor } from './certificates.js';
import type { CmsReport } from './cms.js';
import { dateOf } from './dates.js';
import {
  judgeRevocation,
  type ParsedRevocationData,
  type SigningTime,
} from './revocation/judge.js';
import { coveredEnd } from './signature-fields.js';
import type { SignatureReport } from './signatures.js';
import { textOf } from './values.js';

/** `id-kp-timeStamping`: what an authority's certificate must be for (RFC 3161, 2.3). */
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';

/** Whose word counts. */
export interface DocumentAnchors {
  readonly signers: readonly X509Certificate[];
  /** Authorities whose time stamps count as well. They vouch for no signer. */
  readonly timeStamps: readonly X509Certificate[];
}

/** Everything at hand for judging certificates. */
export interface TrustMaterial {
  readonly anchors: DocumentAnchors;
  /** All certificates of the document and its signatures, and the anchors. */
  readonly certificates: readonly X509Certificate[];
  readonly revocation: ParsedRevocationData;
}

/** One time stamp over a signature, or over a document that holds it. */
export interface Stamp {
  readonly cms: CmsReport;
  readonly at: Date;
  readonly kind: 'signature' | 'document';
  /** Why its time proves nothing beyond its own word; null where it does. */
  readonly doubt: string | null;
}

export interface TimeReport {
  readonly time: SigningTime;
  /** The best that is known: proven, else claimed. */
  readonly at: Date | null;
  readonly stamps: readonly Stamp[];
  /** Time stamps whose own signature, or imprint, does not hold, and why. */
  readonly broken: readonly CmsReport[];
}

/**
 * When a signature was made. Time stamps of trusted authorities prove that it was there then; others say so, as the signer does. A time stamp of the document
 * counts for every signature that it covers.
 */
export function timeOfSigning(
  report: SignatureReport,
  all: readonly SignatureReport[],
  material: TrustMaterial,
): TimeReport {
  const own = (report.cms?.stamps ?? []).map((cms) => ({ cms, kind: 'signature' as const }));
  const later = all
    .filter(
      (other) =>
        other.entry.isTimestamp &&
        other !== report &&
        other.coverage.kind === 'whole' &&
        coveredEnd(other.entry) > coveredEnd(report.entry),
    )
    .map(({ cms }) => ({ cms, kind: 'document' as const }));
  // A time stamp states its own time.
  const self = report.entry.isTimestamp ? [{ cms: report.cms, kind: 'document' as const }] : [];
  const stamps: Stamp[] = [];
  for (const { cms, kind } of [...self, ...own, ...later]) {
    if (cms?.integrity !== 'intact' || !cms.statedAt) continue;
    stamps.push({ cms, kind, at: cms.statedAt, doubt: doubtOf(cms, cms.statedAt, material) });
  }
  const proven = earliestOf(stamps.filter(({ doubt }) => doubt === null));
  const stated = earliestOf(stamps.filter(({ kind }) => kind === 'signature'));
  const claimed = report.entry.isTimestamp
    ? (report.cms?.statedAt ?? null)
    : (report.cms?.claimedAt ?? dateOf(textOf(report.entry.dict.get('M') ?? null)));
  return {
    time: { claimed: claimed ?? stated, proven },
    at: proven ?? stated ?? claimed ?? earliestOf(stamps),
    stamps,
    broken: own.map(({ cms }) => cms).filter(({ integrity }) => integrity !== 'intact'),
  };
}

/** Why an intact time stamp does not prove its time, in words; null where it does. */
function doubtOf(cms: CmsReport, at: Date, material: TrustMaterial): string | null {
  const { signer } = cms;
  const { anchors, certificates, revocation } = material;
  const trusted = [...anchors.timeStamps, ...anchors.signers];
  if (!signer || !leadsToAnchor(signer, [...cms.certificates, ...certificates], trusted)) {
    return 'no list of yours names its authority';
  }
  // The usages are undefined where the certificate does not restrict itself, which makes it no time-stamp authority's.
  const usages = (signer.keyUsage as readonly string[] | undefined) ?? [];
  if (!usages.includes(TIME_STAMPING)) return 'its certificate is not for time stamps';
  if (!isValidAt(signer, at)) return "its authority's certificate was not valid then";
  const others = [...cms.certificates, ...certificates];
  const { state } = judgeRevocation(signer, others, revocation, {
    claimed: at,
    proven: null,
  }).revocation;
  return state === 'revoked' || state === 'unsettled'
    ? "its authority's certificate was revoked"
    : null;
}

function earliestOf(stamps: readonly Stamp[]): Date | null {
  return stamps.reduce<Date | null>(
    (earliest, { at }) => (earliest && earliest <= at ? earliest : at),
    null,
  );
}
