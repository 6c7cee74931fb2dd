/** How far what comes in now is from what came in before. Pure. */

/** Values of one thing, such as scores, at two times. */
export interface Shift {
  /** Population stability index over tenths of the reference. */
  readonly psi: number;
  /** Largest distance between the two distributions, 0..1 (Kolmogorov and Smirnov). */
  readonly ks: number;
}

/** Above it a stability index is commonly called a shift (Siddiqi 2006). */
export const SHIFTED_PSI = 0.25;

const BINS = 10;

/** Null where either has no values. */
export function numericShift(
  reference: readonly number[],
  present: readonly number[],
): Shift | null {
  if (reference.length === 0 || present.length === 0) return null;
  const sorted = [...reference].sort((left, right) => left - right);
  const edges = Array.from(
    { length: BINS - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / BINS)] as number,
  );
  const binOf = (value: number): string => String(edges.filter((edge) => value >= edge).length);
  return {
    psi: stabilityIndex(reference.map(binOf), present.map(binOf)),
    ks: largestDistance(
      sorted,
      [...present].sort((left, right) => left - right),
    ),
  };
}

/** The stability index of categories, such as media types. A half is added to each count, so that an empty one is no infinity. */
export function stabilityIndex(reference: readonly string[], present: readonly string[]): number {
  const names = new Set([...reference, ...present]);
  const shareOf = (values: readonly string[], name: string): number =>
    (values.filter((value) => value === name).length + 0.5) / (values.length + names.size / 2);
  let index = 0;
  for (const name of names) {
    const [before, now] = [shareOf(reference, name), shareOf(present, name)];
    index += (now - before) * Math.log(now / before);
  }
  return index;
}

/** Both in rising order. */
function largestDistance(first: readonly number[], second: readonly number[]): number {
  let [i, j, largest] = [0, 0, 0];
  while (i < first.length && j < second.length) {
    const value = Math.min(first[i] as number, second[j] as number);
    while (i < first.length && (first[i] as number) <= value) i += 1;
    while (j < second.length && (second[j] as number) <= value) j += 1;
    largest = Math.max(largest, Math.abs(i / first.length - j / second.length));
  }
  return largest;
}
