/** The commands and their options. */
import { Command, Option } from 'commander';

import { ROLES } from '../ops/config.js';
import { VERSION } from '../ops/version.js';
import { costModelCommand } from './cost-model-command.js';
import { backupCommand, legalHoldCommand } from './data-commands.js';
import { deliveriesCommand } from './deliveries-command.js';
import { evaluateCommand } from './evaluate.js';
import { jobsCommand } from './jobs-command.js';
import { keysCommand } from './keys-command.js';
import { labelsCommand } from './labels.js';
import {
  configOf,
  dataOption,
  documentTrustOption,
  modelOption,
  trustOption,
  type SharedFlags,
} from './options.js';
import { modelsCommand } from './models.js';
import { registryCommand } from './registry.js';
import { serve } from './serve.js';
import { tenantsCommand } from './tenants-command.js';
import { trustCommand } from './trust-command.js';
import { verifyFiles } from './verify.js';

interface VerifyFlags extends SharedFlags {
  jsonLines?: boolean;
}

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
    .addOption(documentTrustOption())
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
    .addOption(
      new Option(
        '--role <role>',
        'take requests in, work them off, or both (MEDIAGUARD_ROLE); apart they need DATABASE_URL',
      ).choices(ROLES),
    )
    .option('--host <address>', 'address to listen on (MEDIAGUARD_HOST)')
    .option('--port <number>', 'port to listen on, 0 for any free one (MEDIAGUARD_PORT)')
    .addOption(trustOption())
    .addOption(documentTrustOption())
    .addOption(modelOption())
    .action((flags: SharedFlags) => serve(configOf(flags)));

  program.addCommand(evaluateCommand());
  program.addCommand(trustCommand());
  program.addCommand(registryCommand());
  program.addCommand(modelsCommand());
  program.addCommand(labelsCommand());
  program.addCommand(keysCommand());
  program.addCommand(tenantsCommand());
  program.addCommand(jobsCommand());
  program.addCommand(deliveriesCommand());
  program.addCommand(costModelCommand());
  program.addCommand(legalHoldCommand());
  program.addCommand(backupCommand());
  return program;
}
