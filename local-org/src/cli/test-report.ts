/** What a test run prints and writes: failures as they come, the slowest tests, coverage, and the counts. */
import type { ClassCoverage, TestMethodResult, TestRun } from '../apex/testing/results.js';

const SLOWEST = 5;
/** Classes that the line about missing coverage names. */
const WORST = 5;

export interface TestCounts {
  readonly tests: number;
  readonly passed: number;
  readonly failed: number;
}

export function countsOf({ methods }: TestRun): TestCounts {
  const passed = methods.filter(({ outcome }) => outcome === 'Pass').length;
  return { tests: methods.length, passed, failed: methods.length - passed };
}

/** Rounded down to one decimal, so that 89.99 never reads as 90; nothing to cover is all covered. */
export const percent = (covered: number, lines: number): number =>
  lines === 0 ? 100 : Math.floor((covered / lines) * 1000) / 10;

const shareOf = ({ coveredLines, uncoveredLines }: ClassCoverage): number =>
  percent(coveredLines.length, coveredLines.length + uncoveredLines.length);

export interface CoverageTotals {
  readonly covered: number;
  readonly lines: number;
  readonly percent: number;
}

export function coverageTotals(coverage: readonly ClassCoverage[]): CoverageTotals {
  const covered = coverage.reduce((sum, { coveredLines }) => sum + coveredLines.length, 0);
  const uncovered = coverage.reduce((sum, { uncoveredLines }) => sum + uncoveredLines.length, 0);
  const lines = covered + uncovered;
  return { covered, lines, percent: percent(covered, lines) };
}

/** The line that tells why the coverage is not enough; null when it is. */
export function coverageShortfall(
  coverage: readonly ClassCoverage[],
  minimum: number,
): string | null {
  const totals = coverageTotals(coverage);
  if (totals.percent >= minimum) return null;
  const worst = coverage
    .filter(({ uncoveredLines }) => uncoveredLines.length > 0)
    .sort((one, other) => other.uncoveredLines.length - one.uncoveredLines.length)
    .slice(0, WORST)
    .map((entry) => `${entry.name} (${shareOf(entry)} %, ${entry.uncoveredLines.length} lines)`);
  return (
    `Coverage is ${totals.percent} % of ${totals.lines} lines; expected at least ${minimum} %. ` +
    `Most lines are not run in ${worst.join(', ')}.`
  );
}

/** The counts in the form of jest's `--json`, which tools that read several test runners know. */
export function jestCounts(run: TestRun): Readonly<Record<string, unknown>> {
  const { tests, passed, failed } = countsOf(run);
  const suites = new Set(run.methods.map(({ className }) => className));
  const failedSuites = new Set(
    run.methods.filter(({ outcome }) => outcome === 'Fail').map(({ className }) => className),
  );
  return {
    success: failed === 0 && tests > 0,
    numTotalTests: tests,
    numPassedTests: passed,
    numFailedTests: failed,
    numTotalTestSuites: suites.size,
    numPassedTestSuites: suites.size - failedSuites.size,
    numFailedTestSuites: failedSuites.size,
  };
}

export function resultLines(result: TestMethodResult): string[] {
  const { className, method, outcome, message, stackTrace, durationMs } = result;
  const line = `${outcome === 'Pass' ? 'ok  ' : 'FAIL'} ${className}.${method} (${durationMs} ms)`;
  if (outcome === 'Pass') return [line];
  const trace = (stackTrace ?? '').split('\n').filter(Boolean);
  return [line, `     ${message ?? ''}`, ...trace.map((entry) => `       ${entry}`)];
}

export function slowestLines(methods: readonly TestMethodResult[]): string[] {
  const slowest = [...methods]
    .sort((one, other) => other.durationMs - one.durationMs)
    .slice(0, SLOWEST);
  if (slowest.length === 0) return [];
  return [
    'Slowest tests:',
    ...slowest.map(
      ({ className, method, durationMs }) =>
        `${String(durationMs).padStart(6)} ms  ${className}.${method}`,
    ),
  ];
}

export function coverageLines(coverage: readonly ClassCoverage[]): string[] {
  const totals = coverageTotals(coverage);
  const rows = coverage.map((entry) => {
    const open = entry.uncoveredLines.length ? `  not run: ${ranges(entry.uncoveredLines)}` : '';
    return `${shareOf(entry).toFixed(1).padStart(6)} %  ${entry.name}${open}`;
  });
  return [...rows, `${totals.percent.toFixed(1).padStart(6)} %  of ${totals.lines} lines in all`];
}

/** `3-5, 9` for 3, 4, 5 and 9. */
export function ranges(lines: readonly number[]): string {
  const parts: [from: number, to: number][] = [];
  for (const line of [...lines].sort((one, other) => one - other)) {
    const last = parts.at(-1);
    if (last && line === last[1] + 1) last[1] = line;
    else parts.push([line, line]);
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}
