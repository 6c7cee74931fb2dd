import type { ClassCoverage, TestMethodResult, TestRun } from '../apex/testing/results.js';
import { TestRunner } from '../apex/testing/runner.js';
import { createOrg } from '../org/org.js';
import { ADMINISTRATOR } from '../org/users.js';
import { note, print } from './output.js';

export interface TestOptions {
  readonly project: string;
  readonly coverage?: boolean;
  readonly json?: boolean;
}

/** Runs the tests in a new org that holds its setup only; exit code 1 when one fails or none was found. */
export async function test(names: string[], options: TestOptions): Promise<void> {
  const started = performance.now();
  const org = createOrg({ projectFolder: options.project });
  const administrator = org.users.all().find(({ username }) => username === ADMINISTRATOR.username);
  if (!administrator) throw new Error(`The org has no user ${ADMINISTRATOR.username}.`);
  const runner = new TestRunner(org.runtime, org.platform.transactions, () => administrator.id);
  const run = runner.run({
    names,
    withCoverage: options.coverage ?? false,
    ...(options.json ? {} : { onResult: printResult }),
  });
  org.close();
  const failed = run.methods.filter(({ outcome }) => outcome === 'Fail').length;
  if (options.json) print(JSON.stringify(summary(run, started), null, 2));
  else printSummary(run, started);
  if (run.methods.length === 0) {
    note(
      `No test matches ${names.join(', ') || 'this project'}: expected the name of a class or Class.method.`,
    );
  }
  if (failed > 0 || run.methods.length === 0) process.exitCode = 1;
}

function printResult({
  className,
  method,
  outcome,
  message,
  stackTrace,
  durationMs,
}: TestMethodResult): void {
  print(`${outcome === 'Pass' ? 'ok  ' : 'FAIL'} ${className}.${method} (${durationMs} ms)`);
  if (outcome === 'Pass') return;
  print(`     ${message ?? ''}`);
  for (const line of (stackTrace ?? '').split('\n').filter(Boolean)) print(`       ${line}`);
}

const percent = (covered: number, lines: number): number =>
  lines === 0 ? 100 : Math.floor((covered / lines) * 1000) / 10;

function totals(coverage: readonly ClassCoverage[]): { covered: number; lines: number } {
  const covered = coverage.reduce((sum, { coveredLines }) => sum + coveredLines.length, 0);
  const uncovered = coverage.reduce((sum, { uncoveredLines }) => sum + uncoveredLines.length, 0);
  return { covered, lines: covered + uncovered };
}

function summary(run: TestRun, started: number) {
  const { covered, lines } = totals(run.coverage);
  const passed = run.methods.filter(({ outcome }) => outcome === 'Pass').length;
  return {
    summary: {
      tests: run.methods.length,
      passed,
      failed: run.methods.length - passed,
      durationMs: Math.round(performance.now() - started),
      ...(run.coverage.length ? { coveragePercent: percent(covered, lines) } : {}),
    },
    tests: run.methods,
    coverage: run.coverage,
  };
}

function printSummary(run: TestRun, started: number): void {
  if (run.coverage.length > 0) {
    print();
    for (const { name, coveredLines, uncoveredLines } of run.coverage) {
      const share = percent(coveredLines.length, coveredLines.length + uncoveredLines.length);
      const open = uncoveredLines.length ? `  not run: ${ranges(uncoveredLines)}` : '';
      print(`${share.toFixed(1).padStart(6)} %  ${name}${open}`);
    }
    const { covered, lines } = totals(run.coverage);
    print(`${percent(covered, lines).toFixed(1).padStart(6)} %  of ${lines} lines in all`);
  }
  const { tests, passed, failed, durationMs } = summary(run, started).summary;
  print();
  print(
    `${tests} tests: ${passed} passed, ${failed} failed, in ${(durationMs / 1000).toFixed(1)} s`,
  );
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
