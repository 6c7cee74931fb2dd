/** Opens everything the service keeps: database, vault and the keys to both. */
import type { Config } from '../ops/config.js';
import { ApiKeys } from './api-keys.js';
import { openBlobs } from './blobs/open-blobs.js';
import { openDatabase, type Database } from './database.js';
import { loadMasterKey, type MasterKey } from './master-key.js';
import { migrate } from './migrations.js';
import { Vault } from './vault.js';

export interface Store {
  readonly database: Database;
  readonly vault: Vault;
  readonly masterKey: MasterKey;
  readonly apiKeys: ApiKeys;
}

/** The schema is brought up to date; the caller closes the database. */
export async function openStore(
  config: Pick<Config, 'dataFolder' | 'databaseUrl' | 'masterKey' | 'vaultBucket'>,
): Promise<Store> {
  const masterKey = await loadMasterKey(config.dataFolder, config.masterKey);
  const vault = await Vault.open(config.dataFolder, await openBlobs(config), masterKey);
  const database = await openDatabase(config);
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return { database, vault, masterKey, apiKeys: new ApiKeys(database) };
}
