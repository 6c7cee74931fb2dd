import { join, relative } from 'node:path';

import { command, packageFolder, root } from '../lib/command.js';
import { verdictOf, type Step } from '../lib/steps.js';
import { requireJava } from './java.js';

interface Report {
  readonly files?: readonly {
    readonly path: string;
    readonly messages: readonly {
      readonly start: { readonly line: number };
      readonly category: string;
      readonly message: string;
    }[];
  }[];
}

/**
 * Standard types that apex-ls declares too narrowly; each is valid Apex on the platform.
 * Keep this list short and every entry anchored.
 */
const KNOWN_FALSE_POSITIVES: readonly RegExp[] = [];

/** Types, methods, fields, labels and interfaces of all Apex, checked by apex-ls with the API 65 standard library. */
export const apexSemantics: Step = {
  name: 'apex-semantics',
  async run() {
    const java = await requireJava();
    const jars = join(
      packageFolder('@salesforce/code-analyzer-pmd-engine'),
      'dist',
      'java-lib',
      '*',
    );
    const { stdout, stderr } = await command(java, [
      '-cp',
      jars,
      'io.github.apexdevtools.apexls.CheckForIssues',
      '-w',
      root,
      '-d',
      'errors',
      '-n',
      '-f',
      'json',
    ]);
    const start = stdout.indexOf('{');
    if (start < 0) return verdictOf([`apex-ls gave no report: ${stderr.slice(0, 2000)}`]);
    const report = JSON.parse(stdout.slice(start)) as Report;
    return verdictOf(
      (report.files ?? []).flatMap(({ path, messages }) =>
        messages
          .filter(({ message }) => !KNOWN_FALSE_POSITIVES.some((known) => known.test(message)))
          .map(
            ({ start: { line }, category, message }) =>
              `${relative(root, path)}:${line} ${category}: ${message}`,
          ),
      ),
    );
  },
};
