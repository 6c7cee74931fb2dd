/** Calendar days of a time zone, by the platform's own zone data. */

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timeZone: string): Intl.DateTimeFormat {
  let found = formatters.get(timeZone);
  if (!found) {
    found = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(timeZone, found);
  }
  return found;
}

/** An instant's wall-clock time in the zone, as if it were UTC. */
export function toLocalMs(epochMs: number, timeZone: string): number {
  if (timeZone === 'GMT' || timeZone === 'UTC') return epochMs;
  const part: Record<string, number> = {};
  for (const { type, value } of formatter(timeZone).formatToParts(epochMs))
    part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((epochMs % 1000) + 1000) % 1000);
}

/** The day of an instant in the zone, counted from 1970-01-01. */
export function localDay(epochMs: number, timeZone: string): number {
  return Math.floor(toLocalMs(epochMs, timeZone) / 86_400_000);
}

/** The instant a day begins in the zone. */
export function startOfDay(epochDay: number, timeZone: string): number {
  const wall = epochDay * 86_400_000;
  let instant = wall - (toLocalMs(wall, timeZone) - wall);
  // Once more, for days on which the offset changes.
  instant = wall - (toLocalMs(instant, timeZone) - instant);
  return instant;
}
