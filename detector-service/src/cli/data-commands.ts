/** `mediaguard legal-hold` and `mediaguard backup`. */
import { cp, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';

import type { Config } from '../ops/config.js';
import { lockDatabaseFolder } from '../store/folder-lock.js';
import { setLegalHold } from '../store/legal-hold.js';
import { configOf, dataOption, type StoreFlags } from './options.js';
import { print, withStore } from './with-store.js';

export function legalHoldCommand(): Command {
  return new Command('legal-hold')
    .description('keep a verification and its evidence past its time, or let it go again')
    .argument('<id>', 'the verification (ver_...)')
    .option('--reason <text>', 'why it is kept')
    .option('--clear', 'let it go when its time is up')
    .addOption(dataOption())
    .action((id: string, flags: StoreFlags & { reason?: string; clear?: boolean }) => {
      if ((flags.reason === undefined) === !flags.clear) {
        throw new InvalidArgumentError('Expected --reason <text>, or --clear.');
      }
      return hold(configOf(flags), id, flags.reason ?? null);
    });
}

export function backupCommand(): Command {
  return new Command('backup')
    .description('copy database and vault of a stopped embedded service into a new folder')
    .argument('<folder>', 'must not exist yet')
    .addOption(dataOption())
    .action((folder: string, flags: StoreFlags) => backup(configOf(flags), resolve(folder)));
}

function hold(config: Config, id: string, reason: string | null): Promise<void> {
  return withStore(config, async ({ database }) => {
    if (!(await setLegalHold(database, id, reason))) {
      throw new Error(`There is no verification ${id}.`);
    }
    print(reason === null ? `${id} goes when its time is up.\n` : `${id} is kept.\n`);
  });
}

/** While the copy is made the folder is locked, so no service can start on it. */
async function backup(config: Config, folder: string): Promise<void> {
  const { dataFolder, databaseUrl, vaultBucket } = config;
  if (databaseUrl) {
    throw new Error(
      'This backs up the embedded database. Back up a PostgreSQL server with its own tools, then the vault: its folder or its bucket.',
    );
  }
  const lock = await lockDatabaseFolder(join(dataFolder, 'database'));
  try {
    await mkdir(folder, { mode: 0o700 });
    for (const part of vaultBucket ? ['database'] : ['database', 'vault']) {
      await cp(join(dataFolder, part), join(folder, part), { recursive: true });
    }
  } finally {
    await lock.release();
  }
  if (vaultBucket) {
    print(
      `The vault is the bucket ${vaultBucket.bucket} and is not copied: keep copies of it by replication or versions of the store.\n`,
    );
  }
  print(
    `Copied to ${folder}. To restore, start the service with MEDIAGUARD_DATA on a copy of it that also has the master key, which is not in it: keep that elsewhere.\n`,
  );
}
