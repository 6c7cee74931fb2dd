/** What a verification cost, in millionths of a US dollar. */

const MS_PER_HOUR = 3_600_000;
const MICROS_PER_DOLLAR = 1_000_000;

/** The share of a machine's hourly price that the work took; rounded up, so that work is never free. */
export function computeCostMicros(totalMs: number, usdPerHour: number): number {
  return Math.ceil((totalMs / MS_PER_HOUR) * usdPerHour * MICROS_PER_DOLLAR);
}
