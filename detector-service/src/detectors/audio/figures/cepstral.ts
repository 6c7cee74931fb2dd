import { differencesOf, momentsOf } from './statistics.js';

/** Keeps the shares of what does not move finite. */
const LEAST = 1e-6;

/**
 * How lively the spectral envelope moves: spread of the cepstra, spread of their first and second differences as shares of it, peakedness of the first
 * differences and lopsidedness of the cepstra. Means are left out, since the mean is the microphone.
 *
 * @param cepstra one array over time a coefficient
 */
export function cepstralFigures(cepstra: readonly Float64Array[]): number[] {
  const own = cepstra.map(momentsOf);
  const first = cepstra.map((track) => momentsOf(differencesOf(track)));
  const second = cepstra.map((track) => momentsOf(differencesOf(differencesOf(track))));
  const spread = own.map(({ deviation }) => deviation + LEAST);
  const share = (deviation: number, i: number): number => deviation / (spread[i] as number);
  return [
    ...spread,
    ...first.map(({ deviation }, i) => share(deviation, i)),
    ...second.map(({ deviation }, i) => share(deviation, i)),
    ...first.map(({ kurtosis }) => kurtosis),
    ...own.map(({ skewness }) => skewness),
  ];
}

/**
 * The ripple that pitch lays over the spectrum: spread of the higher cepstra and, as a share of it, of their differences.
 *
 * @param cepstra one array over time a coefficient
 */
export function detailFigures(cepstra: readonly Float64Array[]): number[] {
  const spread = cepstra.map((track) => momentsOf(track).deviation + LEAST);
  return [
    ...spread,
    ...cepstra.map((track, i) => momentsOf(differencesOf(track)).deviation / (spread[i] as number)),
  ];
}
