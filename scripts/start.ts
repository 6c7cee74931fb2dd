/** `npm start`: the detection service and a local org with the package, people and sample media, to try in a browser. */
import { join } from 'node:path';

import { PASSWORD, PEOPLE, setUpOrg } from './demo/setup.js';
import { SAMPLES, writeSamples } from './demo/samples.js';
import { startStack } from './demo/stack.js';
import { root } from './lib/command.js';

const print = (line = ''): void => {
  process.stdout.write(`${line}\n`);
};

const explain = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const folder = join(root, '.mediaguard');
const stack = await startStack({ folder, servicePort: 8080, orgPort: 8090, log: print }).catch(
  (error: unknown) => {
    print(explain(error));
    process.exit(1);
  },
);

let isStopping = false;
const stop = async (exitCode: number): Promise<void> => {
  if (isStopping) return;
  isStopping = true;
  print('\nStopping …');
  await stack.stop();
  process.exit(exitCode);
};
process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));
stack.org.onExit(() => {
  if (!isStopping) {
    print(`The local org ended:\n${stack.org.recentOutput}`);
    void stop(1);
  }
});

try {
  print('Setting up people, policy and keys …');
  const records = await setUpOrg(stack);
  const samples = await writeSamples(join(folder, 'samples'));
  const widest = Math.max(...SAMPLES.map(({ fileName }) => fileName.length));
  print(`
MediaGuard runs: ${stack.orgUrl}

Log in as (password "${PASSWORD}" for all):
${Object.values(PEOPLE)
  .map(({ username, part }) => `  ${username.padEnd(32)} ${part}`)
  .join('\n')}

Sample media in ${join(folder, 'samples')}:
${SAMPLES.map(({ fileName, about }) => `  ${fileName.padEnd(widest)}  ${about}`).join('\n')}

Try this:
  1. As Uma, open ${stack.orgUrl}/lightning/r/Opportunity/${records.opportunityId}/view and upload all ${samples.length} files.
     While a file is held, download it, share it, or move the opportunity to "Closed Won": each is refused with a reason.
  2. As Rita, open the MediaGuard app, look at the quarantine, release one case and confirm another as fake.
  3. As Uma, look at the bell and the record again: one file is back, the other is gone.
  4. As Alex, look at Incidents and at the sent e-mails: compliance was alarmed.
  5. As Ada, open Audit and verify the chain.

The detection service answers at ${stack.serviceUrl} (OpenAPI: /openapi.json). Stop with Ctrl+C.`);
} catch (error) {
  print(explain(error));
  await stop(1);
}
