/** `mediaguard tenants`: what each tenant may use. */
import { Command, InvalidArgumentError } from 'commander';

import type { Config } from '../ops/config.js';
import { limitsOf, Tenants, type TenantChange } from '../store/tenants.js';
import { configOf, dataOption, type StoreFlags } from './options.js';
import { print, withStore } from './with-store.js';

const MICROS_PER_DOLLAR = 1_000_000;

interface LimitFlags extends StoreFlags {
  rate?: number | null;
  uploads?: number | null;
  dailyQuota?: number | null;
  budgetUsd?: number | null;
}

export function tenantsCommand(): Command {
  const tenants = new Command('tenants').description('show and set what each tenant may use');
  tenants
    .command('list')
    .description('show all tenants with their limits')
    .addOption(dataOption())
    .action((flags: StoreFlags) => list(configOf(flags)));
  tenants
    .command('set')
    .description(
      'set limits of a tenant, new or known; "default" takes one back to the configuration',
    )
    .argument('<id>', 'the tenant')
    .option('--rate <number>', 'requests a second, bursts of ten times as many', limit)
    .option('--uploads <number>', 'uploads at the same time', limit)
    .option('--daily-quota <number>', 'verifications a UTC day', limit)
    .option('--budget-usd <amount>', 'cost a UTC month, after which work is held', limit)
    .addOption(dataOption())
    .action((id: string, flags: LimitFlags) =>
      set(configOf(flags), id, {
        requestsPerSecond: flags.rate,
        uploadsAtOnce: flags.uploads,
        dailyQuota: flags.dailyQuota,
        monthlyBudgetMicros:
          typeof flags.budgetUsd === 'number'
            ? Math.round(flags.budgetUsd * MICROS_PER_DOLLAR)
            : flags.budgetUsd,
      }),
    );
  return tenants;
}

function list(config: Config): Promise<void> {
  return withStore(config, async ({ database }) => {
    for (const tenant of await new Tenants(database, limitsOf(config)).list()) {
      const budget = tenant.monthlyBudgetMicros;
      print(
        [
          tenant.id,
          `${tenant.requestsPerSecond} requests/s`,
          `${tenant.uploadsAtOnce} uploads`,
          tenant.dailyQuota === null ? 'no daily quota' : `${tenant.dailyQuota} a day`,
          budget === null ? 'no budget' : `${budget / MICROS_PER_DOLLAR} USD a month`,
        ].join('\t') + '\n',
      );
    }
  });
}

function set(config: Config, id: string, change: TenantChange): Promise<void> {
  return withStore(config, async ({ database }) => {
    await new Tenants(database, limitsOf(config)).change(id, change);
    print(`Set the limits of ${id}. Running processes follow within seconds.\n`);
  });
}

function limit(text: string): number | null {
  if (text === 'default') return null;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError('Expected a number, or "default".');
  }
  return value;
}
