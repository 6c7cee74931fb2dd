/**
 * Salesforce schedules: `Seconds Minutes Hours Day_of_month Month Day_of_week [Year]`, where 1 is Sunday and exactly one
 * of the two day fields is `?`. The times are worked out by croner, which reads the same Quartz forms (`L W #`) but wants
 * `0-59/15` where Salesforce also allows `0/15`.
 */
import { Cron } from 'croner';
import { PlatformError } from '../org/contracts.js';

/** The greatest value of each field, seconds first. */
const LAST_VALUES = [59, 59, 23, 31, 12, 7, 2099] as const;

function refuse(expression: string, reason: string): PlatformError {
  return new PlatformError(
    'INVALID_CRON_EXPRESSION',
    `Invalid cron expression "${expression}": ${reason}`,
    'AsyncException',
  );
}

export class Schedule {
  private readonly cron: Cron;

  /** @param timeZone IANA name of the scheduling user's time zone */
  constructor(
    readonly expression: string,
    readonly timeZone: string,
  ) {
    const fields = expression.trim().split(/\s+/);
    if (fields.length !== 6 && fields.length !== 7) {
      throw refuse(expression, `expected 6 or 7 fields, got ${fields.length}`);
    }
    if (!/^\d{1,2}$/.test(fields[0]!)) {
      throw refuse(
        expression,
        'the seconds must be one number, the platform offers no range there',
      );
    }
    if ((fields[3] === '?') === (fields[5] === '?')) {
      throw refuse(expression, 'exactly one of day of month and day of week must be ?');
    }
    const adapted = fields.map((field, index) => widenStep(field, index));
    try {
      this.cron = new Cron(adapted.join(' '), {
        paused: true,
        timezone: timeZone,
        alternativeWeekdays: true,
      });
    } catch (error) {
      throw refuse(expression, error instanceof Error ? error.message : String(error));
    }
  }

  /** Epoch milliseconds of the first time after `afterMs`, or null when there is none. */
  next(afterMs: number): number | null {
    return this.cron.nextRun(new Date(afterMs))?.getTime() ?? null;
  }
}

/** `5/15` starts at 5 and steps to the field's end. */
function widenStep(field: string, index: number): string {
  return field.replace(/(^|,)(\d+)\/(\d+)/g, `$1$2-${LAST_VALUES[index] ?? ''}/$3`);
}
