/** Data folders for tests. Making an empty database takes seconds, so one is made once and copied. */
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openStore } from '../../src/store/open.js';

/** A fresh data folder whose schema is up to date. The caller removes it. */
export async function freshDataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mediaguard-data-'));
  await cp(await template(), folder, { recursive: true });
  return folder;
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

async function template(): Promise<string> {
  const schema = await readFile(new URL('../../src/store/migrations.ts', import.meta.url));
  const digest = createHash('sha256').update(schema).digest('hex').slice(0, 16);
  const path = join(tmpdir(), `mediaguard-test-template-${digest}`);
  if (await exists(path)) return path;
  const making = await mkdtemp(join(tmpdir(), 'mediaguard-template-'));
  const { database } = await openStore({ dataFolder: making });
  await database.close();
  await rm(join(making, 'master.key'));
  // Whoever is first wins; the others throw theirs away.
  await rename(making, path).catch(() => rm(making, { recursive: true, force: true }));
  return path;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
