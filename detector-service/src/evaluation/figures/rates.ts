export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** 97.5 % point of the normal distribution: both sides together leave out 5 %. */
const Z = 1.959964;

/** Wilson's 95 % interval of a share (Wilson 1927), which holds for small counts and for shares of 0 and 1. Null without items. */
export function wilsonInterval(hits: number, items: number): Interval | null {
  if (items === 0) return null;
  const share = hits / items;
  const spread = Z * Math.sqrt((share * (1 - share)) / items + (Z * Z) / (4 * items * items));
  const middle = share + (Z * Z) / (2 * items);
  const scale = 1 + (Z * Z) / items;
  return {
    low: Math.max(0, (middle - spread) / scale),
    high: Math.min(1, (middle + spread) / scale),
  };
}

/** The value below which a share `at` of the values lies, interpolated; null without values. */
export function quantile(values: readonly number[], at: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((left, right) => left - right);
  const place = at * (sorted.length - 1);
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  return below + (above - below) * (place - Math.floor(place));
}
