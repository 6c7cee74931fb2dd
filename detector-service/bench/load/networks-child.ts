/** A child of the service that runs both picture networks and nothing else. */
import { readFile } from 'node:fs/promises';

import { serveParent } from '../../src/inference/child-server.js';
import { prepareNetworks } from './networks.js';

serveParent(async () => {
  const run = await prepareNetworks();
  return async (path) => run(await readFile(path as string));
});
