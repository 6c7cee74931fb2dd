import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

import { contractArtifacts } from '../contract/artifacts.js';
import { root } from '../lib/command.js';
import { verdictOf, type Step } from '../lib/steps.js';

/** The package's copy of the contract is the service's contract. */
export const contract: Step = {
  name: 'contract',
  run() {
    return Promise.resolve(
      verdictOf(
        contractArtifacts()
          .filter(
            ({ file, content }) => !existsSync(file) || readFileSync(file, 'utf8') !== content,
          )
          .map(
            ({ file }) =>
              `${relative(root, file)} is not what the OpenAPI file says. Run "npm run generate".`,
          ),
      ),
    );
  },
};
