/** Date, Datetime, Time and TimeZone. */
import { ApexDate, ApexDatetime, ApexTime } from '../../values/values.js';
import { throwApex } from '../run/exceptions.js';
import { userTimeZone } from '../run/user.js';
import { formatInstant, instantOf, wallClock, zoneOffsetMinutes } from '../values/time-format.js';
import { NativeObject, type Value } from '../values/reference.js';
import { Session } from '../run/session.js';
import { asDate, asDatetime, asTime, instance, type Call } from './call.js';
import { defineType } from './registry.js';

const DAY = 86_400_000;

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function addMonths(date: ApexDate, months: number): ApexDate {
  const index = date.year * 12 + date.month - 1 + months;
  const year = Math.floor(index / 12);
  const month = (index % 12) + 1;
  return new ApexDate(year, month, Math.min(date.day, daysIn(year, month)));
}

/** A date whose parts may lie outside their ranges (month 13). */
function newDate(year: number, month: number, day: number): ApexDate {
  return ApexDate.fromEpochDay(Math.floor(Date.UTC(year, month - 1, day) / DAY));
}

function today(): ApexDate {
  const clock = wallClock(Session.current.tx.now(), userTimeZone());
  return new ApexDate(clock.year, clock.month, clock.day);
}

function parseDate(text: string): ApexDate {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:$|[ T])/.exec(text.trim());
  const [year, month, day] = (match ?? []).slice(1).map(Number);
  if (!year || !month || !day || month > 12 || day > daysIn(year, month)) {
    throwApex('TypeException', `Invalid date: ${text}`);
  }
  return new ApexDate(year, month, day);
}

function dateArgument(c: Call): Value {
  const value = c.value(0);
  if (value instanceof ApexDate) return value;
  if (value instanceof ApexDatetime) {
    const clock = wallClock(value.epochMs, userTimeZone());
    return new ApexDate(clock.year, clock.month, clock.day);
  }
  return parseDate(c.text(0));
}

defineType<ApexDate>({
  name: 'Date',
  self: asDate,
  statics: {
    'Date newInstance(Integer year, Integer month, Integer day)': (c) =>
      newDate(c.integer(0), c.integer(1), c.integer(2)),
    'Date today()': () => today(),
    'Date valueOf(Object value)': dateArgument,
    'Date parse(String text)': (c) => {
      const match = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(c.text(0).trim());
      if (!match) throwApex('TypeException', `Invalid date: ${c.text(0)}`);
      return newDate(Number(match[3]), Number(match[1]), Number(match[2]));
    },
    'Integer daysInMonth(Integer year, Integer month)': (c) => daysIn(c.integer(0), c.integer(1)),
    'Boolean isLeapYear(Integer year)': (c) => daysIn(c.integer(0), 2) === 29,
  },
  methods: {
    'Date addDays(Integer days)': (d, c) => ApexDate.fromEpochDay(d.epochDay + c.integer(0)),
    'Date addMonths(Integer months)': (d, c) => addMonths(d, c.integer(0)),
    'Date addYears(Integer years)': (d, c) => addMonths(d, c.integer(0) * 12),
    'Integer day()': (d) => d.day,
    'Integer month()': (d) => d.month,
    'Integer year()': (d) => d.year,
    'Integer dayOfYear()': (d) => d.epochDay - new ApexDate(d.year, 1, 1).epochDay + 1,
    'Integer daysBetween(Date other)': (d, c) => c.date(0).epochDay - d.epochDay,
    'Integer monthsBetween(Date other)': (d, c) =>
      (c.date(0).year - d.year) * 12 + c.date(0).month - d.month,
    'Boolean isSameDay(Date other)': (d, c) => d.epochDay === c.date(0).epochDay,
    'String format()': (d) => `${d.month}/${d.day}/${d.year}`,
    'Date toStartOfMonth()': (d) => new ApexDate(d.year, d.month, 1),
    'Date toStartOfWeek()': (d) => ApexDate.fromEpochDay(d.epochDay - ((d.epochDay + 4) % 7)),
  },
});

/** Six numbers, or a Date and a Time, as an instant in a time zone. */
function newDatetime(c: Call, zone: string): ApexDatetime {
  const first = c.value(0);
  if (typeof first === 'bigint') return new ApexDatetime(Number(first));
  if (first instanceof ApexDate) {
    const time = asTime(c.value(1)).ms;
    return new ApexDatetime(instantOf(zone, first.year, first.month, first.day, 0, 0, 0) + time);
  }
  if (c.count === 1) return new ApexDatetime(c.integer(0));
  const part = (i: number): number => (c.count > i ? c.integer(i) : 0);
  return new ApexDatetime(
    instantOf(zone, c.integer(0), c.integer(1), c.integer(2), part(3), part(4), part(5)),
  );
}

/** `2026-11-22 10:00:00` in a zone. */
function parseDatetime(text: string, zone: string): ApexDatetime {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2}))?/.exec(
    text.trim(),
  );
  if (!match) throwApex('TypeException', `Invalid date/time: ${text}`);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((n) => Number(n ?? 0));
  return new ApexDatetime(instantOf(zone, year, month, day, hour, minute, second));
}

function localDate(value: ApexDatetime, zone: string): ApexDate {
  const clock = wallClock(value.epochMs, zone);
  return new ApexDate(clock.year, clock.month, clock.day);
}

/** Moves by calendar months on the wall clock of Greenwich. */
function shiftMonths(value: ApexDatetime, months: number): ApexDatetime {
  const date = addMonths(localDate(value, 'GMT'), months);
  return new ApexDatetime(date.epochDay * DAY + (((value.epochMs % DAY) + DAY) % DAY));
}

