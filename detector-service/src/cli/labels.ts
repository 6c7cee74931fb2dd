/** `mediaguard labels`: reviewers' decisions as a labelled set, where the tenant allows it. Works on the store itself. */
import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';

import { Argument, Command, Option } from 'commander';

import { exportLabels } from '../model-operations/label-export.js';
import {
  fromFolder,
  fromOrg,
  fromVault,
  type MediaPlace,
} from '../model-operations/label-media.js';
import { readLabels } from '../model-operations/labels.js';
import type { Config } from '../ops/config.js';
import { loadSalesforceOrgs } from '../salesforce/orgs.js';
import { createPull } from '../salesforce/pull.js';
import { AccessTokens } from '../salesforce/token.js';
import {
  allowLabelUse,
  LABEL_PURPOSES,
  LABEL_USES,
  labelHistory,
  recordLabelExport,
  requireLabelUse,
  type LabelPurpose,
  type LabelUse,
} from '../store/label-use.js';
import type { Vault } from '../store/vault.js';
import { configOf, dataOption, type StoreFlags } from './options.js';
import { print, withStore } from './with-store.js';

interface TenantFlags extends StoreFlags {
  tenant: string;
}
interface ChangeFlags extends TenantFlags {
  by: string;
  reason: string;
}
interface ExportFlags extends ChangeFlags {
  purpose: LabelPurpose;
  media?: string;
  fetch?: boolean;
}

export function labelsCommand(): Command {
  const labels = new Command('labels').description(
    "use reviewers' decisions to evaluate and train, where their tenant allows it",
  );
  const command = (name: string, description: string): Command =>
    labels
      .command(name)
      .description(description)
      .option('--tenant <id>', 'whose decisions', 'default')
      .addOption(dataOption());
  const change = (name: string, description: string): Command =>
    command(name, description)
      .requiredOption('--reason <text>', 'why, for the record')
      .option('--by <name>', 'who, for the record', userInfo().username);

  change('allow', 'set what the decisions of a tenant may be used for; "none" unless set')
    .addArgument(new Argument('<use>', 'training includes evaluation').choices(LABEL_USES))
    .action(allow);
  change('export', 'write the decisions into a new folder as manifest.csv with the files it lists')
    .argument('<folder>', 'new or empty')
    .addOption(
      new Option('--purpose <purpose>', 'what the set is for')
        .choices(LABEL_PURPOSES)
        .makeOptionMandatory(),
    )
    .option('--media <folder>', 'look for the bytes in this folder, by their hashes')
    .option('--fetch', 'fetch the bytes from the Salesforce org they came from')
    .action(exportSet);
  command('history', 'show who allowed and exported what, newest first').action(showHistory);
  return labels;
}

async function allow(use: LabelUse, flags: ChangeFlags): Promise<void> {
  await withStore(configOf(flags), ({ database }) =>
    allowLabelUse(database, flags.tenant, use, flags),
  );
  print(`Decisions of ${flags.tenant} may be used for: ${use}.\n`);
}

async function exportSet(folder: string, flags: ExportFlags): Promise<void> {
  const config = configOf(flags);
  const { tenant: tenantId, purpose } = flags;
  await withStore(config, async ({ database, vault }) => {
    await requireLabelUse(database, tenantId, purpose);
    const query = { tenantId, retentionDays: config.retentionDays, salt: randomBytes(32) };
    const set = await readLabels(database, query);
    const places = await placesOf(config, vault, flags);
    const result = await exportLabels(folder, set, places, { tenantId, purpose });
    const { items, manifestSha256, deleteBy } = result;
    await recordLabelExport(database, tenantId, { ...flags, items, manifestSha256 });
    const leftOut = Object.entries(set.leftOut).map(([reason, count]) => `${count} ${reason}`);
    print(`${items} items with their bytes, ${result.withoutMedia} labels without.\n`);
    if (leftOut.length > 0) print(`Left out: ${leftOut.join(', ')}.\n`);
    if (deleteBy !== null) {
      print(`The first of these files must be deleted by ${deleteBy}; see the column keepUntil.\n`);
    }
  });
}

async function placesOf(
  config: Config,
  vault: Vault,
  { tenant, media, fetch }: ExportFlags,
): Promise<readonly MediaPlace[]> {
  const places = [fromVault(vault)];
  if (media !== undefined) places.push(await fromFolder(media, config.maxBytes));
  if (fetch) {
    const orgs = await loadSalesforceOrgs(config.salesforceOrgsFile);
    const pull = createPull(orgs, new AccessTokens(), vault, config.maxBytes);
    const timeoutMs = config.verifyTimeoutMs;
    places.push(fromOrg({ tenantId: tenant, orgs, pull, vault, timeoutMs }));
  }
  return places;
}

async function showHistory(flags: TenantFlags): Promise<void> {
  await withStore(configOf(flags), async ({ database }) => {
    for (const event of await labelHistory(database, flags.tenant)) {
      const what =
        event.items === null ? [] : [`${event.items} items, manifest ${event.manifestSha256}`];
      const cells = [event.at.toISOString(), event.by, event.action, event.purpose, ...what];
      print(
        `${[...cells, event.reason].map((cell) => cell.replace(/\p{Cc}/gu, ' ')).join('\t')}\n`,
      );
    }
  });
}
