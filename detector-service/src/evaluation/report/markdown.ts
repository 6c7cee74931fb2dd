/** The report for people. */
import type { Plot } from '../plots/plots.js';
import { titleOf } from '../plots/plots.js';
import type { Figure, Figures } from '../figures/figures.js';
import { MATCHED } from '../variants/catalogue.js';
import type {
  EvaluationReport,
  GroupReport,
  ScorerReport,
  Share,
  VariantReport,
} from './report.js';

/** @param plots of each variant, by its name */
export function toMarkdown(
  report: EvaluationReport,
  plots: ReadonlyMap<string, readonly Plot[]>,
): string {
  return [
    '# Evaluation',
    ...preface(report),
    ...summary(report),
    ...comparison(report),
    ...report.variants.flatMap((variant) => [
      ...describeVariant(variant, report),
      ...(plots.get(variant.variant) ?? []).map(({ name, title }) => `![${title}](${name})`),
    ]),
    '',
  ].join('\n\n');
}

function preface({ list, models, seed, draws, version, variants }: EvaluationReport): string[] {
  const leftOut = Object.entries(list.leftOut)
    .map(([label, rows]) => `${rows} labelled "${cell(label)}"`)
    .join(', ');
  const seen = models.some(({ seenItems }) => seenItems > 0);
  const isConfounded = !variants.some(({ variant }) => MATCHED.includes(variant));
  return [
    `${list.items} items of ${list.sources} sources: ${list.real} genuine, ${list.fake} fake${list.limit === null ? '' : ' (a selection by hash, even over sources)'}.` +
      (leftOut && ` Left out: ${leftOut}.`),
    table(
      ['Model', 'Version', 'SHA-256', 'Items seen in training'],
      models.map((model) => [
        model.id,
        model.version,
        model.sha256.slice(0, 12),
        String(model.seenItems),
      ]),
    ),
    seen
      ? '**Some models were trained on items of this list.** Their figures over all items flatter; read the rows marked "unseen".'
      : 'No model of this run is known to have been trained on items of this list, by its manifest or the list.',
    ...(isConfounded
      ? [
          '**Only files as they are were judged.** Format, size and metadata can give the label away; run the variants m1 and m2 before you believe a figure.',
        ]
      : []),
    `Intervals are 95 %, from ${draws} draws of whole sources (seed ${seed}); those of shares are Wilson's over items. "Sources alike" lets each source count once and both classes alike. Service version ${version}.`,
  ];
}

function summary({ variants }: EvaluationReport): string[] {
  const rows = variants.flatMap(({ variant, scorers }) =>
    scorers.map((scorer) => [
      variant,
      titleOf(scorer),
      figure(scorer.bySources?.auc),
      figure(scorer.byItems?.auc),
      figure(scorer.bySources?.tprAt1),
      figure(scorer.bySources?.tprAt5),
      figure(scorer.bySources?.eer),
      figure(scorer.bySources?.ece),
      figure(scorer.bySources?.brier),
      share(scorer.abstained),
      share(scorer.falseAlarms),
      share(scorer.found),
    ]),
  );
  const heads = [
    ...['Variant', 'Scorer', 'AUC, sources alike', 'AUC, items alike', 'Found at 1 % FPR'],
    ...['Found at 5 % FPR', 'EER', 'ECE', 'Brier', 'Abstained', 'False alarms', 'Found'],
  ];
  return [
    '## Summary',
    table(heads, rows),
    'AUC to Brier are over scored items. False alarms and Found are over all judged items at the thresholds of the manifests, with abstentions as not accused; those of the pipeline count every verdict that accuses, by facts too.',
  ];
}

function comparison({ comparison: compared }: EvaluationReport): string[] {
  if (!compared) return [];
  const { version, models, scorers, worse } = compared;
  const rows = scorers.flatMap(({ variant, scorer, on, items, differences }) =>
    differences.map(({ figure: name, before, now, interval, isWorse }) => [
      ...[variant, titleOf({ scorer, on }), String(items), name, number(before), number(now)],
      interval ? `${number(interval.low)} to ${number(interval.high)}` : '–',
      isWorse ? '**worse**' : '',
    ]),
  );
  const before = models.map((model) => `${model.id} ${model.version}`).join(', ');
  return [
    '## Against the earlier evaluation',
    `Then: service version ${version}, ${cell(before)}. Over the items that both judged, sources alike. A figure is worse where the whole 95 % interval of the change, from drawing the same sources for both, lies on the bad side: ${worse.length === 0 ? 'none is' : `${worse.length} ${worse.length === 1 ? 'is' : 'are'}`}.`,
    table(
      ['Variant', 'Scorer', 'Items', 'Figure', 'Before', 'Now', '95 % of the change', ''],
      rows,
    ),
  ];
}

