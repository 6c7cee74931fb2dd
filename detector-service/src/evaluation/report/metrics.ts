/** The figures of an evaluation for Prometheus, as a file for the textfile collector of its node exporter. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { Gauge, Registry } from 'prom-client';

import { FIGURE_NAMES } from '../figures/figures.js';
import type { EvaluationReport } from './report.js';

/**
 * Replaces the file at once, so that the collector never reads half of it.
 *
 * @param list name of the list, since several may be measured on a schedule
 * @param failedBounds bounds that were not kept
 */
export async function writeMetrics(
  path: string,
  report: EvaluationReport,
  list: string,
  failedBounds: number,
): Promise<void> {
  const registry = new Registry();
  const registers = [registry];
  const figures = new Gauge({
    name: 'mediaguard_evaluation_figure',
    help: 'A figure of the latest evaluation, sources alike.',
    labelNames: ['list', 'variant', 'scorer', 'on', 'figure'],
    registers,
  });
  for (const { variant, scorers } of report.variants) {
    for (const { scorer, on, bySources, falseAlarms, found, abstained } of scorers) {
      const set = (figure: string, value: number | undefined): void => {
        if (value !== undefined) figures.set({ list, variant, scorer, on, figure }, value);
      };
      for (const name of FIGURE_NAMES) set(name, bySources?.[name].value);
      set('falseAlarms', falseAlarms?.value);
      set('found', found?.value);
      set('abstained', abstained?.value);
    }
  }
  const single = (name: string, help: string, value: number): void =>
    new Gauge({ name, help, labelNames: ['list'], registers }).set({ list }, value);
  single(
    'mediaguard_evaluation_worse_figures',
    'Figures that got worse than in the evaluation compared with, by more than chance.',
    report.comparison?.worse.length ?? 0,
  );
  single(
    'mediaguard_evaluation_failed_bounds',
    'Bounds of the latest evaluation that were not kept.',
    failedBounds,
  );
  single(
    'mediaguard_evaluation_timestamp_seconds',
    'When the latest evaluation ended.',
    Math.floor(Date.now() / 1000),
  );
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.partial`, await registry.metrics());
  await rename(`${path}.partial`, path);
}
