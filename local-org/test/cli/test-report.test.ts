import type { ClassCoverage, TestMethodResult } from '../../src/apex/testing/results.js';
import {
  coverageLines,
  coverageShortfall,
  jestCounts,
  ranges,
  resultLines,
  slowestLines,
} from '../../src/cli/test-report.js';

const lines = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

const covered = (name: string, run: number, open: number): ClassCoverage => ({
  name,
  file: `${name}.cls`,
  coveredLines: lines(1, run),
  uncoveredLines: lines(run + 1, run + open),
});

const result = (className: string, method: string, durationMs = 1): TestMethodResult => ({
  className,
  method,
  outcome: 'Pass',
  message: null,
  stackTrace: null,
  durationMs,
});

const failure = (className: string, method: string): TestMethodResult => ({
  ...result(className, method),
  outcome: 'Fail',
  message: 'System.AssertException: Assertion Failed',
  stackTrace: 'Class.A_Test.one: line 3\nClass.A_Test.two: line 9\n',
});

describe('the report of an Apex test run', () => {
  it.each([
    [[], ''],
    [[7], '7'],
    [[3, 4, 5, 9], '3-5, 9'],
    [[9, 3, 5, 4], '3-5, 9'],
  ])('prints the lines %j as %j', (given, text) => {
    expect(ranges(given)).toBe(text);
  });

  it('names the figure and the worst classes when too few lines ran', () => {
    const coverage = [covered('Good', 100, 0), covered('Worse', 40, 10), covered('Worst', 20, 30)];

    expect(coverageShortfall(coverage, 90)).toBe(
      'Coverage is 80 % of 200 lines; expected at least 90 %. ' +
        'Most lines are not run in Worst (40 %, 30 lines), Worse (80 %, 10 lines).',
    );
    expect(coverageShortfall(coverage, 80)).toBeNull();
  });

  it('rounds down, so that just below the minimum is below it', () => {
    expect(coverageShortfall([covered('Close', 8999, 1001)], 90)).toContain('89.9 %');
  });

  it("counts in jest's form", () => {
    const methods = [result('A_Test', 'one'), failure('A_Test', 'two'), result('B_Test', 'one')];

    expect(jestCounts({ methods, coverage: [] })).toMatchObject({
      success: false,
      numPassedTests: 2,
      numFailedTests: 1,
      numFailedTestSuites: 1,
      numPassedTestSuites: 1,
    });
  });

  it('is no success without a test', () => {
    expect(jestCounts({ methods: [], coverage: [] })).toMatchObject({ success: false });
  });

  it('tells a failure with its message and its trace', () => {
    expect(resultLines(failure('A_Test', 'two'))).toEqual([
      'FAIL A_Test.two (1 ms)',
      '     System.AssertException: Assertion Failed',
      '       Class.A_Test.one: line 3',
      '       Class.A_Test.two: line 9',
    ]);
  });

  it('lists the slowest tests first', () => {
    const methods = [result('A_Test', 'fast', 1), result('A_Test', 'slow', 900)];

    expect(slowestLines(methods)[1]).toBe('   900 ms  A_Test.slow');
  });

  it('shows the share of each class and of all', () => {
    expect(coverageLines([covered('Half', 2, 2)])).toEqual([
      '  50.0 %  Half  not run: 3-4',
      '  50.0 %  of 4 lines in all',
    ]);
  });
});
