/** `mediaguard jobs`: looks at the queue and sends dead letters through it again. */
import { findJob, listJobs, reviveDead, type JobFilter } from '../jobs/inspect.js';
import type { Config } from '../ops/config.js';
import { print, withStore } from './with-store.js';

export function showJobs(config: Config, filter: JobFilter): Promise<void> {
  return withStore(config, async ({ database }) => {
    for (const job of await listJobs(database, filter)) {
      const queued = job.queuedAt.toISOString();
      const why = oneLine(job.heldReason ?? job.lastError ?? '');
      print(
        `${job.verificationId}\t${job.tenantId}\t${job.state}\t${job.lane}\t${job.attempts} attempts\t${queued}\t${why}\n`,
      );
    }
  });
}

export function showJob(config: Config, verificationId: string): Promise<void> {
  return withStore(config, async ({ database }) => {
    const job = await findJob(database, verificationId);
    if (!job) {
      throw new Error(
        `No job stands for ${verificationId}: it ended, or never was. List them with: npx mediaguard jobs list`,
      );
    }
    print(`${JSON.stringify(job, null, 2)}\n`);
  });
}

export function retryJobs(config: Config, verificationId: string | undefined): Promise<void> {
  return withStore(config, async ({ database }) => {
    const ids = await reviveDead(database, { verificationId });
    if (verificationId && ids.length === 0) {
      throw new Error(
        `${verificationId} is not a dead letter; list them with: npx mediaguard jobs list --state dead`,
      );
    }
    for (const id of ids) print(`Queued ${id} again.\n`);
  });
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 120);
}
