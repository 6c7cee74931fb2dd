/** The shape of `report.json`. Every share is 0..1; null stands for what could not be measured. */
import type { Comparison } from '../comparison/compare.js';
import type { CalibrationBin } from '../figures/calibration.js';
import type { Figures } from '../figures/figures.js';
import type { RocPoint } from '../figures/ranking.js';
import type { Interval } from '../figures/rates.js';
import type { Verdict } from '../../verdict/types.js';
import type { VariantName } from '../variants/catalogue.js';

export interface Share {
  readonly value: number;
  /** Wilson's 95 % interval; items of one source are no independent draws, so the truth is wider. */
  readonly interval: Interval;
}

/** A part of the items, such as one source's. */
export interface GroupReport {
  readonly name: string;
  readonly isFake: boolean;
  readonly items: number;
  readonly scored: number;
  readonly meanScore: number | null;
  /** Against all scored items of the other class, each counted once. */
  readonly auc: number | null;
  /** Accused at the manifest's thresholds; abstentions count as not accused. */
  readonly flagged: Share | null;
}

export interface ScorerReport {
  readonly scorer: string;
  /** `unseen`: only items that no training of this scorer contained, by manifest and list. */
  readonly on: 'all' | 'unseen';
  readonly items: { readonly real: number; readonly fake: number };
  readonly scored: { readonly real: number; readonly fake: number };
  readonly abstained: Share | null;
  readonly byItems: Figures | null;
  readonly bySources: Figures | null;
  readonly falseAlarms: Share | null;
  readonly found: Share | null;
  readonly hardReal: Share | null;
  readonly curve: readonly RocPoint[] | null;
  readonly calibration: readonly CalibrationBin[];
  readonly histogram: { readonly real: readonly number[]; readonly fake: readonly number[] };
  readonly sources: readonly GroupReport[];
  readonly generators: readonly GroupReport[];
  readonly categories: readonly GroupReport[];
}

export interface VariantReport {
  readonly variant: VariantName;
  readonly description: string;
  readonly judged: number;
  readonly notJudged: Readonly<Record<string, number>>;
  readonly verdicts: {
    readonly real: Partial<Record<Verdict, number>>;
    readonly fake: Partial<Record<Verdict, number>>;
  };
  /** Milliseconds in the pipeline, on this machine and with its load. */
  readonly latencyMs: { readonly p50: number | null; readonly p95: number | null };
  readonly scorers: readonly ScorerReport[];
}

export interface EvaluationReport {
  readonly list: {
    readonly items: number;
    readonly real: number;
    readonly fake: number;
    readonly sources: number;
    readonly leftOut: Readonly<Record<string, number>>;
    readonly limit: number | null;
  };
  readonly models: readonly {
    readonly id: string;
    readonly version: string;
    readonly sha256: string;
    /** Of all that decides the model's answers: file, feeding, calibration, thresholds, abstention. */
    readonly configurationSha256: string;
    readonly seenItems: number;
  }[];
  readonly version: string;
  readonly ruleset: string;
  readonly seed: number;
  readonly draws: number;
  readonly hardReal: readonly string[];
  readonly variants: readonly VariantReport[];
  /** Against an earlier evaluation; null where none was named. */
  readonly comparison: Comparison | null;
}
