import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { TestRunner } from '../apex/testing/runner.js';
import type { TestRun } from '../apex/testing/results.js';
import { createOrg } from '../org/org.js';
import { ADMINISTRATOR } from '../org/users.js';
import { note, print } from './output.js';
import {
  countsOf,
  coverageLines,
  coverageShortfall,
  coverageTotals,
  jestCounts,
  resultLines,
  slowestLines,
} from './test-report.js';

export interface TestOptions {
  readonly project: string;
  readonly coverage?: boolean;
  /** Percent of the lines; measures the coverage when given. */
  readonly minimumCoverage?: number;
  readonly json?: boolean;
  /** File for the counts in jest's form. */
  readonly output?: string;
  readonly verbose?: boolean;
}

/**
 * Runs the tests in a new org that holds its setup only. The exit code is 1 when one fails, none was found or the
 * coverage is too low.
 */
export function test(names: string[], options: TestOptions): void {
  const started = performance.now();
  const { minimumCoverage } = options;
  const run = runTests(names, options);
  if (options.output) writeCounts(options.output, run);
  const durationMs = Math.round(performance.now() - started);
  if (options.json) print(JSON.stringify(asJson(run, durationMs), null, 2));
  else printSummary(run, durationMs);

  if (run.methods.length === 0) {
    note(
      `No test matches ${names.join(', ') || 'this project'}: expected the name of a class or Class.method.`,
    );
  }
  const shortfall =
    minimumCoverage === undefined ? null : coverageShortfall(run.coverage, minimumCoverage);
  if (shortfall) note(shortfall);
  if (countsOf(run).failed > 0 || run.methods.length === 0 || shortfall) process.exitCode = 1;
}

function runTests(names: readonly string[], options: TestOptions): TestRun {
  const org = createOrg({ projectFolder: options.project });
  try {
    const administrator = org.users
      .all()
      .find(({ username }) => username === ADMINISTRATOR.username);
    if (!administrator) throw new Error(`The org has no user ${ADMINISTRATOR.username}.`);
    const runner = new TestRunner(org.runtime, org.platform.transactions, () => administrator.id);
    return runner.run({
      names,
      withCoverage: options.coverage === true || options.minimumCoverage !== undefined,
      onResult: (result) => {
        if (options.json || (result.outcome === 'Pass' && !options.verbose)) return;
        resultLines(result).forEach(print);
      },
    });
  } finally {
    org.close();
  }
}

function writeCounts(file: string, run: TestRun): void {
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  writeFileSync(file, JSON.stringify(jestCounts(run)));
}

const asJson = (run: TestRun, durationMs: number) => ({
  summary: {
    ...countsOf(run),
    durationMs,
    ...(run.coverage.length ? { coveragePercent: coverageTotals(run.coverage).percent } : {}),
  },
  tests: run.methods,
  coverage: run.coverage,
});

function printSummary(run: TestRun, durationMs: number): void {
  if (run.coverage.length > 0) {
    coverageLines(run.coverage).forEach(print);
    print();
  }
  slowestLines(run.methods).forEach(print);
  const { tests, passed, failed } = countsOf(run);
  print();
  print(
    `${tests} tests: ${passed} passed, ${failed} failed, in ${(durationMs / 1000).toFixed(1)} s`,
  );
}
