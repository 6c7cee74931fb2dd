import { verdictOf } from './finding-codes.js';
import type { Finding, Verdict } from './types.js';

/**
 * From most to least telling. Facts beat statistics, and facts that accuse beat facts that clear: a valid signature over a file that is two files at
 * once vouches for neither.
 */
const ORDER: readonly { readonly verdict: Verdict; readonly statistical: boolean }[] = [
  { verdict: 'tampered', statistical: false },
  { verdict: 'synthetic', statistical: false },
  { verdict: 'suspect', statistical: false },
  { verdict: 'authentic', statistical: false },
  { verdict: 'synthetic', statistical: true },
  { verdict: 'suspect', statistical: true },
  { verdict: 'clear', statistical: true },
];

/**
 * One verdict from all findings. Pure. A finding is statistical when it carries a score. Where nothing argues for anything, nothing was measured:
 * that is `not_evaluated`, never `clear`.
 */
export function fuse(findings: readonly Finding[]): Verdict {
  for (const { verdict, statistical } of ORDER) {
    const isArgued = findings.some(
      ({ code, score }) => verdictOf(code) === verdict && (score !== null) === statistical,
    );
    if (isArgued) return verdict;
  }
  return 'not_evaluated';
}

/** Raised with every change of how findings and scores become a verdict: answers of before are then not used again. */
export const FUSION = 2;

/** The highest score that counts, or null where none does. */
export function fusedScore(scores: readonly (number | null)[]): number | null {
  const measured = scores.filter((score) => score !== null);
  return measured.length === 0 ? null : Math.max(...measured);
}
