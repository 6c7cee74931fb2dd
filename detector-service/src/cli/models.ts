/** `mediaguard models`: which models judge, which are on trial, and how they do. Works on the store itself. */
import { userInfo } from 'node:os';

import { Command, InvalidArgumentError } from 'commander';

import { listModels, showHistory, showComparison, showDrift } from './models-show.js';
import {
  canaryModel,
  promoteModel,
  registerModel,
  retireModel,
  rollBackModel,
  shadowModel,
} from './models-change.js';
import { dataOption, wholeNumber } from './options.js';

const days = wholeNumber(1, 3_650);

export function modelsCommand(): Command {
  const models = new Command('models').description(
    'bring models in, try them, promote them, take them back, and watch over them',
  );
  const command = (name: string, description: string): Command =>
    models.command(name).description(description).addOption(dataOption());
  /** Every change says who made it and why. */
  const change = (name: string, description: string): Command =>
    command(name, description)
      .requiredOption('--reason <text>', 'why, for the record', parseText)
      .option('--by <name>', 'who, for the record', parseText, userInfo().username);
  const version = (of: Command): Command =>
    of.argument('<id>', 'the model').argument('<version>', 'as in its manifest');

  command('list', 'show what is shipped or configured, and every registered version').action(
    listModels,
  );
  change('register', 'check a model, run it once and keep it; it judges nothing yet')
    .argument('<folder>', 'holds manifest.json, the ONNX file and MODEL_CARD.md')
    .action(registerModel);
  version(change('shadow', 'run a version beside the verdicts, never part of them'))
    .option('--share <share>', 'of the media it is shown', parseShare, 1)
    .action(shadowModel);
  version(change('canary', 'let a version judge a share of the media, split by their hashes'))
    .argument('<share>', 'above 0, up to 1, such as 0.05', parseShare)
    .action(canaryModel);
  version(change('promote', 'let a version judge everything; the present one retires'))
    .option('--report <file>', 'the report.json in which evaluate measured this very model')
    .option('--without-report', 'promote it all the same; the reason must say why')
    .action(promoteModel);
  change('rollback', 'take the latest step back: the canary, or the latest promotion')
    .argument('<id>', 'the model')
    .action(rollBackModel);
  version(change('retire', 'take a version out of use, whatever it does now')).action(retireModel);
  command('history', 'show who changed what, when and why, newest first')
    .argument('[id]', 'of one model')
    .option('--limit <n>', 'at most so many', wholeNumber(1, 100_000), 100)
    .action(showHistory);
  version(command('compare', 'set a version on trial against the one that judges'))
    .option('--days <n>', 'how far back', days, 30)
    .option('--json', 'print one JSON object')
    .action(showComparison);
  command('drift', 'compare what comes in now with what came in before')
    .option('--days <n>', 'the present window (MEDIAGUARD_DRIFT_DAYS)', days)
    .option('--reference <n>', 'the window before it (MEDIAGUARD_DRIFT_REFERENCE_DAYS)', days)
    .addHelpText('after', '\nExit code: 0 nothing shifted, 1 something shifted, 3 could not run.')
    .action(showDrift);
  return models;
}

function parseShare(text: string): number {
  const share = Number(text);
  if (!(share > 0 && share <= 1)) {
    throw new InvalidArgumentError('Expected a share above 0 and up to 1, such as 0.05.');
  }
  return share;
}

function parseText(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Expected a text.');
  return text.trim();
}
