/**
 * SOQL's relative dates (`TODAY`, `LAST_N_DAYS:30`) as ranges of days. Weeks begin on Sunday and fiscal years in January,
 * the defaults of an org.
 */
import { ApexDate } from '../values/values.js';

/** From the first day up to, not including, the second; days count from 1970-01-01. */
export interface DayRange {
  readonly from: number;
  readonly to: number;
}

const UNITS = ['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'] as const;
type Unit = (typeof UNITS)[number];

const day = (year: number, month: number, dayOfMonth = 1): number =>
  Math.floor(Date.UTC(year, month - 1, dayOfMonth) / 86_400_000);

/** First day of the unit that lies `offset` units from the one of `today`. */
function startOf(unit: Unit, today: number, offset: number): number {
  const { year, month } = ApexDate.fromEpochDay(today);
  switch (unit) {
    case 'DAY':
      return today + offset;
    case 'WEEK':
      return today - ((today + 4) % 7) + offset * 7;
    case 'MONTH':
      return day(year, month + offset);
    case 'QUARTER':
      return day(year, Math.floor((month - 1) / 3) * 3 + 1 + offset * 3);
    case 'YEAR':
      return day(year + offset, 1);
  }
}

function units(unit: Unit, today: number, first: number, last: number): DayRange {
  return { from: startOf(unit, today, first), to: startOf(unit, today, last + 1) };
}

/**
 * @param literal such as `LAST_N_DAYS:30`, in capitals
 * @param today the running user's current day
 */
export function dayRange(literal: string, today: number): DayRange | null {
  const name = literal.replace('FISCAL_', '');
  if (name === 'YESTERDAY') return units('DAY', today, -1, -1);
  if (name === 'TODAY') return units('DAY', today, 0, 0);
  if (name === 'TOMORROW') return units('DAY', today, 1, 1);
  if (name === 'LAST_90_DAYS') return units('DAY', today, -89, 0);
  if (name === 'NEXT_90_DAYS') return units('DAY', today, 1, 90);
  const relative = /^(LAST|THIS|NEXT)_(WEEK|MONTH|QUARTER|YEAR)$/.exec(name);
  if (relative) {
    const offset = { LAST: -1, THIS: 0, NEXT: 1 }[relative[1] as 'LAST' | 'THIS' | 'NEXT'];
    return units(relative[2] as Unit, today, offset, offset);
  }
  const counted = /^(?:(LAST|NEXT)_N_([A-Z]+)S|N_([A-Z]+)S_AGO):([+-]?\d+)$/.exec(name);
  if (!counted) return null;
  const unit = UNITS.find((candidate) => candidate === (counted[2] ?? counted[3]));
  const count = Number(counted[4]);
  if (!unit) return null;
  if (counted[3]) return units(unit, today, -count, -count);
  if (counted[1] === 'NEXT') return units(unit, today, 1, count);
  // "Last n days" ends with today; the other units end before the current one.
  return unit === 'DAY' ? { from: today - count, to: today + 1 } : units(unit, today, -count, -1);
}
