/** `local-org`: the command line. */
import { Command, InvalidArgumentError } from 'commander';
import { build } from './build.js';
import { fail } from './output.js';
import { run } from './run.js';
import { start } from './start.js';
import { test } from './test.js';

const port = (value: string): number => {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw new InvalidArgumentError('Expected a port from 0 to 65535.');
};

const percentage = (value: string): number => {
  const number = Number(value);
  if (value.trim() !== '' && number >= 0 && number <= 100) return number;
  throw new InvalidArgumentError('Expected a percentage from 0 to 100.');
};

const program = new Command('local-org')
  .description(
    'A Salesforce-like org in this process: runs the Apex, flows, SOQL and pages of a package.',
  )
  .showHelpAfterError('(add --help for the possibilities)');

const withProject = (name: string): Command =>
  program
    .command(name)
    .option('-p, --project <folder>', 'folder with sfdx-project.json', process.cwd());

withProject('start')
  .description('serve the Lightning pages and the REST API')
  .option('--port <number>', 'port on 127.0.0.1; 0 takes a free one', port, 8080)
  .option('--data <folder>', 'keep the org in this folder; without it, it ends with the process')
  .option('--jwt-certificate <file>', 'PEM certificate that checks JWT bearer logins')
  .option('--verbose', 'log every request')
  .action(start);

withProject('test')
  .description('run Apex tests')
  .argument(
    '[names...]',
    'classes (MediaIntakeService_Test) or methods (Class.method); all when left out',
  )
  .option('--coverage', 'measure which lines ran')
  .option(
    '--minimum-coverage <percent>',
    'fail when fewer lines ran; measures the coverage',
    percentage,
  )
  .option('--output <file>', "write the counts in the form of jest's --json")
  .option('--json', 'print the result as JSON')
  .option('--verbose', 'print the tests that passed too')
  .action(test);

withProject('run')
  .description('run a file of anonymous Apex as the administrator')
  .argument('<file>', 'file with Apex statements')
  .option('--data <folder>', 'the org to run in; without it, a new one in memory')
  .action(run);

withProject('build').description('build the Lightning components into the cache').action(build);

try {
  await program.parseAsync();
} catch (error) {
  fail(error);
}
