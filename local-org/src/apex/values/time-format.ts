/** Dates as text by Java's `SimpleDateFormat` patterns, in a time zone. */
import { UnsupportedError } from '../../org/contracts.js';

/** The wall clock in a time zone. */
export interface WallClock {
  readonly year: number;
  /** 1..12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
  /** Minutes east of Greenwich. */
  readonly offset: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Throws a `RangeError` for a time zone nobody knows. */
function formatter(zone: string): Intl.DateTimeFormat {
  let known = formatters.get(zone);
  if (!known) {
    known = new Intl.DateTimeFormat('en-US', {
      timeZone: zone === 'GMT' ? 'UTC' : zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    });
    formatters.set(zone, known);
  }
  return known;
}

export function wallClock(epochMs: number, zone: string): WallClock {
  const offset = zoneOffsetMinutes(epochMs, zone);
  const local = new Date(epochMs + offset * 60_000);
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    ms: local.getUTCMilliseconds(),
    offset,
  };
}

/** Minutes east of Greenwich at an instant. */
export function zoneOffsetMinutes(epochMs: number, zone: string): number {
  if (zone === 'GMT' || zone === 'UTC') return 0;
  const parts = new Map(
    formatter(zone)
      .formatToParts(epochMs)
      .map((p) => [p.type, p.value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const asUtc = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return Math.round((asUtc - Math.floor(epochMs / 1000) * 1000) / 60_000);
}

/** The instant of a wall clock time in a zone. */
export function instantOf(
  zone: string,
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  ms = 0,
): number {
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  const first = asUtc - zoneOffsetMinutes(asUtc, zone) * 60_000;
  return asUtc - zoneOffsetMinutes(first, zone) * 60_000;
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export function formatInstant(epochMs: number, pattern: string, zone: string): string {
  const clock = wallClock(epochMs, zone);
  return pattern.replace(/'((?:[^']|'')*)'|([a-zA-Z])\2*/g, (match, quoted: string | undefined) => {
    if (match === "''") return "'";
    if (quoted !== undefined) return quoted.replace(/''/g, "'");
    return formatToken(match, clock, zone);
  });
}

function formatToken(token: string, clock: WallClock, zone: string): string {
  const pad = (value: number, width = token.length): string => String(value).padStart(width, '0');
  const weekday = new Date(Date.UTC(clock.year, clock.month - 1, clock.day)).getUTCDay();
  switch (token[0]) {
    case 'y':
    case 'Y':
      return token.length === 2 ? pad(clock.year % 100, 2) : pad(clock.year);
    case 'M':
    case 'L': {
      const name = MONTHS[clock.month - 1] ?? '';
      return token.length >= 4 ? name : token.length === 3 ? name.slice(0, 3) : pad(clock.month);
    }
    case 'd':
      return pad(clock.day);
    case 'D':
      return pad(dayOfYear(clock));
    case 'E': {
      const name = DAYS[weekday] ?? '';
      return token.length >= 4 ? name : name.slice(0, 3);
    }
    case 'u':
      return pad(weekday === 0 ? 7 : weekday);
    case 'a':
      return clock.hour < 12 ? 'AM' : 'PM';
    case 'H':
      return pad(clock.hour);
    case 'k':
      return pad(clock.hour === 0 ? 24 : clock.hour);
    case 'K':
      return pad(clock.hour % 12);
    case 'h':
      return pad(clock.hour % 12 === 0 ? 12 : clock.hour % 12);
    case 'm':
      return pad(clock.minute);
    case 's':
      return pad(clock.second);
    case 'S':
      return pad(clock.ms);
    case 'Z':
      return offsetText(clock.offset, '');
    case 'X':
      return clock.offset === 0 ? 'Z' : offsetText(clock.offset, token.length >= 3 ? ':' : '');
    case 'z':
      return zone === 'UTC' ? 'GMT' : zone;
    default:
      throw new UnsupportedError(`Date pattern letter '${token[0] ?? ''}'`, 'Datetime.format');
  }
}

function dayOfYear(clock: WallClock): number {
  return (
    (Date.UTC(clock.year, clock.month - 1, clock.day) - Date.UTC(clock.year, 0, 1)) / 86_400_000 + 1
  );
}

function offsetText(minutes: number, separator: string): string {
  const size = Math.abs(minutes);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${separator}${two(size % 60)}`;
}