const plus =
  (unit: number) =>
  (d: ApexDatetime, c: Call): Value =>
    new ApexDatetime(d.epochMs + c.integer(0) * unit);

const SIGNATURE =
  '(Object yearOrDate, Object monthOrTime?, Integer day?, Integer hour?, Integer minute?, Integer second?)';

defineType<ApexDatetime>({
  name: 'Datetime',
  self: asDatetime,
  statics: {
    'Datetime now()': (c) => new ApexDatetime(c.session.tx.now()),
    [`Datetime newInstance${SIGNATURE}`]: (c) => newDatetime(c, userTimeZone()),
    [`Datetime newInstanceGmt${SIGNATURE}`]: (c) => newDatetime(c, 'GMT'),
    'Datetime valueOf(Object value)': (c) =>
      c.value(0) instanceof ApexDatetime ? c.value(0) : parseDatetime(c.text(0), userTimeZone()),
    'Datetime valueOfGmt(String text)': (c) => parseDatetime(c.text(0), 'GMT'),
  },
  methods: {
    'Datetime addDays(Integer n)': plus(DAY),
    'Datetime addHours(Integer n)': plus(3_600_000),
    'Datetime addMinutes(Integer n)': plus(60_000),
    'Datetime addSeconds(Integer n)': plus(1000),
    'Datetime addMonths(Integer n)': (d, c) => shiftMonths(d, c.integer(0)),
    'Datetime addYears(Integer n)': (d, c) => shiftMonths(d, c.integer(0) * 12),
    'Date date()': (d) => localDate(d, userTimeZone()),
    'Date dateGmt()': (d) => localDate(d, 'GMT'),
    'Time time()': (d) =>
      new ApexTime(
        (((d.epochMs + zoneOffsetMinutes(d.epochMs, userTimeZone()) * 60_000) % DAY) + DAY) % DAY,
      ),
    'Time timeGmt()': (d) => new ApexTime(((d.epochMs % DAY) + DAY) % DAY),
    'Long getTime()': (d) => BigInt(d.epochMs),
    'String format(String pattern?, String zone?)': (d, c) =>
      formatInstant(
        d.epochMs,
        c.textOrNull(0) ?? 'M/d/yyyy, h:mm a',
        c.textOrNull(1) ?? userTimeZone(),
      ),
    'String formatGmt(String pattern)': (d, c) => formatInstant(d.epochMs, c.text(0), 'GMT'),
    'String formatLong()': (d) => formatInstant(d.epochMs, 'M/d/yyyy, h:mm:ss a z', userTimeZone()),
    'Boolean isSameDay(Datetime other)': (d, c) =>
      localDate(d, userTimeZone()).epochDay === localDate(c.datetime(0), userTimeZone()).epochDay,
    ...clockParts(),
  },
});

/** `year()`, `yearGmt()` and so on. */
function clockParts(): Record<string, (d: ApexDatetime) => Value> {
  const parts: Record<string, (d: ApexDatetime) => Value> = {};
  const names = {
    year: 'year',
    month: 'month',
    day: 'day',
    hour: 'hour',
    minute: 'minute',
    second: 'second',
    millisecond: 'ms',
  } as const;
  for (const [name, part] of Object.entries(names)) {
    parts[`Integer ${name}()`] = (d) => wallClock(d.epochMs, userTimeZone())[part];
    parts[`Integer ${name}Gmt()`] = (d) => wallClock(d.epochMs, 'GMT')[part];
  }
  parts['Integer dayOfYear()'] = (d) => {
    const date = localDate(d, userTimeZone());
    return date.epochDay - new ApexDate(date.year, 1, 1).epochDay + 1;
  };
  return parts;
}

const wrap = (ms: number): ApexTime => new ApexTime(((ms % DAY) + DAY) % DAY);

defineType<ApexTime>({
  name: 'Time',
  self: asTime,
  statics: {
    'Time newInstance(Integer hour, Integer minute, Integer second, Integer ms)': (c) =>
      wrap(c.integer(0) * 3_600_000 + c.integer(1) * 60_000 + c.integer(2) * 1000 + c.integer(3)),
  },
  methods: {
    'Integer hour()': (t) => Math.floor(t.ms / 3_600_000),
    'Integer minute()': (t) => Math.floor(t.ms / 60_000) % 60,
    'Integer second()': (t) => Math.floor(t.ms / 1000) % 60,
    'Integer millisecond()': (t) => t.ms % 1000,
    'Time addHours(Integer n)': (t, c) => wrap(t.ms + c.integer(0) * 3_600_000),
    'Time addMinutes(Integer n)': (t, c) => wrap(t.ms + c.integer(0) * 60_000),
    'Time addSeconds(Integer n)': (t, c) => wrap(t.ms + c.integer(0) * 1000),
    'Time addMilliseconds(Integer n)': (t, c) => wrap(t.ms + c.integer(0)),
  },
});

export class TimeZoneValue extends NativeObject {
  readonly text: string;

  constructor(readonly id: string) {
    super('TimeZone');
    this.text = id;
  }
}

defineType<TimeZoneValue>({
  name: 'TimeZone',
  self: instance(TimeZoneValue, 'TimeZone'),
  statics: { 'TimeZone getTimeZone(String id)': (c) => new TimeZoneValue(c.text(0)) },
  methods: {
    'String getID()': (z) => z.id,
    'String getDisplayName()': (z) => z.id,
    'Integer getOffset(Datetime at)': (z, c) =>
      zoneOffsetMinutes(c.datetime(0).epochMs, z.id) * 60_000,
  },
});
