/** `mediaguard deliveries`: late verdicts on their way to their orgs. */
import { Command } from 'commander';

import { Deliveries } from '../jobs/deliveries.js';
import type { Config } from '../ops/config.js';
import { configOf, dataOption, wholeNumber, type StoreFlags } from './options.js';
import { print, withStore } from './with-store.js';

export function deliveriesCommand(): Command {
  const deliveries = new Command('deliveries').description(
    'look at late verdicts on their way to their orgs, and send refused ones again',
  );
  deliveries
    .command('list')
    .description('show what waits to be acknowledged, the oldest first')
    .option('--limit <number>', 'at most so many', wholeNumber(1, 1_000_000), 100)
    .addOption(dataOption())
    .action((flags: StoreFlags & { limit: number }) => list(configOf(flags), flags.limit));
  deliveries
    .command('retry')
    .description('send again whatever an org refused')
    .addOption(dataOption())
    .action((flags: StoreFlags) => retry(configOf(flags)));
  return deliveries;
}

function list(config: Config, limit: number): Promise<void> {
  return withStore(config, async ({ database }) => {
    for (const row of await new Deliveries(database, config.leaseMs).list(limit)) {
      print(
        `${row.verificationId}\t${row.orgId}\t${row.state}\t${row.attempts} attempts\t${row.lastError ?? ''}\n`,
      );
    }
  });
}

function retry(config: Config): Promise<void> {
  return withStore(config, async ({ database }) => {
    const count = await new Deliveries(database, config.leaseMs).reviveDead();
    print(`Queued ${count} again.\n`);
  });
}
