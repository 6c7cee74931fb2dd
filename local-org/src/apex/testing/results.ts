export interface TestMethodResult {
  readonly className: string;
  readonly method: string;
  readonly outcome: 'Pass' | 'Fail';
  /** `System.AssertException: Assertion Failed: …`; null when it passed. */
  readonly message: string | null;
  /** Innermost call first; null when it passed. */
  readonly stackTrace: string | null;
  readonly durationMs: number;
}

export interface ClassCoverage {
  readonly name: string;
  readonly file: string;
  readonly coveredLines: readonly number[];
  readonly uncoveredLines: readonly number[];
}

export interface TestRun {
  readonly methods: readonly TestMethodResult[];
  /** Classes and triggers that are no tests, in order of name; empty unless asked for. */
  readonly coverage: readonly ClassCoverage[];
}

export interface TestSelection {
  /** `Class` or `Class.method` in any case; empty means all. */
  readonly names: readonly string[];
  readonly withCoverage: boolean;
  readonly onResult?: (result: TestMethodResult) => void;
}
