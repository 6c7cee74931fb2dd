/** Static checks of the whole repository: `npm run check [-- name…]`. */
import { apexSemantics } from './checks/apex-semantics.js';
import { components, conversion } from './checks/components.js';
import { contract } from './checks/contract.js';
import { advisories, dependencies, licences } from './checks/dependencies.js';
import { flows } from './checks/flows.js';
import { metadataSchema } from './checks/metadata-schema/step.js';
import { pmd } from './checks/pmd.js';
import { references } from './checks/references/step.js';
import { format, lint, types } from './checks/tools.js';
import { runSteps } from './lib/steps.js';

await runSteps(
  'checks',
  [
    types,
    lint,
    format,
    dependencies,
    licences,
    advisories,
    metadataSchema,
    components,
    conversion,
    flows,
    references,
    contract,
    apexSemantics,
    pmd,
  ],
  process.argv.slice(2),
);
