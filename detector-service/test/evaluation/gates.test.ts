import { failedGates, parseGate } from '../../src/evaluation/gates.js';
import { toMarkdown } from '../../src/evaluation/report/markdown.js';
import { reportVariant } from '../../src/evaluation/report/variant-report.js';
import type { EvaluationReport } from '../../src/evaluation/report/report.js';
import type { MeasuredItem } from '../../src/evaluation/measure.js';
import { plotVariant } from '../../src/evaluation/plots/plots.js';

function measured(
  source: string,
  isFake: boolean,
  score: number | null,
  seen = false,
): MeasuredItem {
  return {
    item: {
      file: `${source}.png`,
      path: `/media/${source}.png`,
      isFake,
      source,
      generator: isFake ? 'G' : '',
      category: isFake ? 'scene' : 'screenshot',
      fold: '',
      trainedOn: seen ? ['*'] : [],
    },
    measurements: [
      {
        sha256: 'aa',
        variant: 'm1',
        answer: {
          kind: 'judged',
          mediaType: 'image/png',
          verdict: score !== null && score > 0.8 ? 'suspect' : 'clear',
          codes: [],
          scorers: { pipeline: { score, isFlagged: score !== null && score > 0.8 } },
          totalMs: 10,
        },
      },
    ],
  };
}

const ITEMS = [
  measured('f1', true, 0.9),
  measured('f2<script>|', true, 0.6),
  measured('f3', true, null),
  measured('r1', false, 0.85, true),
  measured('r2', false, 0.1),
  measured('r3', false, 0.2),
];

function report(): EvaluationReport {
  const options = { draws: { count: 20, seed: 1 }, hardReal: ['screenshot'] };
  return {
    list: { items: 6, real: 3, fake: 3, sources: 6, leftOut: {}, limit: null },
    models: [],
    version: '1',
    ruleset: 'x',
    seed: 1,
    draws: 20,
    hardReal: ['screenshot'],
    comparison: null,
    variants: [
      reportVariant('m1', ITEMS, (_scorer, { trainedOn }) => trainedOn.includes('*'), options),
    ],
  };
}

describe('a report', () => {
  it('parts abstention, false alarms and what was found', () => {
    const [all, unseen] = report().variants[0]?.scorers ?? [];
    expect(all).toMatchObject({
      on: 'all',
      scored: { real: 3, fake: 2 },
      abstained: { value: 1 / 6 },
      falseAlarms: { value: 1 / 3 },
      found: { value: 1 / 3 },
      hardReal: { value: 1 / 3 },
    });
    expect(all?.byItems?.auc.value).toBeCloseTo(5 / 6, 12);
    expect(unseen).toMatchObject({ on: 'unseen', falseAlarms: { value: 0 } });
    expect(unseen?.byItems?.auc.value).toBe(1);
  });

  it('lets no name of a list out of its cell or into the drawing', () => {
    const made = report();
    const markdown = toMarkdown(made, new Map());
    expect(markdown).toContain('f2\\<script\\>\\|');
    expect(markdown).not.toContain('<script>');
    const plots = made.variants.flatMap(plotVariant);
    expect(plots.map(({ name }) => name)).toContain('roc-m1.svg');
    expect(plots.every(({ svg }) => !svg.includes('<script>'))).toBe(true);
  });
});

describe('a gate', () => {
  it.each([
    ['auc=0.7', 'below', []],
    // Unseen items are asked where some were seen.
    ['m1:auc=1', 'below', []],
    ['auc=1.1', 'below', ['auc=1.1: 1.0000 on m1']],
    ['m1:found=0.9', 'below', ['m1:found=0.9: 0.3333 on m1']],
    ['falseAlarms=0', 'above', []],
    ['m2:auc=0.1', 'below', ['m2:auc=0.1: the variant was not run']],
    ['other@m1:auc=0.1', 'below', ['other@m1:auc=0.1: not measured on m1']],
  ] as const)('%s (%s)', (text, side, failures) => {
    expect(failedGates(report(), [parseGate(text, side)])).toEqual(failures);
  });

  it.each(['auc', 'auc=x', 'nonsense=1', 'm9:auc=0.5'])('refuses %j', (text) => {
    expect(() => parseGate(text, 'below')).toThrow(/Expected \[\[scorer@\]variant:\]figure=bound/);
  });
});
