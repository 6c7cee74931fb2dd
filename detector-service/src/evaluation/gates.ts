/** Bounds that a figure must keep, for scheduled runs: `auc=0.7`, `m1:ece=0.05`, `image-generated@m2:auc=0.6`. */
import { FIGURE_NAMES, type FigureName } from './figures/figures.js';
import { PIPELINE } from './measurement.js';
import type { EvaluationReport, ScorerReport } from './report/report.js';
import { MATCHED, VARIANT_NAMES, type VariantName } from './variants/catalogue.js';

const SHARE_NAMES = ['falseAlarms', 'found', 'hardReal', 'abstained'] as const;
const NAMES = [...FIGURE_NAMES, ...SHARE_NAMES] as const;
export type GateName = FigureName | (typeof SHARE_NAMES)[number];

export interface Gate {
  readonly side: 'below' | 'above';
  readonly scorer: string;
  /** Absent: m1 and m2 where they were run, else every variant of the run. */
  readonly variant?: VariantName;
  readonly name: GateName;
  readonly bound: number;
  /** As it was written. */
  readonly text: string;
}

/** @throws Error that says what a gate looks like */
export function parseGate(text: string, side: Gate['side']): Gate {
  const match = /^(?:(?:([\w.-]+)@)?([\w.-]+):)?(\w+)=(\d*\.?\d+)$/.exec(text);
  const variant = VARIANT_NAMES.find((name) => name === match?.[2]);
  const name = NAMES.find((known) => known === match?.[3]);
  if (!match || !name || (match[2] !== undefined && !variant)) {
    throw new Error(
      `Expected [[scorer@]variant:]figure=bound with a figure of ${NAMES.join(', ')} but received "${text}"; for example auc=0.7 or m1:ece=0.05.`,
    );
  }
  return {
    side,
    scorer: match[1] ?? PIPELINE,
    ...(variant && { variant }),
    name,
    bound: Number(match[4]),
    text,
  };
}

/** One sentence for each bound that was not kept; a figure that was not measured keeps none. */
export function failedGates(report: EvaluationReport, gates: readonly Gate[]): readonly string[] {
  return gates.flatMap((gate) => {
    const matched = report.variants.filter(({ variant }) => MATCHED.includes(variant));
    const variants = gate.variant
      ? report.variants.filter(({ variant }) => variant === gate.variant)
      : matched.length > 0
        ? matched
        : report.variants;
    if (variants.length === 0) return [`${gate.text}: the variant was not run`];
    return variants.flatMap(({ variant, scorers }) => {
      const value = valueOf(pick(scorers, gate.scorer), gate.name);
      if (value === null) return [`${gate.text}: not measured on ${variant}`];
      const isKept = gate.side === 'below' ? value >= gate.bound : value <= gate.bound;
      return isKept ? [] : [`${gate.text}: ${value.toFixed(4)} on ${variant}`];
    });
  });
}

/** Unseen items say more than all, where both were measured. */
function pick(scorers: readonly ScorerReport[], wanted: string): ScorerReport | undefined {
  const own = scorers.filter(({ scorer }) => scorer === wanted);
  return own.find(({ on }) => on === 'unseen') ?? own[0];
}

function valueOf(report: ScorerReport | undefined, name: GateName): number | null {
  if (!report) return null;
  const isShare = (text: GateName): text is (typeof SHARE_NAMES)[number] =>
    SHARE_NAMES.some((known) => known === text);
  if (isShare(name)) return report[name]?.value ?? null;
  return report.bySources?.[name].value ?? null;
}
