import { Command, InvalidArgumentError } from 'commander';

import { SCOPES, type Scope } from '../store/api-keys.js';
import { createKey, listKeys, revokeKey, rotateSigningKey } from './keys.js';
import { configOf, dataOption, type StoreFlags } from './options.js';

export function keysCommand(): Command {
  const keys = new Command('keys').description('manage API keys and the signing key');
  keys
    .command('create')
    .description('make an API key and print it once')
    .option('--tenant <id>', 'whose data it opens', 'default')
    .option('--name <name>', 'a name to know it by', 'unnamed')
    .option('--scopes <list>', `comma-separated: ${SCOPES.join(', ')}`, parseScopes, [...SCOPES])
    .addOption(dataOption())
    .action((flags: StoreFlags & { tenant: string; name: string; scopes: Scope[] }) =>
      createKey(configOf(flags), flags),
    );
  keys
    .command('list')
    .description('show all API keys, without their secrets')
    .addOption(dataOption())
    .action((flags: StoreFlags) => listKeys(configOf(flags)));
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
