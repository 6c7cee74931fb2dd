/** A version on trial against what judges now: on the same media where it is a shadow, on media split by hash where it is a canary. */
import { quantile, wilsonInterval, type Interval } from '../evaluation/figures/rates.js';
import type { Queryable } from '../store/database.js';
import type { Verdict } from '../verdict/types.js';
import { numericShift, type Shift } from './drift.js';

export interface Rate {
  readonly of: number;
  readonly count: number;
  /** Wilson's 95 %; null where there is nothing to count. */
  readonly interval: Interval | null;
}

/** One side of a comparison. */
export interface Side {
  readonly media: number;
  /** The model gave no score. */
  readonly abstained: Rate;
  /** The verdict is suspect, synthetic or tampered. */
  readonly accused: Rate;
  /** Of what reviewers confirmed as fake, and of what they released. */
  readonly accusedFakes: Rate;
  readonly accusedReleased: Rate;
  readonly medianMs: number | null;
}

export interface Comparison {
  readonly active: Side;
  readonly candidate: Side;
  /** From the scores of the active version to those of the candidate; null where either has none. */
  readonly scoreShift: Shift | null;
  /** On the same media only; null for a canary, whose media the active version has not seen. */
  readonly paired: {
    readonly agreed: Rate;
    /** Mean of candidate minus active, over media that both scored; null where there are none. */
    readonly meanDifference: number | null;
    readonly changes: readonly {
      readonly from: Verdict;
      readonly to: Verdict;
      readonly media: number;
    }[];
  } | null;
}

interface Answer {
  readonly score: number | null;
  readonly verdict: Verdict;
  readonly total_ms: number;
  readonly decision: 'release' | 'confirm_fake' | null;
}

interface PairedRow extends Answer {
  readonly active_score: number | null;
  readonly active_verdict: Verdict;
  readonly active_total_ms: number;
}

type CanaryRow = Answer & { readonly version: string };

/** Newest answers read. */
const MOST_ROWS = 50_000;
const ACCUSING: ReadonlySet<Verdict> = new Set(['suspect', 'synthetic', 'tampered']);
const LATEST_DECISION = `(select decision.decision from decision
  where decision.verification_id = verification.id order by decision.id desc limit 1)`;

export async function compareShadow(
  database: Queryable,
  { modelId, version, days }: Compared,
): Promise<Comparison> {
  const rows = await database.query<PairedRow>(
    `select shadow_answer.score, shadow_answer.verdict, shadow_answer.total_ms,
       active_score, active_verdict, active_total_ms, ${LATEST_DECISION} as decision
     from shadow_answer join verification on verification.id = shadow_answer.verification_id
     where model_id = $1 and version = $2 and judged_at > now() - make_interval(days => $3)
     order by judged_at desc limit $4`,
    [modelId, version, days, MOST_ROWS],
  );
  const before = rows.map((row): Answer => ({
    score: row.active_score,
    verdict: row.active_verdict,
    total_ms: row.active_total_ms,
    decision: row.decision,
  }));
  const differences = rows.flatMap(({ score, active_score: active }) =>
    score === null || active === null ? [] : [score - active],
  );
  return {
    ...bothSides(before, rows),
    paired: {
      agreed: rateOf(rows, ({ verdict, active_verdict: active }) => verdict === active),
      meanDifference: differences.length === 0 ? null : mean(differences),
      changes: changesOf(rows),
    },
  };
}

/** What a version on trial is compared by: days back from now. */
export interface Compared {
  readonly modelId: string;
  readonly version: string;
  readonly days: number;
}

/** Media on which a version of the model said something, if only why it abstained, since this one became a canary: before that the media were others. */
export async function compareCanary(
  database: Queryable,
  { modelId, version, days }: Compared,
): Promise<Comparison> {
  const rows = await database.query<CanaryRow>(
    `select said.version, said.score, outcome ->> 'verdict' as verdict,
       (outcome -> 'timing' ->> 'totalMs')::float8 as total_ms, ${LATEST_DECISION} as decision
     from verification,
       lateral (select finding ->> 'detectorVersion' as version,
                  max((finding ->> 'score')::float8) as score
                from json_array_elements(outcome -> 'findings') as finding
                where finding ->> 'detector' = $1
                group by finding ->> 'detectorVersion') as said
     where status = 'complete' and outcome -> 'timing' -> 'stages' -> 'known' is null
       and completed_at > now() - make_interval(days => $3)
       and completed_at > (select max(made_at) from model_change
                           where model_id = $1 and version = $2 and action = 'canary'
                             and state_before <> 'canary')
     order by completed_at desc limit $4`,
    [modelId, version, days, MOST_ROWS],
  );
  const judgedBy = (isCandidate: boolean): readonly CanaryRow[] =>
    rows.filter((row) => (row.version === version) === isCandidate);
  return { ...bothSides(judgedBy(false), judgedBy(true)), paired: null };
}

function bothSides(
  before: readonly Answer[],
  now: readonly Answer[],
): Pick<Comparison, 'active' | 'candidate' | 'scoreShift'> {
  const scores = (answers: readonly Answer[]): number[] =>
    answers.flatMap(({ score }) => score ?? []);
  return {
    active: sideOf(before),
    candidate: sideOf(now),
    scoreShift: numericShift(scores(before), scores(now)),
  };
}

function sideOf(answers: readonly Answer[]): Side {
  const isAccused = ({ verdict }: Answer): boolean => ACCUSING.has(verdict);
  const decided = (decision: Answer['decision']): readonly Answer[] =>
    answers.filter((answer) => answer.decision === decision);
  return {
    media: answers.length,
    abstained: rateOf(answers, ({ score }) => score === null),
    accused: rateOf(answers, isAccused),
    accusedFakes: rateOf(decided('confirm_fake'), isAccused),
    accusedReleased: rateOf(decided('release'), isAccused),
    medianMs: quantile(
      answers.map((answer) => answer.total_ms),
      0.5,
    ),
  };
}

function changesOf(rows: readonly PairedRow[]): NonNullable<Comparison['paired']>['changes'] {
  const counts = new Map<string, { from: Verdict; to: Verdict; media: number }>();
  for (const { active_verdict: from, verdict: to } of rows) {
    if (from === to) continue;
    const change = counts.get(`${from} ${to}`) ?? { from, to, media: 0 };
    change.media += 1;
    counts.set(`${from} ${to}`, change);
  }
  return [...counts.values()].sort((left, right) => right.media - left.media);
}

function rateOf<Item>(items: readonly Item[], counts: (item: Item) => boolean): Rate {
  const count = items.filter(counts).length;
  return { of: items.length, count, interval: wilsonInterval(count, items.length) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
