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

/** What apex-ls reports although the platform compiles it. Every entry names the gap and is as narrow as the message. */
const KNOWN_FALSE_POSITIVES: readonly RegExp[] = [
  // The library of apex-ls has no namespace Sfc. Its three types are documented in the Apex Reference Guide, "Sfc Namespace";
  // the local org compiles and runs the classes that use them.
  /^No type declaration found for 'Sfc\.ContentDownload(Context|Handler|HandlerFactory)'$/,
  /^No variable or type found for 'Sfc' on 'mediaguard\.MediaGuardDownloadHandlerFactory(_Test)?'$/,
];

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
