import { Command, InvalidArgumentError, Option } from 'commander';

import { JOB_STATES, type JobState } from '../jobs/queue.js';
import { retryJobs, showJob, showJobs } from './jobs.js';
import { configOf, dataOption, wholeNumber, type StoreFlags } from './options.js';

export function jobsCommand(): Command {
  const jobs = new Command('jobs').description('look at the queue, and run dead letters again');
  jobs
    .command('list')
    .description('show jobs, the oldest first')
    .addOption(new Option('--state <state>', 'only these').choices(JOB_STATES))
    .option('--tenant <id>', "only this tenant's")
    .option('--limit <number>', 'at most so many', wholeNumber(1, 1_000_000), 100)
    .addOption(dataOption())
    .action((flags: StoreFlags & { state?: JobState; tenant?: string; limit: number }) =>
      showJobs(configOf(flags), {
        state: flags.state,
        tenantId: flags.tenant,
        limit: flags.limit,
      }),
    );
  jobs
    .command('show')
    .description('everything known of one job, as JSON')
    .argument('<id>', "its verification's id (ver_...)")
    .addOption(dataOption())
    .action((id: string, flags: StoreFlags) => showJob(configOf(flags), id));
  jobs
    .command('retry')
    .description('queue dead letters again')
    .argument('[id]', "one verification's id (ver_...)")
    .option('--all', 'every dead letter')
    .addOption(dataOption())
    .action((id: string | undefined, flags: StoreFlags & { all?: boolean }) => {
      if ((id === undefined) === !flags.all) {
        throw new InvalidArgumentError('Expected the id of a verification, or --all.');
      }
      return retryJobs(configOf(flags), id);
    });
  return jobs;
}