function describeVariant(variant: VariantReport, { hardReal }: EvaluationReport): string[] {
  const notJudged = Object.entries(variant.notJudged)
    .map(([reason, items]) => `${items} (${cell(reason)})`)
    .join(', ');
  const { p50, p95 } = variant.latencyMs;
  const verdicts = (['real', 'fake'] as const).map((name) => {
    const counts = Object.entries(variant.verdicts[name]).map(([verdict, n]) => `${verdict} ${n}`);
    return `${name === 'real' ? 'genuine' : 'fake'}: ${counts.join(', ') || 'none'}`;
  });
  return [
    `## ${variant.variant}`,
    `${variant.description}. ${variant.judged} items judged${notJudged && `, not judged ${notJudged}`}. Verdicts: ${verdicts.join('; ')}. Latency: p50 ${milliseconds(p50)}, p95 ${milliseconds(p95)}.`,
    ...variant.scorers.flatMap((scorer) => describeScorer(scorer, hardReal)),
  ];
}

function describeScorer(scorer: ScorerReport, hardReal: readonly string[]): string[] {
  return [
    `### ${titleOf(scorer)}`,
    `Scored: ${scorer.scored.real} of ${scorer.items.real} genuine, ${scorer.scored.fake} of ${scorer.items.fake} fake.` +
      (hardReal.length > 0
        ? ` False alarms on ${hardReal.map(cell).join(', ')}: ${share(scorer.hardReal)}.`
        : ''),
    ...weightings(scorer),
    ...groups('Source', scorer.sources),
    ...groups('Generator', scorer.generators),
    ...groups('Category', scorer.categories),
  ];
}

function weightings({ byItems, bySources }: ScorerReport): string[] {
  if (!byItems || !bySources)
    return ['Only one class has scored items, so nothing can be told apart.'];
  const row = (name: string, figures: Figures): string[] => [
    name,
    ...[figures.auc, figures.tprAt1, figures.tprAt5, figures.eer, figures.brier, figures.ece].map(
      figure,
    ),
  ];
  return [
    table(
      ['Weighting', 'AUC', 'Found at 1 % FPR', 'Found at 5 % FPR', 'EER', 'Brier', 'ECE'],
      [row('Items alike', byItems), row('Sources alike', bySources)],
    ),
  ];
}

function groups(title: string, reports: readonly GroupReport[]): string[] {
  if (reports.length === 0) return [];
  return [
    table(
      [title, 'Class', 'Items', 'Scored', 'Mean score', 'AUC against the other class', 'Accused'],
      reports.map((group) => [
        group.name,
        group.isFake ? 'fake' : 'genuine',
        String(group.items),
        String(group.scored),
        number(group.meanScore),
        number(group.auc),
        share(group.flagged),
      ]),
    ),
  ];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const toLine = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [toLine(heads), toLine(heads.map(() => '---')), ...rows.map(toLine)].join('\n');
}

/** Names in lists come from strangers: they must not end a cell or start a tag. */
function cell(content: string): string {
  return content.replace(/\p{Cc}/gu, ' ').replace(/[|<>`\\]/g, '\\$&');
}

function figure(one: Figure | undefined): string {
  if (!one) return '–';
  const { value, interval } = one;
  return interval
    ? `${number(value)} (${number(interval.low)}–${number(interval.high)})`
    : number(value);
}

function share(one: Share | null): string {
  if (!one) return '–';
  const percent = (value: number): string => (value * 100).toFixed(1);
  const { value, interval } = one;
  return `${percent(value)} % (${percent(interval.low)}–${percent(interval.high)})`;
}

function number(value: number | null): string {
  return value === null ? '–' : value.toFixed(3);
}

function milliseconds(value: number | null): string {
  return value === null ? 'not measured' : `${Math.round(value)} ms`;
}
