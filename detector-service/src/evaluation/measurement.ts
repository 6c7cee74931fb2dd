/** What the pipeline said about one variant of one item, as an evaluation keeps it. */
import { verdictOf } from '../verdict/finding-codes.js';
import type { Verdict, VerificationOutcome } from '../verdict/types.js';
import type { VariantName } from './variants/catalogue.js';

/** The pipeline as a whole: its fused score and verdict. The other scorers are detectors, by their ids. */
export const PIPELINE = 'pipeline';

export interface ScorerAnswer {
  /** Null where the scorer abstained. */
  readonly score: number | null;
  /** Whether it accuses at its own thresholds. */
  readonly isFlagged: boolean;
}

export interface Judged {
  readonly kind: 'judged';
  readonly mediaType: string;
  readonly verdict: Verdict;
  /** Codes of all findings. */
  readonly codes: readonly string[];
  readonly scorers: Readonly<Record<string, ScorerAnswer>>;
  readonly totalMs: number;
}

/** Not judged: refused by the pipeline, not done within the time for one item, or the variant could not be made. */
export interface Unjudged {
  readonly kind: 'refused' | 'late' | 'not_made';
  readonly reason: string;
}

export interface Measurement {
  readonly sha256: string;
  readonly variant: VariantName;
  readonly answer: Judged | Unjudged;
}

const ACCUSING: ReadonlySet<Verdict | null> = new Set(['suspect', 'synthetic', 'tampered']);

export function judgedBy(outcome: VerificationOutcome): Judged {
  const scorers: Record<string, ScorerAnswer> = {
    [PIPELINE]: { score: outcome.score, isFlagged: ACCUSING.has(outcome.verdict) },
  };
  for (const { detector, code, score } of outcome.findings) {
    if (score === null) continue;
    const known = scorers[detector];
    scorers[detector] = {
      score: Math.max(score, known?.score ?? 0),
      isFlagged: (known?.isFlagged ?? false) || ACCUSING.has(verdictOf(code)),
    };
  }
  return {
    kind: 'judged',
    mediaType: outcome.media.mediaType,
    verdict: outcome.verdict,
    codes: [...new Set(outcome.findings.map(({ code }) => code))],
    scorers,
    totalMs: outcome.timing.totalMs,
  };
}
