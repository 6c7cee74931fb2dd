import { Command } from 'commander';

import { configOf, dataOption, type StoreFlags } from './options.js';
import { addTrust, listTrust, removeTrust, updateTrust } from './trust.js';

export function trustCommand(): Command {
  const trust = new Command('trust').description(
    'manage whose Content Credentials are trusted; a running service takes changes up at its next start',
  );
  trust
    .command('list')
    .description('show the trusted certificates: kind, origin, fingerprint, validity, subject')
    .addOption(dataOption())
    .action((flags: StoreFlags) => listTrust(configOf(flags)));
  trust
    .command('add')
    .description('trust the certificates of a PEM file, or of all PEM files in a folder')
    .argument('<pem or folder>', 'what to add')
    .option('--time-stamps', 'they are time-stamp authorities, which vouch for no signer')
    .addOption(dataOption())
    .action((place: string, flags: StoreFlags & { timeStamps?: boolean }) =>
      addTrust(configOf(flags), place, flags.timeStamps ? 'time-stamps' : 'signers'),
    );
  trust
    .command('remove')
    .description('trust a certificate no more')
    .argument('<fingerprint>', 'its SHA-256, or the first 8 digits or more')
    .addOption(dataOption())
    .action((fingerprint: string, flags: StoreFlags) => removeTrust(configOf(flags), fingerprint));
  trust
    .command('update')
    .description('fetch the official lists of the C2PA conformance programme')
    .option('--from <address>', 'https folder that holds both lists (MEDIAGUARD_TRUST_LISTS)')
    .addOption(dataOption())
    .action((flags: StoreFlags & { from?: string }) => {
      const config = configOf(flags);
      return updateTrust(config, flags.from ?? config.trustLists);
    });
  return trust;
}
