import type { X509Certificate } from 'node:crypto';

import { issuerOf } from '../certificates.js';
import type { Answer, Question, Refusal } from './answer.js';
import { askCrl, parseCrl, type ParsedCrl } from './crl.js';
import type { RevocationData } from './data.js';
import { askOcsp, parseOcsp, type ParsedOcsp } from './ocsp.js';

/** When something was signed. */
export interface SigningTime {
  /** By the signer's own clock, or by a time stamp that nobody trusted vouches for. */
  readonly claimed: Date | null;
  /** It was signed no later than this: by the earliest time stamp of a trusted authority. */
  readonly proven: Date | null;
}

/**
 * Whether a certificate was revoked when it signed.
 *
 * - `good`: an authority that knew it said that it was not
 * - `revoked_later`: revoked, but only after the time that a trusted time stamp proves
 * - `revoked`: revoked before the signer's own time of signing
 * - `unsettled`: revoked or suspended, and nothing that can be relied on says whether before or after it signed
 * - `unknown`: nothing answers, for the reason given
 */
export type Revocation =
  | { readonly state: 'good' | 'revoked_later' | 'revoked' | 'unsettled'; readonly answer: Answer }
  | { readonly state: 'unknown'; readonly why: string };

export interface RevocationReport {
  readonly revocation: Revocation;
  /** What was there about this certificate and cannot be relied on. */
  readonly refusals: readonly Refusal[];
}

/** Ready to be asked about many certificates. */
export interface ParsedRevocationData {
  readonly ocsp: readonly ParsedOcsp[];
  readonly crls: readonly ParsedCrl[];
  /** How many could not be read. */
  readonly unread: number;
}

/** Clocks of authorities and signers differ. */
const CLOCK_SKEW_MS = 5 * 60_000;
/** How long an answer holds that does not say how long it holds. RFC 6960 leaves it open; signing programs ask when they sign. */
const HOLDS_MS = 24 * 3_600_000;

/** @param passedOver how many are there beside these, and were not read */
export function parseRevocationData(
  data: RevocationData,
  passedOver: number,
): ParsedRevocationData {
  const ocsp = data.ocsp.map(parseOcsp).filter((parsed) => parsed !== null);
  const crls = data.crls.map(parseCrl).filter((parsed) => parsed !== null);
  const given = data.ocsp.length + data.crls.length;
  return { ocsp, crls, unread: passedOver + given - ocsp.length - crls.length };
}

/**
 * Asks everything at hand about one certificate. Of several authentic answers the worst counts: a revocation is never taken back by an older "good".
 *
 * @param others certificates at hand, for finding the issuer and responders
 */
export function judgeRevocation(
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  { ocsp, crls, unread }: ParsedRevocationData,
  time: SigningTime,
): RevocationReport {
  const nothing = (why: string): RevocationReport => ({
    revocation: { state: 'unknown', why },
    refusals: [],
  });
  if (ocsp.length + crls.length === 0) {
    return nothing(
      unread > 0
        ? 'what it holds of answers could not be read'
        : 'it holds no answer of its authority',
    );
  }
  const issuer = issuerOf(certificate, others);
  if (!issuer) return nothing('the certificate of its issuer is missing');
  const question: Question = { certificate, issuer, others };
  const found = [
    ...ocsp.map((response) => tolerant(() => askOcsp(response, question))),
    ...crls.map((list) => tolerant(() => askCrl(list, question))),
  ].filter((item) => item !== null);
  const answers = found.filter((item) => item.kind === 'answer');
  const refusals = found.filter((item) => item.kind === 'refusal');
  return { revocation: worstOf(answers, refusals, unread, time), refusals };
}

/** What is built so oddly that it cannot be read answers nothing. */
function tolerant(ask: () => Answer | Refusal | null): Answer | Refusal | null {
  try {
    return ask();
  } catch {
    return null;
  }
}

const ORDER = ['revoked', 'unsettled', 'revoked_later', 'good', 'unknown'] as const;

function worstOf(
  answers: readonly Answer[],
  refusals: readonly Refusal[],
  unread: number,
  time: SigningTime,
): Revocation {
  const judged = answers.map((answer) => judgeAnswer(answer, time));
  const worst = ORDER.map((state) => judged.find((item) => item.state === state)).find(Boolean);
  if (worst) return worst;
  const [refusal] = refusals;
  const why = refusal
    ? `the ${refusal.source} ${refusal.fault}`
    : `none of its answers ${unread > 0 ? 'that could be read ' : ''}is about this certificate`;
  return { state: 'unknown', why };
}

function judgeAnswer(answer: Answer, { claimed, proven }: SigningTime): Revocation {
  const { source, status, since, thisUpdate, nextUpdate } = answer;
  const at = proven ?? claimed;
  if (thisUpdate.getTime() > Date.now() + HOLDS_MS) {
    return { state: 'unknown', why: `the ${source} is dated in the future` };
  }
  if (status === 'unknown') {
    return { state: 'unknown', why: `the ${source} says that its authority does not know it` };
  }
  if (status !== 'good') {
    if (since && proven && since > proven) return { state: 'revoked_later', answer };
    const isBefore = status === 'revoked' && since && claimed && since <= claimed;
    return { state: isBefore ? 'revoked' : 'unsettled', answer };
  }
  if (!at) return { state: 'unknown', why: 'no time of signing is known' };
  const until = nextUpdate?.getTime() ?? thisUpdate.getTime() + HOLDS_MS;
  if (at.getTime() > Math.max(until, thisUpdate.getTime()) + CLOCK_SKEW_MS) {
    return {
      state: 'unknown',
      why: `the ${source} of ${thisUpdate.toISOString()} had expired by then`,
    };
  }
  return { state: 'good', answer };
}
