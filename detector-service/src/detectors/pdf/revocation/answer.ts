import type { X509Certificate } from 'node:crypto';

/** What an authority said of one certificate. It is authentic: who may answer has signed it. */
export interface Answer {
  readonly kind: 'answer';
  readonly source: 'OCSP response' | 'revocation list';
  /** `suspended`: on hold, which can be lifted. `unknown`: the authority itself does not know. */
  readonly status: 'good' | 'revoked' | 'suspended' | 'unknown';
  /** From when the certificate is not to be relied on: when it was revoked, or when its key got lost where that is told. */
  readonly since: Date | null;
  /** Why, in words: `key compromise`. */
  readonly reason: string | null;
  /** When the authority knew this, and until when it promised to know nothing newer. */
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | null;
  readonly by: X509Certificate;
}

/** Something about the certificate that cannot be relied on. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly source: Answer['source'];
  /** Forged or damaged, rather than somebody else's or not checkable. */
  readonly isInvalid: boolean;
  /** Why, to follow the source: `is signed by somebody else`. */
  readonly fault: string;
}

/** What is asked about, and who issued it. */
export interface Question {
  readonly certificate: X509Certificate;
  readonly issuer: X509Certificate;
  /** Certificates at hand, for finding responders. */
  readonly others: readonly X509Certificate[];
}

export const INVALIDITY_DATE = '2.5.29.24';
export const REASON_CODE = '2.5.29.21';
/** `certificateHold` of CRLReason (RFC 5280, 5.3.1). */
export const ON_HOLD = 6;

const REASONS: Readonly<Record<number, string>> = {
  1: 'key compromise',
  2: 'compromise of the authority',
  3: 'affiliation changed',
  4: 'superseded',
  5: 'cessation of operation',
  6: 'on hold',
  9: 'privilege withdrawn',
  10: 'compromise of the attribute authority',
};

/** @param code of CRLReason; null and 0 say nothing */
export function reasonOf(code: number | null): string | null {
  return code === null ? null : (REASONS[code] ?? null);
}

/** The earlier of two dates, one of which may be missing. */
export function earliest(date: Date, other: Date | null): Date {
  return other && other < date ? other : date;
}
