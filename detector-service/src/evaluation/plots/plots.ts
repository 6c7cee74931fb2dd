/** The plots of one variant, as SVG. */
import type { ScorerReport, VariantReport } from '../report/report.js';
import { plotSquare } from './square.js';
import * as svg from './svg.js';

export interface Plot {
  /** File name. */
  readonly name: string;
  readonly title: string;
  readonly svg: string;
}

/** Genuine items are blue, fakes orange. */
const REAL = svg.colourOf(0);
const FAKE = svg.colourOf(1);

/** Nothing where no scorer scored anything. */
export function plotVariant({ variant, scorers }: VariantReport): readonly Plot[] {
  const scored = scorers.filter(({ curve }) => curve !== null);
  if (scored.length === 0) return [];
  return [
    { name: `roc-${variant}.svg`, title: 'ROC curve, sources alike', svg: plotRoc(scored) },
    {
      name: `reliability-${variant}.svg`,
      title: 'Calibration, sources alike',
      svg: plotReliability(scored),
    },
    { name: `scores-${variant}.svg`, title: 'Scores', svg: plotHistograms(scored) },
    { name: `sources-${variant}.svg`, title: 'Mean score by source', svg: plotSources(scored) },
  ];
}

/** What a series or panel is called. */
export function titleOf({ scorer, on }: Pick<ScorerReport, 'scorer' | 'on'>): string {
  return on === 'unseen' ? `${scorer}, unseen items` : scorer;
}

function plotRoc(scorers: readonly ScorerReport[]): string {
  return plotSquare(
    'genuine items flagged',
    'fakes found',
    scorers.map((scorer) => ({
      name: titleOf(scorer),
      hasDots: false,
      points: (scorer.curve ?? []).map(
        ({ falsePositiveRate, truePositiveRate }) => [falsePositiveRate, truePositiveRate] as const,
      ),
    })),
  );
}

function plotReliability(scorers: readonly ScorerReport[]): string {
  return plotSquare(
    'mean score of a bin',
    'share of fakes in it',
    scorers.map((scorer) => ({
      name: titleOf(scorer),
      hasDots: true,
      points: scorer.calibration.map(({ meanScore, fakeShare }) => [meanScore, fakeShare] as const),
    })),
  );
}

const PANEL = { width: 420, height: 150, left: 48 };

function plotHistograms(scorers: readonly ScorerReport[]): string {
  const parts = scorers.flatMap((scorer, i) => {
    const { real, fake } = scorer.histogram;
    const base = (i + 1) * PANEL.height - 30;
    const highest = Math.max(...real, ...fake);
    const width = PANEL.width / real.length;
    const bars = [[real, REAL] as const, [fake, FAKE] as const].flatMap(([shares, colour]) =>
      shares.map((share, bin) => {
        const height = (share / highest) * (PANEL.height - 60);
        return svg.bar(PANEL.left + bin * width, base - height, width, height, colour, 0.5);
      }),
    );
    return [
      svg.text(
        PANEL.left,
        base - PANEL.height + 48,
        `${titleOf(scorer)}: genuine blue, fake orange`,
      ),
      ...bars,
      svg.line(PANEL.left, base, PANEL.left + PANEL.width, base, '#222'),
      ...[0, 0.25, 0.5, 0.75, 1].map((score) =>
        svg.text(PANEL.left + score * PANEL.width, base + 14, score.toFixed(2), 'middle'),
      ),
    ];
  });
  return svg.document(PANEL.left + PANEL.width + 30, scorers.length * PANEL.height + 10, parts);
}

const ROW = 16;

function plotSources(scorers: readonly ScorerReport[]): string {
  const parts: string[] = [];
  const left = 220;
  let y = 20;
  for (const scorer of scorers) {
    parts.push(svg.text(8, y, titleOf(scorer)));
    y += ROW;
    for (const { name, isFake, meanScore, scored } of scorer.sources) {
      if (meanScore === null) continue;
      parts.push(
        svg.text(left - 6, y, name.slice(0, 34), 'end'),
        svg.bar(left, y - 9, meanScore * 320, 10, isFake ? FAKE : REAL),
        svg.text(left + meanScore * 320 + 6, y, `${meanScore.toFixed(2)} (${scored})`),
      );
      y += ROW;
    }
    y += ROW;
  }
  return svg.document(left + 420, y, parts);
}
