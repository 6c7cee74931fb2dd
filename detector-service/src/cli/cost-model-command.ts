/** `mediaguard cost-model`: monthly cost and cores for a stated mix and volume. */
import { Command, InvalidArgumentError } from 'commander';

import { readMeasured } from '../cost/measured.js';
import { modelCost, type CostQuestion } from '../cost/model.js';
import type { Config } from '../ops/config.js';
import { configOf, dataOption, wholeNumber, type StoreFlags } from './options.js';
import { print, withStore } from './with-store.js';

interface CostFlags extends StoreFlags {
  volume: number;
  mix: Readonly<Record<string, number>>;
  seconds?: Readonly<Record<string, number>>;
  peak: number;
  utilisation: number;
}

export function costModelCommand(): Command {
  return new Command('cost-model')
    .description('monthly cost and needed cores, from what this service measured')
    .requiredOption('--volume <number>', 'verifications a month', wholeNumber(1, 1_000_000_000))
    .requiredOption('--mix <list>', 'shares by kind, such as image=0.9,document=0.1', parseMix)
    .option('--seconds <list>', 'core seconds by kind, in place of what was measured', parseList)
    .option('--peak <factor>', 'the busiest hour against the mean hour', positive, 3)
    .option('--utilisation <share>', 'how busy a core may be at the peak', share, 0.6)
    .addOption(dataOption())
    .action((flags: CostFlags) => answer(configOf(flags), flags));
}

function answer(config: Config, flags: CostFlags): Promise<void> {
  return withStore(config, async ({ database }) => {
    const measured = new Map(await readMeasured(database));
    for (const [kind, seconds] of Object.entries(flags.seconds ?? {})) {
      measured.set(kind, { seconds, verifications: 0 });
    }
    const question: CostQuestion = {
      volume: flags.volume,
      mix: flags.mix,
      usdPerCoreHour: config.computeUsdPerHour,
      peakFactor: flags.peak,
      utilisation: flags.utilisation,
    };
    const cost = modelCost(measured, question);
    for (const kind of Object.keys(flags.mix)) {
      const { seconds = 0, verifications = 0 } = measured.get(kind) ?? {};
      const source = verifications > 0 ? `measured on ${verifications}` : 'as stated';
      print(`${kind}: ${seconds.toFixed(3)} core seconds each, ${source}\n`);
    }
    print(
      `${cost.coreHours.toFixed(1)} core hours a month at ${config.computeUsdPerHour} USD an hour: ${cost.usdOfWork.toFixed(2)} USD of work\n` +
        `${cost.cores} cores to stand the busiest hour (${flags.peak} times the mean, ${flags.utilisation * 100} % busy): ${cost.usdOfCores.toFixed(2)} USD a month\n`,
    );
  });
}

function parseList(text: string): Record<string, number> {
  const pairs = text.split(',').map((part) => {
    const [kind = '', value = ''] = part.split('=');
    const number = Number(value);
    if (!/^(image|video|audio|document)$/.test(kind.trim()) || !(number > 0)) {
      throw new InvalidArgumentError(
        'Expected <kind>=<number>,… with the kinds image, video, audio, document.',
      );
    }
    return [kind.trim(), number] as const;
  });
  return Object.fromEntries(pairs);
}

function parseMix(text: string): Record<string, number> {
  const mix = parseList(text);
  const sum = Object.values(mix).reduce((total, part) => total + part, 0);
  if (Math.abs(sum - 1) > 0.001) {
    throw new InvalidArgumentError(`Expected shares that add up to 1 but they add up to ${sum}.`);
  }
  return mix;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('Expected a number above 0.');
  return value;
}

function share(text: string): number {
  const value = positive(text);
  if (value >= 1) throw new InvalidArgumentError('Expected a share below 1.');
  return value;
}
