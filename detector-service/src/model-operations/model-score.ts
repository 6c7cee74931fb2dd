import type { Finding } from '../verdict/types.js';

/** The highest score of one model in a verdict's findings; null where it abstained or was not asked. */
export function scoreOf(findings: readonly Finding[], modelId: string): number | null {
  const scores = findings.flatMap(({ detector, score }) =>
    detector === modelId && score !== null ? [score] : [],
  );
  return scores.length === 0 ? null : Math.max(...scores);
}
