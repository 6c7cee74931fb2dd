import { loadProject } from '../../../local-org/src/metadata/index.js';
import { root } from '../../lib/command.js';
import { verdictOf, type Step } from '../../lib/steps.js';
import { checkPermissions } from './permissions.js';
import { checkImports, checkPages, checkUnusedLabels } from './workspace.js';

/** What one metadata file says of another is true: deployment would find out, but only in an org. */
export const references: Step = {
  name: 'references',
  run() {
    const project = loadProject(root);
    return Promise.resolve(
      verdictOf([
        ...checkPermissions(project),
        ...checkPages(project),
        ...checkImports(project),
        ...checkUnusedLabels(project),
      ]),
    );
  },
};
