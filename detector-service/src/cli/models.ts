/** `mediaguard models`: watches over the models in use. Works on the store itself. */
import { Command } from 'commander';

import { reportDrift } from '../model-operations/drift-report.js';
import { configOf, dataOption, wholeNumber, type SharedFlags } from './options.js';
import { print, withStore } from './with-store.js';

type DriftFlags = Pick<SharedFlags, 'data'> & { days: number; reference: number };

/** Something shifted. */
const EXIT_SHIFTED = 1;
const days = wholeNumber(1, 3_650);

export function modelsCommand(): Command {
  const models = new Command('models').description('watch over the models in use');
  models
    .command('drift')
    .description('compare what comes in now with what came in before')
    .option('--days <n>', 'the present window', days, 7)
    .option('--reference <n>', 'the window before it', days, 30)
    .addOption(dataOption())
    .addHelpText('after', '\nExit code: 0 nothing shifted, 1 something shifted, 3 could not run.')
    .action(showDrift);
  return models;
}

async function showDrift(flags: DriftFlags): Promise<void> {
  await withStore(configOf(flags), async ({ database }) => {
    const windows = { days: flags.days, referenceDays: flags.reference };
    const { reference, present, rows } = await reportDrift(database, windows);
    print(`${present} verifications now, ${reference} before\n`);
    for (const { what, psi, ks, isShifted } of rows) {
      const figures = [`psi ${figure(psi)}`, `ks ${figure(ks)}`].join('\t');
      print(`${what}\t${figures}\t${isShifted ? 'shifted' : ''}\n`);
    }
    if (rows.some(({ isShifted }) => isShifted)) process.exitCode = EXIT_SHIFTED;
  });
}

function figure(value: number | null): string {
  return value === null ? 'not measured' : value.toFixed(3);
}
