/** Forgets: verifications past their time with their evidence, and vault files that nothing refers to. Then the database is tidied up. */
import { errorFields, type Log } from '../ops/log.js';
import type { Database } from '../store/database.js';
import type { Vault } from '../store/vault.js';

const SWEEP_EVERY_MS = 60 * 60_000;
/** A file is written before the row that names it is committed, and a large one takes its time: until then it is not yet an orphan. */
const ORPHAN_AGE_MS = 60 * 60_000;
const WORK_AGE_MS = 2 * 60 * 60_000;
const BATCH = 500;

export interface RetentionParts {
  readonly database: Database;
  readonly vault: Vault;
  readonly log: Log;
  readonly retentionDays: number;
}

/** Sweeps and tidies up at start and every hour until stopped. */
export function startRetention(parts: RetentionParts): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const note = (error: unknown): void => {
    parts.log.error({ event: 'retention.failed', ...errorFields(error) });
  };
  // A vault out of reach must not keep the database from being tidied up.
  const run = (): void => {
    running = running
      .then(() => sweep(parts))
      .catch(note)
      .then(() => parts.database.tidy())
      .catch(note);
  };
  run();
  const timer = setInterval(run, SWEEP_EVERY_MS);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
      return running;
    },
  };
}

/** One pass. Work that has not ended is never forgotten. */
export async function sweep(parts: RetentionParts, now = new Date()): Promise<void> {
  const verifications = await forgetVerifications(parts);
  // No attempt lasts as long as this, so whatever is older was left by a process that was killed.
  await parts.vault.clearWorkFolder(new Date(now.getTime() - WORK_AGE_MS));
  const orphansBefore = new Date(now.getTime() - ORPHAN_AGE_MS);
  const files =
    (await parts.vault.removeUnfinished(orphansBefore)) +
    (await removeOrphans(parts, orphansBefore));
  if (verifications + files > 0) {
    parts.log.info({ event: 'retention.swept', verifications, files });
  }
}

async function forgetVerifications({ database, retentionDays }: RetentionParts): Promise<number> {
  const forgotten = await database.query(
    `delete from verification
     where status in ('complete', 'failed') and legal_hold is null and completed_at < now() - $1 * interval '1 day'
     returning id`,
    [retentionDays],
  );
  return forgotten.length;
}

async function removeOrphans({ database, vault }: RetentionParts, before: Date): Promise<number> {
  let removed = 0;
  let batch: string[] = [];
  const flush = async (): Promise<void> => {
    const referred = await database.query<{ blob_id: string }>(
      `select blob_id from verification where blob_id = any($1)
       union select blob_id from evidence where blob_id = any($1)
       union select blob_id from model_version where blob_id = any($1)`,
      [batch],
    );
    const kept = new Set(referred.map((row) => row.blob_id));
    for (const id of batch.filter((candidate) => !kept.has(candidate))) {
      await vault.remove(id);
      removed += 1;
    }
    batch = [];
  };
  for await (const id of vault.olderThan(before)) {
    batch.push(id);
    if (batch.length === BATCH) await flush();
  }
  if (batch.length > 0) await flush();
  return removed;
}
