import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import sharp from 'sharp';

import type { EvaluationReport } from '../../src/evaluation/report/report.js';
import { runProgram } from '../support/program.js';
import { removeFolder } from '../support/service-data.js';

const SHIPPED = fileURLToPath(new URL('../../models/image-generated', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-evaluate-'));
  const rows = ['file,label,source,generator,category,trainedOn'];
  for (let i = 0; i < 4; i += 1) {
    for (const label of ['real', 'fake']) {
      const file = `${label}-${i}.png`;
      await sharp({
        create: {
          width: 300,
          height: 260,
          channels: 3,
          background: '#357',
          noise: { type: 'gaussian', mean: 110 + 10 * i, sigma: label === 'real' ? 30 : 8 },
        },
      })
        .png()
        .toFile(join(folder, file));
      rows.push(`${file},${label},${label}${i % 2},made,noise,${i === 3 ? 'mine' : ''}`);
    }
  }
  await writeFile(join(folder, 'manifest.csv'), `${rows.join('\n')}\n`);
  const own = join(folder, 'mine');
  await cp(SHIPPED, own, { recursive: true });
  const manifest = JSON.parse(await readFile(join(own, 'manifest.json'), 'utf8')) as object;
  await writeFile(
    join(own, 'manifest.json'),
    JSON.stringify({ ...manifest, id: 'mine', thresholds: { suspect: 0, clear: 0 } }),
  );
});
afterAll(() => removeFolder(folder));

async function readReport(): Promise<EvaluationReport> {
  const text = await readFile(join(folder, 'out', 'report.json'), 'utf8');
  return JSON.parse(text) as EvaluationReport;
}

describe('mediaguard evaluate', () => {
  const args = (): string[] => [
    ...['evaluate', folder, '--out', join(folder, 'out'), '--draws', '20'],
    ...['--model', `mine=${join(folder, 'mine')}`, '--variants', 'original,m1'],
  ];

  it('compares a model of your own, added by its manifest alone, with the shipped one', async () => {
    const { code, out } = await runProgram(...args());
    expect(out).toBe(`${join(folder, 'out', 'report.md')}\n`);
    expect(code).toBe(0);

    const { variants, models } = await readReport();
    expect(models).toContainEqual(expect.objectContaining({ id: 'mine', seenItems: 2 }));
    for (const { scorers } of variants) {
      const shipped = scorers.find(({ scorer }) => scorer === 'image-generated');
      const [own, unseen] = scorers.filter(({ scorer }) => scorer === 'mine');
      // The same network, so the same order; other thresholds, so other alarms.
      expect(own?.byItems?.auc.value).toBe(shipped?.byItems?.auc.value);
      expect(own?.falseAlarms?.value).toBe(1);
      expect(shipped?.falseAlarms?.value).toBe(0);
      expect(unseen).toMatchObject({ on: 'unseen', items: { real: 3, fake: 3 } });
    }
    const markdown = await readFile(join(folder, 'out', 'report.md'), 'utf8');
    expect(markdown).toContain('Some models were trained on items of this list.');
    expect(await readFile(join(folder, 'out', 'roc-m1.svg'), 'utf8')).toContain('mine');
  }, 120_000);

  it('uses the scores of an earlier run again, and ends with 1 where a bound is not kept', async () => {
    const before = await readFile(join(folder, 'out', 'scores.jsonl'), 'utf8');
    const { code, err } = await runProgram(...args(), '--fail-above', 'mine@m1:falseAlarms=0.5');
    expect(code).toBe(1);
    expect(err).toContain('Not kept: mine@m1:falseAlarms=0.5: 1.0000 on m1');
    expect(await readFile(join(folder, 'out', 'scores.jsonl'), 'utf8')).toBe(before);
  }, 120_000);

  it('ends with 1 where a figure got worse than in an earlier evaluation, and tells Prometheus', async () => {
    const manifest = join(folder, 'mine', 'manifest.json');
    const text = await readFile(manifest, 'utf8');
    // The same scores, but nothing is accused any more: every fake that was found is missed.
    const thresholds = { suspect: 1, clear: 0 };
    await writeFile(manifest, JSON.stringify({ ...(JSON.parse(text) as object), thresholds }));
    const metrics = join(folder, 'metrics', 'evaluation.prom');
    const { code, err } = await runProgram(
      ...[...args(), '--against', join(folder, 'out'), '--metrics', metrics, '--variants', 'm1'],
    );
    expect(code).toBe(1);
    expect(err).toContain(
      'Worse: mine@m1: found was 1.000 and is 0.000 (95 % of the change: -1.000 to -1.000)\n',
    );
    const { comparison } = await readReport();
    const own = comparison?.scorers.find(({ scorer }) => scorer === 'mine');
    expect(own?.differences.find(({ figure }) => figure === 'auc')).toMatchObject({
      interval: { low: 0, high: 0 },
      isWorse: false,
    });
    expect(await readFile(join(folder, 'out', 'report.md'), 'utf8')).toContain('**worse**');
    const told = await readFile(metrics, 'utf8');
    expect(told).toContain(`mediaguard_evaluation_worse_figures{list="${basename(folder)}"} 2`);
    expect(told).toMatch(/evaluation_figure\{[^}]*variant="m1",scorer="mine"[^}]*figure="auc"\} /);
  }, 120_000);

  it('cannot run without a list, and says what it needs', async () => {
    const { code, err } = await runProgram('evaluate', join(folder, 'out'));
    expect(code).toBe(3);
    expect(err).toContain('add a manifest.csv with the columns file and label');
  }, 60_000);
});
