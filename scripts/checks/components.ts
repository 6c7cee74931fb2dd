import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { ComponentSet } from '@salesforce/source-deploy-retrieve';

import { nodeProgram, root } from '../lib/command.js';
import { filesBelow } from '../lib/files.js';
import { verdictOf, type Step } from '../lib/steps.js';

/** Files that are part of a component without being listed by the registry. */
const NOT_METADATA = /(^|\/)(__tests__|jsconfig\.json|\.eslintrc\.json)/;

/** Every file of the package belongs to a component that Salesforce knows. */
export const components: Step = {
  name: 'components',
  run() {
    const folder = join(root, 'force-app');
    const known = new Set<string>();
    for (const component of ComponentSet.fromSource(folder).getSourceComponents()) {
      if (component.xml) known.add(component.xml);
      for (const file of component.walkContent()) known.add(file);
      for (const child of component.getChildren()) if (child.xml) known.add(child.xml);
    }
    return Promise.resolve(
      verdictOf(
        filesBelow(folder, () => true)
          .filter((file) => !known.has(file) && !NOT_METADATA.test(relative(folder, file)))
          .map((file) => `${relative(root, file)} belongs to no metadata component`),
      ),
    );
  },
};

/** The Salesforce CLI converts the source, as it does before it builds a package version. */
export const conversion: Step = {
  name: 'conversion',
  async run() {
    const scratch = mkdtempSync(join(tmpdir(), 'mediaguard-convert-'));
    try {
      const { exitCode, stdout, stderr } = await nodeProgram(
        '@salesforce/cli',
        'bin/run.js',
        [
          'project',
          'convert',
          'source',
          '--root-dir',
          'force-app',
          '--output-dir',
          join(scratch, 'out'),
          '--json',
        ],
        {
          env: {
            HOME: scratch,
            SF_AUTOUPDATE_DISABLE: 'true',
            SF_DISABLE_TELEMETRY: 'true',
            SF_SKIP_NEW_VERSION_CHECK: 'true',
            SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
            SF_DISABLE_LOG_FILE: 'true',
          },
        },
      );
      return verdictOf(exitCode === 0 ? [] : [stdout || stderr]);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  },
};
