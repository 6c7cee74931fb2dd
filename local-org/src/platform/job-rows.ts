/** The rows that show asynchronous work to queries: `AsyncApexJob` and `CronTrigger`. */
import type { RowStore } from '../org/contracts.js';
import { ApexDatetime, SObjectRecord } from '../values/values.js';

export type JobType = 'Queueable' | 'Future' | 'BatchApex' | 'ScheduledApex';
export type JobStatus =
  'Holding' | 'Queued' | 'Preparing' | 'Processing' | 'Completed' | 'Failed' | 'Aborted';

/** Longest `ExtendedStatus` of a job. */
const EXTENDED_STATUS_LENGTH = 1000;

export interface NewJobRow {
  readonly type: JobType;
  readonly className: string;
  readonly methodName: string | null;
  readonly userId: string;
  readonly now: number;
}

export class JobRows {
  constructor(
    private readonly rows: RowStore,
    /** Id of an Apex class by name, for `ApexClassId`; null when the org keeps no such rows. */
    private readonly classId: (className: string) => string | null,
  ) {}

  /** Must run inside a transaction, whose roll-back takes the row away. */
  addJob(job: NewJobRow): string {
    const row = new SObjectRecord('AsyncApexJob');
    row.set('JobType', job.type);
    row.set('Status', 'Queued' satisfies JobStatus);
    row.set('ApexClassId', this.classId(job.className));
    row.set('MethodName', job.methodName);
    row.set('CreatedById', job.userId);
    row.set('CreatedDate', new ApexDatetime(job.now));
    row.set('NumberOfErrors', 0);
    row.set('JobItemsProcessed', 0);
    row.set('TotalJobItems', 0);
    return this.rows.putSystemRow(row);
  }

  setJob(id: string, changes: Readonly<Record<string, string | number | ApexDatetime>>): void {
    const row = this.rows.findRow('AsyncApexJob', id);
    if (!row) return;
    for (const [field, value] of Object.entries(changes)) row.set(field, value);
    this.rows.putSystemRow(row);
  }

  finish(id: string, status: JobStatus, now: number, problem?: string): void {
    this.setJob(id, {
      Status: status,
      CompletedDate: new ApexDatetime(now),
      ...(problem === undefined
        ? {}
        : { ExtendedStatus: problem.slice(0, EXTENDED_STATUS_LENGTH), NumberOfErrors: 1 }),
    });
  }

  jobStatus(id: string): string | null {
    const status = this.rows.findRow('AsyncApexJob', id)?.get('Status');
    return typeof status === 'string' ? status : null;
  }

  addTrigger(name: string, cron: string, timeZone: string, userId: string, now: number): string {
    const detail = new SObjectRecord('CronJobDetail');
    detail.set('Name', name);
    detail.set('JobType', '7');
    const row = new SObjectRecord('CronTrigger');
    row.set('CronJobDetailId', this.rows.putSystemRow(detail));
    row.set('CronExpression', cron);
    row.set('TimeZoneSidKey', timeZone);
    row.set('OwnerId', userId);
    row.set('CreatedById', userId);
    row.set('CreatedDate', new ApexDatetime(now));
    row.set('StartTime', new ApexDatetime(now));
    row.set('State', 'WAITING');
    row.set('TimesTriggered', 0);
    return this.rows.putSystemRow(row);
  }

  /** @param next when it fires again; null when it never will, which ends it as COMPLETE */
  setNextFire(id: string, next: number | null, firedAt: number | null): void {
    const row = this.rows.findRow('CronTrigger', id);
    if (!row) return;
    row.set('NextFireTime', next === null ? null : new ApexDatetime(next));
    if (firedAt !== null) {
      row.set('PreviousFireTime', new ApexDatetime(firedAt));
      row.set('TimesTriggered', Number(row.get('TimesTriggered') ?? 0) + 1);
    }
    row.set('State', next === null ? 'COMPLETE' : 'WAITING');
    this.rows.putSystemRow(row);
  }

  deleteTrigger(id: string): boolean {
    const row = this.rows.findRow('CronTrigger', id);
    if (!row) return false;
    row.set('State', 'DELETED');
    row.set('NextFireTime', null);
    this.rows.putSystemRow(row);
    return true;
  }

  /** Name of the scheduled job that is waiting under that name already. */
  isJobNameTaken(name: string, waiting: readonly string[]): boolean {
    return waiting.some((id) => {
      const detailId = this.rows.findRow('CronTrigger', id)?.get('CronJobDetailId');
      const detail =
        typeof detailId === 'string' ? this.rows.findRow('CronJobDetail', detailId) : null;
      return detail?.get('Name') === name;
    });
  }
}
