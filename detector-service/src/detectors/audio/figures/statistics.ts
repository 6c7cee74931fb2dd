/** Moments and quantiles as numpy and scipy give them by default: of the population, kurtosis less three, quantiles linear between neighbours. */

export interface Moments {
  readonly mean: number;
  readonly deviation: number;
  /** NaN where nothing varies. */
  readonly skewness: number;
  readonly kurtosis: number;
}

export function momentsOf(values: Float64Array): Moments {
  const { length } = values;
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / length;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (const value of values) {
    const from = value - mean;
    const square = from * from;
    second += square;
    third += square * from;
    fourth += square * square;
  }
  const variance = second / length;
  return {
    mean,
    deviation: Math.sqrt(variance),
    skewness: third / length / variance ** 1.5,
    kurtosis: fourth / length / variance ** 2 - 3,
  };
}

/** @param share 0..1 */
export function quantileOf(values: Float64Array, share: number): number {
  const sorted = Float64Array.from(values).sort();
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const below = sorted[low] as number;
  return below + ((sorted[low + 1] ?? below) - below) * (place - low);
}

/** Differences of neighbours, one value fewer. */
export function differencesOf(values: Float64Array): Float64Array {
  const differences = new Float64Array(Math.max(0, values.length - 1));
  for (let i = 0; i < differences.length; i += 1) {
    differences[i] = (values[i + 1] as number) - (values[i] as number);
  }
  return differences;
}
