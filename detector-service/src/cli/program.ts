/** The commands and their options. */
import { Command, InvalidArgumentError } from 'commander';

import { VERSION } from '../ops/version.js';
import { SCOPES, type Scope } from '../store/api-keys.js';
import { evaluateCommand } from './evaluate.js';
import { createKey, listKeys, revokeKey, rotateSigningKey } from './keys.js';
import { configOf, dataOption, modelOption, trustOption, type SharedFlags } from './options.js';
import { serve } from './serve.js';
import { verifyFiles } from './verify.js';

interface VerifyFlags extends SharedFlags {
  jsonLines?: boolean;
}

type StoreFlags = Pick<SharedFlags, 'data'>;

export function buildProgram(): Command {
  const program = new Command('mediaguard')
    .description('Verifies images, audio, video and documents.')
    .version(VERSION)
    .showHelpAfterError('(add --help for usage)');

  program
    .command('verify')
    .description('judge files, or all files in folders, without a server')
    .argument('<file|folder...>', 'what to judge')
    .option('--json-lines', 'print one JSON object a file')
    .addOption(trustOption())
    .addOption(modelOption())
    .addHelpText(
      'after',
      '\nExit code: 0 all clear or authentic, 1 something suspect or worse, 2 something could not be judged (this outweighs 1), 3 could not run.',
    )
    .action(async (paths: string[], flags: VerifyFlags) => {
      process.exitCode = await verifyFiles(paths, configOf(flags), {
        isJsonLines: flags.jsonLines ?? false,
      });
    });

  program
    .command('serve')
    .description('run the service')
    .addOption(dataOption())
    .option('--host <address>', 'address to listen on (MEDIAGUARD_HOST)')
    .option('--port <number>', 'port to listen on, 0 for any free one (MEDIAGUARD_PORT)')
    .addOption(trustOption())
    .addOption(modelOption())
    .action((flags: SharedFlags) => serve(configOf(flags)));

  program.addCommand(evaluateCommand());
  program.addCommand(keysCommand());
  return program;
}

function keysCommand(): Command {
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
