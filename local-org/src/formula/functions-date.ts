/** Date and time functions. TODAY and DATEVALUE of a moment follow the running user's time zone. */
import { ApexDate, ApexDatetime, ApexTime, Decimal } from '../values/values.js';
import { localDay } from '../soql/time-zone.js';
import { define, type CallContext, type FormulaFunction, type FunctionTable } from './types.js';

const DAY_MS = 86_400_000;

function dayInZone(epochMs: number, timeZone: string): ApexDate {
  return ApexDate.fromEpochDay(localDay(epochMs, timeZone));
}

function lastDay(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function makeDate(call: CallContext, year: number, month: number, day: number): ApexDate {
  const isReal = month >= 1 && month <= 12 && day >= 1 && day <= lastDay(year, month);
  if (!isReal) throw call.fail(`there is no date ${year}-${month}-${day}`);
  return new ApexDate(year, month, day);
}

/** Months later; a day past the month's end becomes its last day, and a last day stays one. */
function addMonths(date: ApexDate, months: number): ApexDate {
  const index = date.year * 12 + (date.month - 1) + months;
  const year = Math.floor(index / 12);
  const month = (((index % 12) + 12) % 12) + 1;
  const last = lastDay(year, month);
  const wasLast = date.day === lastDay(date.year, date.month);
  return new ApexDate(year, month, wasLast ? last : Math.min(date.day, last));
}

function ofDate(compute: (date: ApexDate) => number): FormulaFunction {
  return define(1, 1, (call) => {
    const date = call.date(0);
    return date === null ? null : new Decimal(compute(date));
  });
}

function ofTime(compute: (ms: number) => number): FormulaFunction {
  return define(1, 1, (call) => {
    const time = call.any(0);
    if (time === null) return null;
    if (!(time instanceof ApexTime)) throw call.fail('expected a Time');
    return new Decimal(Math.floor(compute(time.ms)));
  });
}

/** ISO 8601 year and week of a date. */
function isoWeek(date: ApexDate): { year: number; week: number } {
  const weekday = (((date.epochDay + 3) % 7) + 7) % 7;
  const thursday = ApexDate.fromEpochDay(date.epochDay - weekday + 3);
  const firstDay = new ApexDate(thursday.year, 1, 1).epochDay;
  return { year: thursday.year, week: Math.floor((thursday.epochDay - firstDay) / 7) + 1 };
}

export const DATE_FUNCTIONS: FunctionTable = {
  TODAY: define(0, 0, ({ scope }) => dayInZone(scope.now(), scope.timeZone)),
  NOW: define(0, 0, ({ scope }) => new ApexDatetime(scope.now())),
  TIMENOW: define(0, 0, ({ scope }) => new ApexTime(scope.now() % DAY_MS)),
  DATE: define(3, 3, (call) => {
    const [year, month, day] = [call.number(0), call.number(1), call.number(2)];
    if (year === null || month === null || day === null) return null;
    return makeDate(call, year.toNumber(), month.toNumber(), day.toNumber());
  }),
  DATEVALUE: define(1, 1, (call) => {
    const value = call.any(0);
    if (value === null || value === '') return null;
    if (value instanceof ApexDate) return value;
    if (value instanceof ApexDatetime) return dayInZone(value.epochMs, call.scope.timeZone);
    const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(call.text(0) ?? '');
    if (!match) throw call.fail(`DATEVALUE needs YYYY-MM-DD, got "${call.text(0) ?? ''}"`);
    return makeDate(call, Number(match[1]), Number(match[2]), Number(match[3]));
  }),
  DATETIMEVALUE: define(1, 1, (call) => {
    const value = call.any(0);
    if (value === null || value === '' || value instanceof ApexDatetime)
      return value === '' ? null : value;
    const text = call.text(0) ?? '';
    const ms = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?Z?$/.test(text)
      ? Date.parse(`${text.replace(' ', 'T').replace(/Z$/, '')}Z`)
      : NaN;
    if (Number.isNaN(ms))
      throw call.fail(`DATETIMEVALUE needs "YYYY-MM-DD HH:MM:SS", got "${text}"`);
    return new ApexDatetime(ms);
  }),
  TIMEVALUE: define(1, 1, (call) => {
    const value = call.any(0);
    if (value === null || value instanceof ApexTime) return value;
    if (value instanceof ApexDatetime) return new ApexTime(value.epochMs % DAY_MS);
    const match = /^(\d{2}):(\d{2}):(\d{2})(?:\.(\d{3}))?$/.exec(call.text(0) ?? '');
    if (!match) throw call.fail('TIMEVALUE needs "HH:MM:SS.MS"');
    const [hours, minutes, seconds, ms] = match.slice(1).map((part) => Number(part ?? 0));
    return new ApexTime(((hours! * 60 + minutes!) * 60 + seconds!) * 1000 + (ms ?? 0));
  }),
  YEAR: ofDate((date) => date.year),
  MONTH: ofDate((date) => date.month),
  DAY: ofDate((date) => date.day),
  /** 1 is Sunday. */
  WEEKDAY: ofDate((date) => ((((date.epochDay + 4) % 7) + 7) % 7) + 1),
  DAYOFYEAR: ofDate((date) => date.epochDay - new ApexDate(date.year, 1, 1).epochDay + 1),
  ISOWEEK: ofDate((date) => isoWeek(date).week),
  ISOYEAR: ofDate((date) => isoWeek(date).year),
  ADDMONTHS: define(2, 2, (call) => {
    const value = call.any(0);
    const months = call.number(1);
    if (value === null || months === null) return null;
    const shift = months.trunc().toNumber();
    if (value instanceof ApexDatetime) {
      const day = ApexDate.fromEpochDay(Math.floor(value.epochMs / DAY_MS));
      const rest = value.epochMs - day.epochDay * DAY_MS;
      return new ApexDatetime(addMonths(day, shift).epochDay * DAY_MS + rest);
    }
    const date = call.date(0);
    return date === null ? null : addMonths(date, shift);
  }),
  HOUR: ofTime((ms) => ms / 3_600_000),
  MINUTE: ofTime((ms) => (ms / 60_000) % 60),
  SECOND: ofTime((ms) => (ms / 1000) % 60),
  MILLISECOND: ofTime((ms) => ms % 1000),
  UNIXTIMESTAMP: define(1, 1, (call) => {
    const moment = call.datetime(0);
    return moment === null ? null : new Decimal(Math.floor(moment.epochMs / 1000));
  }),
  FROMUNIXTIME: define(1, 1, (call) => {
    const seconds = call.number(0);
    return seconds === null ? null : new ApexDatetime(seconds.times(1000).round().toNumber());
  }),
};
