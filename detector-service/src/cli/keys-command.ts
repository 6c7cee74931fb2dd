import { Command, InvalidArgumentError } from 'commander';

import { SCOPES, type Scope } from '../store/api-keys.js';
import {
  createKey,
  listKeys,
  renewKey,
  revokeKey,
  rotateMasterKey,
  rotateSigningKey,
  type NewKey,
} from './keys.js';
import { configOf, dataOption, wholeNumber, type StoreFlags } from './options.js';

export function keysCommand(): Command {
  const keys = new Command('keys').description('manage API keys and the signing key');
  keys
    .command('create')
    .description('make an API key and print it once')
    .option('--tenant <id>', 'whose data it opens', 'default')
    .option('--name <name>', 'a name to know it by', 'unnamed')
    .option('--scopes <list>', `comma-separated: ${SCOPES.join(', ')}`, parseScopes, [...SCOPES])
    .option('--expires-days <number>', 'end it after so many days', wholeNumber(1, 3_650))
    .addOption(dataOption())
    .action((flags: StoreFlags & NewKey) => createKey(configOf(flags), flags));
  keys
    .command('list')
    .description('show all API keys, without their secrets')
    .addOption(dataOption())
    .action((flags: StoreFlags) => listKeys(configOf(flags)));
  keys
    .command('renew')
    .description('make a key like this one; the old one goes on for a while')
    .argument('<id>', 'its id (key_...)')
    .option('--overlap-hours <number>', 'how long the old one goes on', wholeNumber(0, 8_760), 24)
    .addOption(dataOption())
    .action((id: string, flags: StoreFlags & { overlapHours: number }) =>
      renewKey(configOf(flags), id, flags.overlapHours),
    );
  keys
    .command('revoke')
    .description('end an API key now')
    .argument('<id>', 'its id (key_...)')
    .addOption(dataOption())
    .action((id: string, flags: StoreFlags) => revokeKey(configOf(flags), id));
  keys
    .command('rotate')
    .description('sign with a new key from now on; the old one stays published')
    .addOption(dataOption())
    .action((flags: StoreFlags) => rotateSigningKey(configOf(flags)));
  keys
    .command('rotate-master')
    .description(
      'seal everything at rest with a new master key, or with the first of those configured',
    )
    .addOption(dataOption())
    .action((flags: StoreFlags) => rotateMasterKey(configOf(flags)));
  return keys;
}

function parseScopes(text: string): Scope[] {
  const known = new Set<string>(SCOPES);
  const isScope = (scope: string): scope is Scope => known.has(scope);
  const scopes = text.split(',').map((part) => part.trim());
  const wrong = scopes.filter((scope) => !isScope(scope));
  if (wrong.length > 0) {
    throw new InvalidArgumentError(`Unknown: ${wrong.join(', ')}. Known: ${SCOPES.join(', ')}.`);
  }
  return scopes.filter(isScope);
}
