/** All tests: `npm test [-- name…]`, where a name picks suites (service, local-org, lwc, apex, browser, resilience). */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { command, nodeProgram, root, type CommandResult } from './lib/command.js';
import { runSteps, type Step, type StepResult } from './lib/steps.js';

interface Counts {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
}

/** A suite whose runner writes jest's counts to a file; a runner that dies before it counts is one failure. */
function suite(name: string, run: (countsFile: string) => Promise<CommandResult>): Step {
  return {
    name,
    async run(): Promise<StepResult> {
      const folder = mkdtempSync(join(tmpdir(), 'mediaguard-test-'));
      try {
        const countsFile = join(folder, 'counts.json');
        const { exitCode } = await run(countsFile);
        const counts = JSON.parse(readFileSync(countsFile, 'utf8')) as Counts;
        const failed = Math.max(counts.numFailedTests, counts.numFailedTestSuites);
        return {
          passed: counts.numPassedTests,
          failed: exitCode === 0 ? failed : Math.max(failed, 1),
          problems: [],
        };
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

const jest = (workspace: string): Step =>
  suite(workspace, (countsFile) =>
    nodeProgram('jest', 'bin/jest.js', ['--json', `--outputFile=${countsFile}`, '--silent'], {
      cwd: join(root, workspace),
      env: { NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
      echo: true,
    }),
  );

const lwc = suite('lwc', (countsFile) =>
  nodeProgram(
    '@salesforce/sfdx-lwc-jest',
    'bin/sfdx-lwc-jest',
    ['--', '--json', `--outputFile=${countsFile}`],
    { echo: true },
  ),
);

const apex = suite('apex', (countsFile) =>
  command(
    process.execPath,
    [
      'local-org/bin/local-org.js',
      'test',
      '--coverage',
      '--minimum-coverage',
      '90',
      '--output',
      countsFile,
    ],
    { echo: true },
  ),
);

/** A suite of ours that is a TypeScript program. */
const script = (name: string): Step =>
  suite(name, (countsFile) =>
    nodeProgram('tsx', 'dist/cli.mjs', [`scripts/${name}-test.ts`, '--output', countsFile], {
      echo: true,
    }),
  );

await runSteps(
  'tests',
  [jest('detector-service'), jest('local-org'), lwc, apex, script('browser'), script('resilience')],
  process.argv.slice(2),
);
