import { nodeProgram } from '../lib/command.js';
import { verdictOf, type Step } from '../lib/steps.js';

/** A tool that says everything on its output and fails with an exit code. */
function tool(name: string, packageName: string, script: string, args: readonly string[]): Step {
  return {
    name,
    async run() {
      const { exitCode, stdout, stderr } = await nodeProgram(packageName, script, args);
      const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
      return verdictOf(exitCode === 0 ? [] : lines.length > 0 ? lines : [`exit code ${exitCode}`]);
    },
  };
}

export const types = tool('types', 'typescript', 'bin/tsc', ['--noEmit', '-p', 'tsconfig.json']);
export const lint = tool('lint', 'eslint', 'bin/eslint.js', ['.', '--max-warnings', '0']);
export const format = tool('format', 'prettier', 'bin/prettier.cjs', [
  '--check',
  '--log-level',
  'warn',
  '.',
]);
