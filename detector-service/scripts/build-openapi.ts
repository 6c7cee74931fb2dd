/** Writes `openapi/openapi.json` from the schemas and operations in `src/http`. Run by `npm run generate`. */
import { writeFile } from 'node:fs/promises';

import { buildOpenApi } from '../src/http/contract/openapi.js';

await writeFile(
  new URL('../openapi/openapi.json', import.meta.url),
  `${JSON.stringify(buildOpenApi(), null, 2)}\n`,
);
