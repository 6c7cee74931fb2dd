import type { Plane } from './plane.js';

/** Share of the variance that two levels of brightness explain, from which a region counts as ink on paper; natural texture mostly stays below. */
const LEAST_SEPARATION = 0.77;
/** Ink covers less of a line of print than paper does. */
const MOST_INK = 0.3;

/**
 * Whether a region looks like print, dark on light. Letters and words occur many times in one document, to the pixel, by nature.
 *
 * @param mask places of the region hold `side`
 */
export function isPrint({ data }: Plane, mask: Uint8Array, side: number): boolean {
  const histogram = new Float64Array(256);
  let total = 0;
  for (let i = 0; i < mask.length; i += 1) {
    if (mask[i] !== side) continue;
    const level = Math.min(255, Math.max(0, Math.round(data[i] as number)));
    histogram[level] = (histogram[level] as number) + 1;
    total += 1;
  }
  const { separation, dark } = split(histogram, total);
  return separation >= LEAST_SEPARATION && dark <= MOST_INK;
}

/** The best division of a histogram into dark and light (Otsu 1979): how much of the variance it explains, and the share of the dark part. */
function split(histogram: Float64Array, total: number): { separation: number; dark: number } {
  let sum = 0;
  let squares = 0;
  histogram.forEach((count, level) => {
    sum += count * level;
    squares += count * level * level;
  });
  const mean = sum / total;
  const variance = squares / total - mean * mean;
  let best = 0;
  let dark = 0;
  let share = 0;
  let below = 0;
  histogram.forEach((count, level) => {
    share += count / total;
    below += (count * level) / total;
    if (share <= 0 || share >= 1) return;
    const between = (mean * share - below) ** 2 / (share * (1 - share));
    if (between > best) [best, dark] = [between, share];
  });
  return { separation: variance > 0 ? best / variance : 0, dark };
}
