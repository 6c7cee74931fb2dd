/** Runs named steps one after another and closes with the line that CI reads: `<label>: N passed, N failed`. */

export interface StepResult {
  readonly passed: number;
  readonly failed: number;
  /** One line a problem, with file and line where there is one. */
  readonly problems: readonly string[];
}

export interface Step {
  readonly name: string;
  run(): Promise<StepResult>;
}

/** What all steps together came to. */
export type Totals = Pick<StepResult, 'passed' | 'failed'>;

/** A step that either holds as a whole or lists what is wrong. */
export function verdictOf(problems: readonly string[]): StepResult {
  return problems.length === 0
    ? { passed: 1, failed: 0, problems }
    : { passed: 0, failed: 1, problems };
}

const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`;

async function runStep(step: Step): Promise<StepResult> {
  try {
    return await step.run();
  } catch (error) {
    return verdictOf([error instanceof Error ? (error.stack ?? error.message) : String(error)]);
  }
}

/**
 * Runs the steps whose name contains one of the filters (all without a filter) and sets the exit code.
 * A step that throws counts as failed; the others still run.
 */
export async function runSteps(
  label: string,
  steps: readonly Step[],
  filters: readonly string[],
): Promise<Totals> {
  const chosen = steps.filter(
    ({ name }) => filters.length === 0 || filters.some((filter) => name.includes(filter)),
  );
  if (chosen.length === 0) {
    throw new Error(
      `Expected a name out of ${steps.map(({ name }) => name).join(', ')} but received ${filters.join(', ')}.`,
    );
  }
  let passed = 0;
  let failed = 0;
  for (const step of chosen) {
    const started = Date.now();
    process.stdout.write(`\n── ${step.name}\n`);
    const result = await runStep(step);
    passed += result.passed;
    failed += result.failed;
    for (const problem of result.problems) process.stdout.write(`   ${problem}\n`);
    process.stdout.write(
      `${result.failed === 0 ? '✔' : '✘'} ${step.name}: ${result.passed} passed, ${result.failed} failed (${seconds(started)})\n`,
    );
  }
  process.stdout.write(`\n${label}: ${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
  return { passed, failed };
}
