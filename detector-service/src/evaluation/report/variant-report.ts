import { quantile } from '../figures/rates.js';
import type { MeasuredItem } from '../measure.js';
import { PIPELINE, type Judged } from '../measurement.js';
import type { ListedItem } from '../manifest.js';
import { VARIANTS, type VariantName } from '../variants/catalogue.js';
import type { VariantReport } from './report.js';
import { reportScorer, type AnsweredItem, type ScorerOptions } from './scorer-report.js';

/** The figures of one variant: of the pipeline and of every detector that gave a score. Pure. */
export function reportVariant(
  variant: VariantName,
  measured: readonly MeasuredItem[],
  hasSeen: (scorer: string, item: ListedItem) => boolean,
  options: ScorerOptions,
): VariantReport {
  const judged: { readonly item: ListedItem; readonly answer: Judged }[] = [];
  const notJudged: Record<string, number> = {};
  for (const { item, measurements } of measured) {
    const answer = measurements.find((one) => one.variant === variant)?.answer;
    if (answer?.kind === 'judged') judged.push({ item, answer });
    else if (answer) notJudged[answer.reason] = (notJudged[answer.reason] ?? 0) + 1;
  }
  const verdicts: { real: Record<string, number>; fake: Record<string, number> } = {
    real: {},
    fake: {},
  };
  for (const { item, answer } of judged) {
    const counts = verdicts[item.isFake ? 'fake' : 'real'];
    counts[answer.verdict] = (counts[answer.verdict] ?? 0) + 1;
  }
  const times = judged.map(({ answer }) => answer.totalMs);
  const scorers = [...new Set(judged.flatMap(({ answer }) => Object.keys(answer.scorers)))];
  scorers.sort((left, right) => rank(left) - rank(right) || (left < right ? -1 : 1));
  return {
    variant,
    description: VARIANTS[variant].description,
    judged: judged.length,
    notJudged,
    verdicts,
    latencyMs: { p50: quantile(times, 0.5), p95: quantile(times, 0.95) },
    scorers: scorers.flatMap((scorer) => {
      const answered = judged.map(({ item, answer }): AnsweredItem => ({
        item,
        answer: answer.scorers[scorer] ?? { score: null, isFlagged: false },
      }));
      const unseen = answered.filter(({ item }) => !hasSeen(scorer, item));
      const all = reportScorer(scorer, 'all', answered, options);
      if (unseen.length === answered.length || unseen.length === 0) return [all];
      return [all, reportScorer(scorer, 'unseen', unseen, options)];
    }),
  };
}

function rank(scorer: string): number {
  return scorer === PIPELINE ? 0 : 1;
}
