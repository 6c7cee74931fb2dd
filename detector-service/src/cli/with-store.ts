import type { Config } from '../ops/config.js';
import { openStore, type Store } from '../store/open.js';

/** Opens the store for one command. An embedded one must not be in use by a running service. */
export async function withStore<Result>(
  config: Config,
  work: (store: Store) => Promise<Result>,
): Promise<Result> {
  const store = await openStore(config);
  try {
    return await work(store);
  } finally {
    await store.database.close();
  }
}

export function print(text: string): void {
  process.stdout.write(text);
}
